"""Errors as banners, in the four kinds of ``cases.errors``; bugs with a report free of personal data."""

from __future__ import annotations

import logging
import platform
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from PySide6 import __version__ as qt_version
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from jobdesk import __version__
from jobdesk.cases.errors import BadInput, JobdeskError, Refused
from jobdesk.host.strings import MissingText, has, text
from jobdesk.ui.hub import AppHub
from jobdesk.ui.kit import Action, Banner, BannerKind

log = logging.getLogger(__name__)
MOST = 3
"""Own figure: more banners than this hide the work; the oldest goes."""


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """An error as people read it."""

    kind: BannerKind
    sentence: str
    more: str = ""


def words_of(error: BaseException) -> ErrorWords:
    """The sentence for an error; one of ours without a known code is still said calmly, with its code."""
    if not isinstance(error, JobdeskError):
        return ErrorWords("bug", text("notices.bug"), text("notices.bug_more"))
    kind: BannerKind = "trouble"
    if isinstance(error, Refused):
        kind = "refusal"
    elif isinstance(error, BadInput):
        kind = "problem"
    more = text(f"error_more.{error.code}") if has(f"error_more.{error.code}") else ""
    return ErrorWords(kind, sentence_of(error), more)


def sentence_of(error: JobdeskError) -> str:
    """The text under ``error.<code>``; where it is missing, the code itself is said."""
    try:
        return text(f"error.{error.code}", **error.params)
    except MissingText:
        return text("notices.unnamed", code=error.code)


def report_of(error: BaseException) -> str:
    """What a person may send to the maintainers: versions, kinds of errors and places in the program.

    No messages of exceptions, no values, no paths outside the program: those can hold names and numbers.
    """
    lines = [
        f"jobdesk {__version__}",
        f"Python {platform.python_version()}  Qt {qt_version}  {platform.system()} {platform.release()}",
        f"platform {QGuiApplication.platformName()}",
    ]
    chain: BaseException | None = error
    while chain is not None:
        code = f" code={chain.code}" if isinstance(chain, JobdeskError) else ""
        lines.append(f"{type(chain).__module__}.{type(chain).__qualname__}{code}")
        lines += [
            f"  {_place(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(chain.__traceback__)
        ]
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    return "\n".join(lines)


def _place(filename: str) -> str:
    parts = Path(filename).parts
    for root in ("jobdesk", "site-packages"):
        if root in parts:
            at = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[at:])
    return Path(filename).name


class NoticeBar(QWidget):
    """The place under the header where banners stand; without one it takes no room.

    The same error again does not pile up: its banner is renewed.
    """

    def __init__(self, hub: AppHub) -> None:
        super().__init__()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(6)
        self._banners: dict[str, Banner] = {}
        self.setVisible(False)
        hub.trouble.connect(self.show_error)

    @property
    def banners(self) -> tuple[Banner, ...]:
        """Those in sight, oldest first."""
        return tuple(self._banners.values())

    def show_error(self, error: BaseException, retry: Callable[[], object] | None = None) -> Banner:
        """A banner for an error, with 重试 where there is something to try again."""
        words = words_of(error)
        actions: list[Action] = []
        if retry is not None:
            actions.append(Action(text("notices.retry"), retry))
        if words.kind == "bug":
            report = report_of(error)
            actions.append(Action(text("notices.copy_report"), lambda: _copy(report), closes=False))
        banner = Banner(words.kind, words.sentence, more=words.more, actions=actions, closable=True)
        return self.show_banner(banner)

    def show_banner(self, banner: Banner, key: str = "") -> Banner:
        """Put a banner in sight; one with the same key (its sentence, if none is given) is replaced."""
        name = key or banner.sentence
        self.take_away(name)
        while len(self._banners) >= MOST:
            self.take_away(next(iter(self._banners)))
        self._banners[name] = banner
        self._lines.addWidget(banner)
        banner.closed.connect(lambda: self._gone(name, banner))
        margin = 12
        self._lines.setContentsMargins(margin, 8, margin, 8)
        self.setVisible(True)
        return banner

    def take_away(self, key: str) -> None:
        """Remove the banner under this key; nothing happens when there is none."""
        banner = self._banners.get(key)
        if banner is not None:
            banner.close_banner()

    def _gone(self, name: str, banner: Banner) -> None:
        if self._banners.get(name) is banner:
            del self._banners[name]
        if not self._banners:
            self.setVisible(False)


def _copy(report: str) -> None:
    QGuiApplication.clipboard().setText(report)


def catch_everything(hub: AppHub) -> Callable[[], None]:
    """Send unhandled exceptions, those of slots too, to ``hub.trouble``; the window stays.

    Returns a callable that puts the former hook back.
    """
    before = sys.excepthook
    busy = False

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal busy
        if issubclass(kind, KeyboardInterrupt):
            before(kind, error, trace)
            return
        log.error("unhandled %s", kind.__name__, exc_info=(kind, error, trace))
        if busy:  # an error while showing an error must not go round for ever
            return
        busy = True
        try:
            hub.trouble.emit(error)
        finally:
            busy = False

    sys.excepthook = hook

    def restore() -> None:
        sys.excepthook = before

    return restore
