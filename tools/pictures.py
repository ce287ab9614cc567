"""Photographs every screen over the practice station, light and dark, at 100 % and at 125 %.

All pictures go to ``build/pictures/<percent>/``; the ones the guide shows go to ``docs/pictures``, with few
colours so that they stay small. The day is fixed and everybody is invented, so the same program gives the
same pictures. ``make pictures``, or ``python tools/pictures.py --only today,month`` for a look at a few.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar, cast

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

T = TypeVar("T")
RAW = ROOT / "build" / "pictures"
KEPT = ROOT / "docs" / "pictures"
SIZES = {100: (1366, 768), 125: (1093, 614)}
"""Percent of the system's scaling → logical size of a window that fills a screen of 1366×768."""
MODES = ("light", "dark")
DAY = (2026, 11, 12, 9, 5)
COLOURS = 192
QUIET = 0.3
"""Seconds without a question or an answer after which a screen is taken to stand (own figure)."""
NEVER = 24 * 3600 * 1000
"""Milliseconds: nothing is exchanged while pictures are taken."""
CODE = "K7QM-2XHD-9RTB-4WNE-5FJP-8CVA-3YGS-6DKT"
PLACES = (
    "first-run", "first-run-code", "first-run-restore", "today", "round", "ledger", "file-overview", "file-plan",
    "file-record", "register-filled", "import-preview", "import-done", "month", "month-sheet", "settings-backup",
    "walk-ins", "vacancies", "nobody-today", "today-basis", "visits", "household", "policies-people", "file-claim",
    "assignments", "doubts", "conflicts", "settings-packs", "sync", "sync-receipts", "sync-enrol", "sync-usb",
    "moves", "moves-ask", "moves-twins",
)  # fmt: skip
KEEP: dict[str, tuple[int, str, str]] = {
    **{name: (100, "light", name) for name in PLACES},
    **{f"{name}-dark": (100, "dark", name) for name in ("today", "ledger", "import-preview")},
    **{f"{name}-125": (125, "light", name) for name in ("today", "ledger", "file-longest")},
    "install-1-first": (100, "light", "first-run"),
    "install-2-filled": (100, "light", "first-run-filled"),
    "install-3-code": (100, "light", "first-run-code"),
    "install-4-begin": (100, "light", "nobody-today"),
    "install-5-selftest": (100, "light", "about-selftest"),
}
"""Name in ``docs/pictures`` → which of all the pictures."""


