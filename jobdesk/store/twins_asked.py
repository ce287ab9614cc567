"""One matter counts once: a double that one station has asked the other to merge waits as that request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from jobdesk.store import reads, sync_facts, sync_moves, sync_scope
from jobdesk.store.log import Connection

ENDS = ("transfer_accept", "transfer_refuse", "transfer_withdraw", "transfer_over")
"""Kinds of notices that end a request."""
OWN_COPY = "own-"
"""Before the id of a request: the word that tells this station of its own."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A request or an answer to one, as a notice tells it."""

    id: str
    kind: str
    subjects: frozenset[str]
    sender: str
    answers: str
    is_seen: bool
    more: Mapping[str, Any]

    @property
    def asked(self) -> str:
        return self.id.removeprefix(OWN_COPY)

    def is_about(self, own: str, far: str) -> bool:
        return bool(self.subjects & {own, far}) and self.more.get("into") in (own, far)


def asked_twins(con: Connection) -> frozenset[str]:
    """Notices of doubles that nobody has decided, and that wait as something else: as a request of this
    station for the other's answer, as the other's request or answer in 转入 and 转出.
    """
    rows = con.execute("SELECT id, subjects FROM notice WHERE kind = 'duplicate' AND seen_ms = 0").fetchall()
    pairs = {i: tuple(json.loads(subjects)) for i, subjects in rows}
    if not pairs:
        return frozenset()
    words, requests = _words(con), [a for a in sync_moves.asks(con) if a.step == "request"]
    ours, ended = {a.id for a in requests}, {w.answers for w in words if w.kind in ENDS}
    asking = [w for w in words if w.kind == "transfer_request"]
    own_station = sync_facts.get(con, "station")

    def is_asked(pair: tuple[str, ...]) -> bool:
        if len(pair) != 2:
            return False
        own, far = pair
        asked = {a.id for a in requests if far in a.subjects}
        if any(a.id in asked and not a.done_ms for a in requests):
            return True
        asked |= {w.asked for w in asking if w.is_about(own, far)}
        if any(not w.is_seen and (w.id in asked or w.answers in asked) for w in words):
            return True
        return any(
            w.sender == own_station and w.asked in asked and w.asked not in ours | ended
            and not is_over(con, w.more.get("target") == own_station, w.subjects)
            for w in asking
        )  # fmt: skip

    return frozenset(i for i, pair in pairs.items() if is_asked(pair))


def is_over(con: Connection, takes: bool, subjects: frozenset[str]) -> bool:
    """Whether what a request of this station asked for is so by now; ``takes``: that they come here."""
    away = [s for s in subjects if sync_scope.is_away(con, s) is not None]
    if not takes:
        return len(away) == len(subjects)
    return not away and all(reads.root_kind(con, s) for s in subjects)


def _words(con: Connection) -> list[_Word]:
    kinds = ("transfer_request", *ENDS)
    rows = con.execute(
        "SELECT id, kind, subjects, sender, answers, seen_ms, more FROM notice "
        f"WHERE kind IN ({','.join('?' * len(kinds))})",
        kinds,
    ).fetchall()
    return [
        _Word(i, kind, frozenset(json.loads(subjects)), sender or "", answers or "", seen_ms > 0,
              cast("dict[str, Any]", json.loads(more)) if more else {})
        for i, kind, subjects, sender, answers, seen_ms, more in rows
    ]  # fmt: skip
