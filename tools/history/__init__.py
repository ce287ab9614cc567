"""What clients of a server saw, and whether one stream in one order explains it (a check as Jepsen makes it)."""
