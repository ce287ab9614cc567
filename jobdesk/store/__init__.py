"""The cellar with the only key to the database."""
