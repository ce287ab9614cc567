"""The wire between a desk and the province: messages, frames, hashes, signatures. Both sides share it.

Nothing here knows a database, a file or a socket. ``docs/sync-protocol.md`` holds the numbered MUSTs.
"""
