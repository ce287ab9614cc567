"""Who is looked for in the lists and moved away: found before anybody registers the person anew."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases.masking import mask_name
from jobdesk.services.desk import Desk
from jobdesk.services.moving.reading import Away, away
from jobdesk.store import reads, sync_scope
from jobdesk.store.log import Connection

MOST = 5
"""Shown at once (own figure)."""
_LEAST = 2


def find_away(desk: Desk, words: str) -> Future[list[Away]]:
    """Those whose name, ID number or phone is so, newest first; of whom only surname and stars are left here
    those whose mask is that of the name, or whose compound surname is so.
    """
    return desk.read(lambda con: _found(con, words.strip()))


def _found(con: Connection, words: str) -> list[Away]:
    if len(words) < _LEAST:
        return []
    found: list[Away] = []
    for stub in sync_scope.stubs(con):
        if stub.kind == "case" and not stub.with_stream and _is_so(con, stub, words):
            one = away(con, stub.id)
            found += [one] if one is not None else []
            if len(found) == MOST:
                break
    return found


def _is_so(con: Connection, stub: sync_scope.Stub, words: str) -> bool:
    if stub.blanked:
        of_before = words[:1] + "*" * (len(words) - 1)  # older programs left one character of every name
        return bool(stub.name) and (
            stub.name in (mask_name(words), of_before) or stub.name.rstrip("*") == words
        )
    root = reads.case_state(con, stub.id).root
    said = (root.text("name"), root.text("id_number"), root.text("phone"))
    return any(words.casefold() in value.casefold() for value in said if value)
