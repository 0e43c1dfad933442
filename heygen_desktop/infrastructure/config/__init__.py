"""Setting values from outside the database: file, process variables, command line."""
