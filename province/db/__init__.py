"""The server's database: PostgreSQL, or the embedded SQLite of a first try."""
