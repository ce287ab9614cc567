"""Import: from a file to typed rows with problems, then to operations.

The reading half needs no store: ``files`` → ``tables`` → ``columns`` → ``rows``.
"""
