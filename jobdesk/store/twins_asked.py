"""One matter counts once: a double that one station has asked the other to merge waits as that request."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from jobdesk.store import reads, sync_facts, sync_moves, sync_scope
from jobdesk.store.log import Connection

ENDS = ("transfer_accept", "transfer_refuse", "transfer_withdraw", "transfer_over")
"""Kinds of notices that end a request."""
OWN_COPY = "own-"
"""Before the id of a request: the word that tells this station of its own."""
_About = tuple[str, str]
"""Somebody a request is about, and the file that he shall be merged into."""


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


def asked_twins(con: Connection) -> frozenset[str]:
    """Notices of doubles that nobody has decided, and that wait as something else: as a request of this
    station for the other's answer, as the other's request or answer in 转入 and 转出.
    """
    rows = con.execute("SELECT id, subjects FROM notice WHERE kind = 'duplicate' AND seen_ms = 0").fetchall()
    if not rows:
        return frozenset()
    talk = _Talk(con)
    pairs = {i: cast("list[str]", json.loads(subjects)) for i, subjects in rows}
    return frozenset(i for i, pair in pairs.items() if len(pair) == 2 and talk.is_asked(*pair))


class _Talk:
    """Requests and what was said to them, by whom they are about: each is looked at once, however many
    doubles wait.
    """

    def __init__(self, con: Connection) -> None:
        words, requests = _words(con), [a for a in sync_moves.asks(con) if a.step == "request"]
        self._own_station = sync_facts.get(con, "station")
        over = {a.id for a in requests} | {w.answers for w in words if w.kind in ENDS}
        self._con = con
        self._unseen = {i for w in words if not w.is_seen for i in (w.id, w.answers) if i}
        self._open = {a.id for a in requests if not a.done_ms}
        self._ours, self._told = defaultdict[str, list[str]](list), defaultdict[_About, list[str]](list)
        self._copies = defaultdict[str, list[_Word]](list)
        self._waits: dict[str, bool] = {}
        for ask in requests:
            for subject in ask.subjects:
                self._ours[subject].append(ask.id)
        for word in (w for w in words if w.kind == "transfer_request"):
            for subject in word.subjects:
                self._told[subject, str(word.more.get("into", ""))].append(word.asked)
            if word.sender == self._own_station and word.asked not in over:
                self._copies[word.asked].append(word)
        self._asked_for = cache(self._is_asked_for)
        self._told_about = cache(self._is_told_about)

    def is_asked(self, own: str, far: str) -> bool:
        """Whether a double waits as something else."""
        return self._asked_for(far) or any(
            self._told_about((subject, into)) for subject in (own, far) for into in (own, far)
        )

    def _is_asked_for(self, far: str) -> bool:
        return any(i in self._open or self._is_waited_for(i) for i in self._ours.get(far, ()))

    def _is_told_about(self, about: _About) -> bool:
        return any(self._is_waited_for(i) for i in self._told.get(about, ()))

    def _is_waited_for(self, asked: str) -> bool:
        """Whether a word of it waits here to be dealt with, or a colleague's waits for its answer."""
        if asked not in self._waits:
            self._waits[asked] = asked in self._unseen or any(
                not is_over(self._con, w.more.get("target") == self._own_station, w.subjects)
                for w in self._copies.get(asked, ())
            )
        return self._waits[asked]


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
