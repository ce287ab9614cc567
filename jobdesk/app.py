"""The composition root: the window first, then every object once, by hand, in order."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from jobdesk.cases.errors import JobdeskError
from jobdesk.cli import arguments

ROOMY = 1440
"""Logical width up to which the window takes the whole screen (own figure)."""


def run(argv: list[str] | None = None) -> int:
    """Start the desk, or run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if callable(reconfigure):
            reconfigure(encoding="utf-8", errors="replace")
    try:
        args = arguments.parse(sys.argv[1:] if argv is None else argv)
    except JobdeskError as error:
        from jobdesk.cli.main import say_error

        return say_error(error)
    if args.command or args.show_config:
        from jobdesk.cli.main import run as run_command

        return run_command(args)
    if not has_screen():
        return _without_screen(args)
    return _window(args)


def has_screen() -> bool:
    """Whether a window could be shown here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _without_screen(args: argparse.Namespace) -> int:
    """Tell what the file is that was opened; else say so, and do the main job in the practice station."""
    from jobdesk.cli.main import run as run_command
    from jobdesk.host.strings import text

    if args.open_file is not None:
        args.command = "open"
        return run_command(args)
    sys.stdout.write(text("cli.no_screen") + "\n")
    args.command, args.reset = "practice", False
    return run_command(args)


def _window(args: argparse.Namespace) -> int:
    """First stage: only QtWidgets is imported before the window stands; the rest follows on a thread."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from jobdesk.ui import theme
    from jobdesk.ui.hub import AppHub
    from jobdesk.ui.tasks import Tasks
    from jobdesk.ui.window import MainWindow

    gc.set_threshold(200_000, 20, 50)  # a start makes much and throws little away; see ui.shell afterwards
    application = QApplication(sys.argv[:1])
    theme.apply(application, theme.system_mode())
    hub = AppHub()
    tasks = Tasks()
    tasks.failed.connect(hub.trouble.emit)
    window = MainWindow(hub)
    room = application.primaryScreen().availableSize()
    if room.width() <= ROOMY:
        window.showMaximized()
    else:
        window.resize(min(room.width() - 160, 1600), min(room.height() - 120, 1000))
        window.show()
    opener = ThreadPoolExecutor(1, "open")

    def second_stage() -> None:
        from jobdesk.ui.notices import catch_everything
        from jobdesk.ui.qt_words import speak_chinese
        from jobdesk.ui.start import Start

        catch_everything(hub)
        speak_chinese(application)
        Start(args, window, hub, tasks, opener).begin()

    QTimer.singleShot(0, second_stage)
    try:
        return application.exec()
    finally:
        opener.shutdown()
