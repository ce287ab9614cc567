"""The second copy: what was committed goes into a journal in another folder as well.

A journal that cannot be written is a trouble to be shown, never a failed save: what it lacks goes in with the
next one. Everything here runs on the writer thread, behind a commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from jobdesk.cases.codec import encode
from jobdesk.cases.errors import Trouble
from jobdesk.cases.ops import Op
from jobdesk.store import journal_erasing, local, unread
from jobdesk.store.cipher import translated
from jobdesk.store.log import Connection, all_ops
from jobdesk.store.reads import last_position

BATCH = 2000
"""Frames that are made durable in one go."""


class OpSink(Protocol):
    """Where committed operations also go."""

    def append(self, frames: list[bytes]) -> None:
        """Make frames durable in one go, or raise Trouble."""
        ...

    def rewrite(self, change: Callable[[bytes], bytes | None]) -> int:
        """Change frames or drop them (None), or raise Trouble."""
        ...


@dataclass(slots=True)
class Health:
    """What a person should know about the second copy.

    Attributes:
        journal: the trouble of the last attempt, None when the journal is level with the log.
        journaled: position in the log up to which the journal has everything.
        covered: position up to which a verified backup in the second folder has everything; where the
            journal begins anew after somebody deleted it.
    """

    journal: Trouble | None = None
    journaled: int = 0
    covered: int = 0
    listeners: list[Callable[[Health], None]] = field(default_factory=list["Callable[[Health], None]"])


class Journaling:
    """Keeps the journal level with the log; without a journal it does nothing.

    Attributes:
        health: how it stands; listeners are called on the writer thread, and only where it changed.
    """

    def __init__(self, path: Path, distrust: Callable[[], None]) -> None:
        self.health = Health()
        self._path = path
        self._distrust = distrust
        self._sink: OpSink | None = None
        self._unread: list[bytes] = []

    def attach(self, sink: OpSink, journaled: int, covered: int, unread_lines: Iterable[bytes] = ()) -> None:
        """Name the journal, how far it reaches and which lines it lacks; the next write brings it level."""
        self._sink = sink
        self._unread = list(unread_lines)
        self.health.journaled = journaled
        self.health.covered = covered

    def follow(
        self, con: Connection, ops: Sequence[Op], unread_lines: Iterable[bytes],
        *, again_from: int | None, erasing: bool,
    ) -> None:  # fmt: skip
        """After a commit.

        Args:
            ops: what it appended.
            unread_lines: lines it kept for a newer program.
            again_from: operations behind this position changed their place in a chain and are told once more.
            erasing: payloads went, and go here too.
        """
        if again_from is not None:
            self.health.journaled = min(self.health.journaled, again_from)
        if erasing:
            self.erase(con)
        self._unread += unread_lines
        self.catch_up(con, ops)

    def erase(self, con: Connection) -> None:
        """Take out of the journal what the log has no longer; tried at every start until it works."""
        sink = self._sink
        if sink is None:
            return
        try:
            sink.rewrite(lambda frame: journal_erasing.without_erased(con, frame))
        except Trouble as trouble:
            self.health.journal = trouble
            return
        journal_erasing.journal_is_clean(con)

    def catch_up(self, con: Connection, fresh: Sequence[Op] = ()) -> None:
        """Bring the journal level with the log; ``fresh``: what was just committed, where something was."""
        sink = self._sink
        if sink is None:
            return
        try:
            with translated(self._path):  # a log that cannot be read now is no failed save either
                if not self._tell_fresh(con, sink, fresh):
                    self._tell_rest(con, sink)
                if self._unread:
                    sink.append([unread.FRAME + line for line in self._unread])
                    self._unread = []
            trouble = None
        except Trouble as error:
            trouble = error
            self._met(con, error)
        if trouble is not self.health.journal:
            self.health.journal = trouble
            for listener in self.health.listeners:
                listener(self.health)

    def _met(self, con: Connection, trouble: Trouble) -> None:
        if trouble.params.get("path") == str(self._path):
            self._distrust()
        if trouble.code == "journal_vanished":  # it begins anew behind what a backup has
            self.health.journaled = self.health.covered
            self._unread = [line for _, line in unread.lines(con)]

    def _tell_fresh(self, con: Connection, sink: OpSink, ops: Sequence[Op]) -> bool:
        """Journal what was just committed without reading it again; False where more is to be told."""
        position = self.health.journaled + len(ops)
        if not ops or last_position(con) != position or any(map(local.brings_bytes, ops)):
            return False
        sink.append([b"O" + encode(op) for op in ops])
        self.health.journaled = position
        return True

    def _tell_rest(self, con: Connection, sink: OpSink) -> None:
        while True:
            batch: list[bytes] = []
            position = self.health.journaled
            for at, op in all_ops(con, position):
                if local.brings_bytes(op):
                    batch.extend(local.blob_frame(con, op))
                batch.append(b"O" + encode(op))
                position = at
                if len(batch) >= BATCH:
                    break
            if not batch:
                return
            sink.append(batch)
            self.health.journaled = position
