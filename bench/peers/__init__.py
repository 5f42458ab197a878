"""The systems that the archive's search is measured beside: PostgreSQL full text, and Datasette on SQLite FTS5."""
