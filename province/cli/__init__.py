"""The command line of whoever runs the server."""
