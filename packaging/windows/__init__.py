"""The file tree that Windows gets, put together on any machine."""
