"""One file per change of the schema, named after its revision; never edited once released."""
