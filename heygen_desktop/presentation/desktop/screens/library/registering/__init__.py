"""The sheet on which files are looked at before they are registered."""
