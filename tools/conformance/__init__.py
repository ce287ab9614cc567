"""The MUSTs of ``docs/sync-protocol.md``, as far as the wire shows them, asked of any server; ``table`` says what not."""