def main(argv: Sequence[str] | None = None) -> int:
    """Take all pictures (``--take 100-light`` is one child of it)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="beginnings of scene names, comma between them")
    parser.add_argument("--take", default="", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.take:
        percent, _, mode = args.take.partition("-")
        return take(int(percent), mode, tuple(filter(None, args.only.split(","))))
    worst = 0
    for percent in SIZES:
        for mode in MODES:
            environment = os.environ | {"QT_SCALE_FACTOR": str(percent / 100), "QT_QPA_PLATFORM": "offscreen"}
            environment["QT_LOGGING_RULES"] = "qt.qpa.*=false"
            command = [sys.executable, __file__, "--take", f"{percent}-{mode}", "--only", args.only]
            worst = max(worst, subprocess.run(command, env=environment, check=False).returncode)
    keep()
    return worst


def make_stations(data: Path) -> None:
    """The practice station of the day, and one where nobody was registered yet."""
    from jobdesk.cases.clock import FixedClock
    from jobdesk.cases.ids import seeded_ids
    from jobdesk.host.paths import StationPaths
    from jobdesk.services.practice.making import make_practice
    from jobdesk.store.creating import NewStation, create_station
    from tools.picture_sync import make_linked

    clock = FixedClock.at(*DAY)
    make_practice(StationPaths(data), clock).close()
    empty = StationPaths(data / "empty")
    empty.data.mkdir()
    values = {"name": "南岭街道综合服务中心", "code": "229901001", "region": "示例市示例区南岭街道"}
    new = NewStation(values, "于晓梅")
    create_station(empty, new, clock, seeded_ids(7, clock), key_file=data / "empty.key")[0].close()
    make_linked(data / "linked", clock)


def take(percent: int, mode: str, only: tuple[str, ...]) -> int:
    """Photograph everything at one scale in one mode.

    A process of its own: Qt reads the scale once, and dressing every page anew takes longer than making it.
    """
    from PySide6.QtWidgets import QApplication

    from jobdesk.ui import shell, theme

    shell.SYNC_MS = NEVER
    data = Path(tempfile.gettempdir()) / f"jobdesk-pictures-{percent}-{mode}"
    shutil.rmtree(data, ignore_errors=True)
    make_stations(data)
    application = QApplication([])
    application.setCursorFlashTime(0)
    theme.apply(application, "dark" if mode == "dark" else "light")
    camera = Camera(application, percent, mode, only)
    camera.first_run(data)
    camera.station(data / "empty", data / "empty.key", "EMPTY_SCENES")
    camera.station(data / "linked", data / "linked.key", "SYNC_SCENES")
    camera.station(data / "practice", data / "practice" / "practice.key", "SCENES")
    shutil.rmtree(data, ignore_errors=True)
    return 1 if camera.troubles else 0


class Camera:
    """Shows windows of one size and grabs them in both modes.

    Attributes:
        troubles: what went wrong on the way; a picture with a banner is none to keep.
    """

    def __init__(self, application: Any, percent: int, mode: str, only: tuple[str, ...]) -> None:
        self.application, self.percent, self.mode, self.only = application, percent, mode, only
        self.troubles: list[str] = []
        self.waiting = 0
        self.moved = 0.0
        (RAW / str(percent)).mkdir(parents=True, exist_ok=True)

    # ---- what is photographed

    def first_run(self, data: Path) -> None:
        """The pages of a bare PC; the recovery code in the picture opens nothing."""
        from jobdesk.cases.clock import FixedClock
        from jobdesk.host.paths import StationPaths
        from jobdesk.ui.first_run.actions import StationActions
        from jobdesk.ui.first_run.screen import FirstRunScreen

        if self.only and not any(name.startswith("first-run") for name in self.only):
            return
        window, hub, tasks = self._window()
        actions = StationActions(StationPaths(data / "bare"), FixedClock.at(*DAY), None, lambda _s: None)
        actions.new_recovery_code = lambda: CODE  # type: ignore[method-assign]
        page = FirstRunScreen(actions, tasks, lambda _count: (2, 5))
        window.show_alone(page)
        self._grab(window, "first-run")
        start = page.view.start
        start.place_editor.line.set_value("nanling")
        page._search_place("nl")
        self._grab(window, "first-run-place")
        page._search_place("南岭街道")
        page._take_place(start.place_editor.finds.item(0))
        for field, value in ((start.unit, "南岭街道综合服务中心"), (start.clerk, "于晓梅")):
            cast(Any, field.editor).set_value(value)
        page._read_start()
        self._grab(window, "first-run-filled")
        for field in (start.unit, start.clerk):
            cast(Any, field.editor).set_value("")
        start.place_editor.line.set_value("")
        page._search_place("")
        page._read_start()
        page._to_code()
        self._grab(window, "first-run-needed")
        page._code = CODE
        page._show_code()
        page.show_page("code")
        self._grab(window, "first-run-code")
        page.show_page("restore")
        self._grab(window, "first-run-restore")
        window.close()
        hub.deleteLater()

    def station(self, folder: Path, key_file: Path, scenes: str) -> None:
        """Every scene of a list over one station."""
        from jobdesk.cases.clock import FixedClock
        from jobdesk.host.paths import StationPaths
        from jobdesk.services.session import find_key, open_session
        from jobdesk.ui.shell import Shell
        from tools import picture_scenes

        listed: dict[str, picture_scenes.Scene] = getattr(picture_scenes, scenes)
        if not any(self._wanted(name) for name in listed):
            return
        window, hub, tasks = self._window()
        paths = StationPaths(folder)
        session = open_session(paths, find_key(paths, key_file), FixedClock.at(*DAY))
        shell = Shell(window, hub, tasks, session)
        shell.ctx.request_restore = lambda _backup, _journal: None
        for name in ("request_practice", "request_practice_reset", "request_own_station"):
            setattr(shell.ctx, name, lambda: None)
        shell.begin()
        self._settle(3.4)  # the day's backup begins after three seconds
        people: dict[str, str] = {}
        if scenes == "SCENES":
            people = session.desk.read(picture_scenes.people_of).result()
        stage = picture_scenes.Stage(window, hub, self._settle, people)
        for name, scene in listed.items():
            if not self._wanted(name):
                continue
            try:
                scene(stage)
            except Exception as error:  # noqa: BLE001 - one screen that fails must not hide the others
                self._say(error)
                continue
            self._grab(window, name)
        shell.close()
        window.close()

    # ---- how

    def _say(self, error: BaseException) -> None:
        """A banner on a picture is a fault of the program or of a scene."""
        self.troubles.append(str(error))
        print("".join(traceback.format_exception(error)), file=sys.stderr)

    def _wanted(self, name: str) -> bool:
        return not self.only or name.startswith(self.only)

    def _window(self) -> tuple[Any, Any, Any]:
        from jobdesk.ui.hub import AppHub
        from jobdesk.ui.window import MainWindow

        hub, tasks = AppHub(), _watched_tasks(self)
        tasks.failed.connect(hub.trouble.emit)
        hub.trouble.connect(self._say)
        window = MainWindow(hub)
        window.resize(*SIZES[self.percent])
        window.show()
        return window, hub, tasks

    def _settle(self, least: float = 0.0) -> None:
        """Turn the event loop until nothing was asked or answered for a while."""
        from time import monotonic

        from PySide6.QtCore import QEventLoop

        began = self.moved = monotonic()
        while monotonic() - began < 60:
            self.application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            if self.waiting:
                self.moved = monotonic()
            now = monotonic()
            if now - self.moved > QUIET and now - began > least:
                return

    def _grab(self, window: Any, name: str) -> None:
        if not self._wanted(name):
            return
        self._settle()
        picture = window.grab()
        self._add_popups(picture, window)
        picture.save(str(RAW / str(self.percent) / f"{name}.{self.mode}.png"))

    def _add_popups(self, picture: Any, window: Any) -> None:
        """Popovers and menus are windows of their own: painted where they stand."""
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QPainter

        painter = QPainter(picture)
        for top in self.application.topLevelWidgets():
            if top is not window and top.isVisible() and top.windowType() == Qt.WindowType.Popup:
                painter.drawPixmap(window.mapFromGlobal(top.pos()), top.grab())
                top.close()
        painter.end()


def _watched_tasks(camera: Camera) -> Any:
    """Tasks that tell the camera how many answers are still out."""
    from jobdesk.ui.tasks import Tasks

    class Watched(Tasks):
        def deliver(
            self,
            future: Future[T],
            *,
            owner: Any,
            done: Callable[[T], object],
            failed: Callable[[Exception], object] | None = None,
        ) -> None:
            camera.waiting += 1

            def over(_future: Future[T]) -> None:
                camera.waiting -= 1

            future.add_done_callback(over)
            super().deliver(future, owner=owner, done=done, failed=failed)

    return Watched()


def keep() -> None:
    """The pictures of the guide: few colours, one size for all of them."""
    from PIL import Image

    KEPT.mkdir(parents=True, exist_ok=True)
    for name, (percent, mode, scene) in KEEP.items():
        source = RAW / str(percent) / f"{scene}.{mode}.png"
        if not source.exists():
            continue
        picture = Image.open(source).convert("RGB")
        few = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(KEPT / f"{name}.png", optimize=True)
    _drop_others(KEEP)


def _drop_others(names: Iterable[str]) -> None:
    for found in KEPT.glob("*.png"):
        if found.stem not in names:
            found.unlink()


if __name__ == "__main__":
    raise SystemExit(main())
