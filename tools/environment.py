"""What a server of our own gets from the shell: all but another server's settings."""

from __future__ import annotations

import os

SETTINGS = "JOBDESK_PROVINCE_"


def without_a_server() -> dict[str, str]:
    """A shell that has read the environment of a running server names its database, also as the owner's: what is
    started here would migrate that one.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
