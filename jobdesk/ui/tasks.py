"""Answers of other threads, delivered on the GUI thread and only while the asking owner lives."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from threading import get_ident
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer
from shiboken6 import isValid

from jobdesk.ui.signals import TypedSignal, signal

log = logging.getLogger(__name__)
T = TypeVar("T")


class Tasks(QObject):
    """Brings futures of any executor back to the thread this object was made on.

    Signals:
        failed: an exception nobody asked to handle; ``AppHub.trouble`` is connected to it.
    """

    failed: TypedSignal[BaseException] = signal()
    _answer: TypedSignal[Callable[[], None]] = signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gui = get_ident()
        self._ended = False
        # PySide's stub of connect knows no connection type, Qt does.
        self._answer.connect(_call, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def deliver(
        self,
        future: Future[T],
        *,
        owner: QObject,
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Call ``done`` with the result, or ``failed`` with the error, later and on the GUI thread.

        Nothing is called when ``owner`` was deleted meanwhile or the future was cancelled. An error
        without ``failed`` goes to the signal of that name. Must be called from the GUI thread.
        """
        assert get_ident() == self._gui, "answers are asked for on the GUI thread only"

        def ready(finished: Future[T]) -> None:
            def on_gui() -> None:
                if not isValid(self) or self._ended or not isValid(owner):
                    return
                try:
                    error = finished.exception()
                except CancelledError:
                    return
                if error is None:
                    done(finished.result())
                elif failed is not None and isinstance(error, Exception):
                    failed(error)
                else:
                    log.error("task failed: %s", type(error).__name__, exc_info=error)
                    self.failed.emit(error)

            if isValid(self):
                try:
                    self._answer.emit(on_gui)
                except RuntimeError:  # deleted between the question and the call: the window is closing
                    log.info("an answer came after the window was closed")

        future.add_done_callback(ready)

    def end(self) -> None:
        """The window closed and the file with it: answers still on their way reach nobody."""
        self._ended = True

    def later(self, milliseconds: int, owner: QObject, call: Callable[[], object]) -> QTimer:
        """Call once after a pause, unless the owner is gone; restart the returned timer to put it off."""
        timer = QTimer(owner)
        timer.setSingleShot(True)
        timer.timeout.connect(call)
        timer.start(milliseconds)
        return timer


def _call(answer: Callable[[], None]) -> None:
    answer()
