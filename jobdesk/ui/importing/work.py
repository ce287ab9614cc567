"""Reading and judging beside the window's thread, with progress and cancel."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

from jobdesk.ui.context import Context
from jobdesk.ui.signals import TypedSignal, signal

T = TypeVar("T")


class Stopped(Exception):
    """The person pressed 取消: the work ends where it is, nothing is shown of it."""


class Told:
    """How far a job is; asked by the window, written by the job.

    Attributes:
        stage: key of the sentence (``import_ui.busy.<stage>``).
        name: of the file, where the sentence has one.
    """

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self.name = ""
        self.done = 0
        self.whole = 0
        self._stop = Event()

    def tick(self, done: int) -> None:
        """Note the progress.

        Raises:
            Stopped: somebody pressed 取消.
        """
        self.done = done
        if self._stop.is_set():
            raise Stopped

    def stop(self) -> None:
        """Ask the job to end at its next step."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """取消 was pressed."""
        return self._stop.is_set()


class Worker(QObject):
    """One job at a time on a thread of its own; a new one makes the answer of the old one unwanted.

    Signals:
        progress: about ten times a second while a job runs.
    """

    progress: TypedSignal[Told] = signal()

    def __init__(self, ctx: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._pool = ThreadPoolExecutor(1, "import")
        self._told: Told | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._tell)
        parent.destroyed.connect(lambda: self._pool.shutdown(wait=False, cancel_futures=True))

    def run(
        self,
        stage: str,
        job: Callable[[Told], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object],
    ) -> Told:
        """Start a job; whatever ran before is asked to stop and its answer is dropped."""
        if self._told is not None:
            self._told.stop()
        told = self._told = Told(stage)

        def arrived(answer: T) -> None:
            if self._is_over(told):
                done(answer)

        def broke(error: Exception) -> None:
            if self._is_over(told):
                failed(error)

        self._timer.start()
        self._ctx.ask(self._pool.submit(job, told), self, arrived, broke)
        return told

    def quick(self, job: Callable[[], T]) -> Future[T]:
        """A short question (proposals of a number, a look) in the same order."""
        return self._pool.submit(job)

    def stop(self) -> None:
        """取消."""
        if self._told is not None:
            self._told.stop()

    def drop(self) -> None:
        """The answer of the job under way is not wanted any more."""
        self._told = None
        self._timer.stop()

    @property
    def busy(self) -> bool:
        """A job is under way and its answer wanted."""
        return self._told is not None

    def _is_over(self, told: Told) -> bool:
        if told is not self._told:
            return False
        self._told = None
        self._timer.stop()
        return True

    def _tell(self) -> None:
        if self._told is not None:
            self.progress.emit(self._told)
