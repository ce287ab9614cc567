"""Programs of two versions side by side: the newer one writes what the older one cannot read.

What a release would bring as files is brought here as numbers: the schema that is written, the version that the
exchange tells, what reading a line and the server's judgement know. Everybody is of the newer one in the end.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from jobdesk.cases.codec import assembled
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import Op
from jobdesk.store import log, taking_in
from jobdesk.sync import engine
from province import quarantine, reading
from tools.sim.server import Server

OLDER, NEWER = 1, 2
_desk: Any = engine
_now = [OLDER]


def _assembled(head: Sequence[object], salt: str, body: str | None, spelled: bytes = b"") -> Op:
    op = assembled(head, salt, body, spelled)
    if op.schema > _now[0]:
        raise BadInput("op_unreadable")
    return op


def _is(version: int) -> None:
    _now[0] = version
    log.SCHEMA = version  # type: ignore[misc]
    _desk.__version__ = f"{version}.0"


@contextmanager
def program(version: int) -> Generator[None]:
    """What runs inside is a desk's program of this version."""
    taking_in.assembled = _assembled
    before = _now[0]
    _is(version)
    try:
        yield
    finally:
        _is(before)


def server_is(version: int) -> None:
    """All processes of the server are of this version."""
    reading.SCHEMA = version  # type: ignore[misc]


def upgrade_server(server: Server) -> None:
    """The newer program, and what waited for it is asked again (M-4.10)."""
    server_is(NEWER)
    quarantine.ask_again(server.db, server.one.me().person_secret, server.clock.now_ms())
