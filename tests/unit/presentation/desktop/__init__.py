"""The window without Qt: presenters, wording, tokens."""
