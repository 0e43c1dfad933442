"""The database of a home: one SQLite file; SQLAlchemy and Alembic stay in this folder."""
