"""One question at a time, and only the latest that waits: answers nobody wants any more are dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from jobdesk.store.log import Connection
from jobdesk.ui.context import Context

Q = TypeVar("Q")
A = TypeVar("A")


class Latest(Generic[Q, A]):
    """Asks the station file; ``done`` hears the answer to the last question only.

    Args:
        job: runs on a reader thread.
    """

    def __init__(
        self, ctx: Context, owner: QObject, job: Callable[[Connection, Q], A], done: Callable[[Q, A], object]
    ) -> None:
        self._ctx, self._owner, self._job, self._done = ctx, owner, job, done
        self._waiting: list[Q] = []
        self._running = False

    @property
    def busy(self) -> bool:
        """A question is under way."""
        return self._running

    def ask(self, question: Q) -> None:
        """Ask now, or as soon as the one under way is answered; a question that waited is forgotten."""
        self._waiting = [question]
        if not self._running:
            self._start()

    def _start(self) -> None:
        question, job = self._waiting.pop(), self._job
        self._running = True
        future = self._ctx.desk.read(lambda con: job(con, question))
        self._ctx.ask(future, self._owner, lambda answer: self._answered(question, answer), self._failed)

    def _answered(self, question: Q, answer: A) -> None:
        self._running = False
        if self._waiting:
            self._start()
        else:
            self._done(question, answer)

    def _failed(self, error: Exception) -> None:
        self._running = False
        self._ctx.hub.trouble.emit(error)
        if self._waiting:
            self._start()
