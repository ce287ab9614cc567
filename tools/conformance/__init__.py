"""Every MUST of ``docs/sync-protocol.md`` that can be seen over the wire, asked of any server."""
