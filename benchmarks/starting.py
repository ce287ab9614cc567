"""The window shown beside an empty QWidget; 今日 usable at 10,000 files from a cold process."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.measure import Result, median
from benchmarks.station import ROOT, bench_station

BARE = """
import time; t=time.perf_counter()
from PySide6.QtWidgets import QApplication, QWidget
a=QApplication([]); w=QWidget(); w.resize(1366,768); w.show(); a.processEvents()
print(time.perf_counter()-t)
"""
OURS = """
import time; t=time.perf_counter()
from PySide6.QtWidgets import QApplication
from jobdesk.ui import theme
from jobdesk.ui.hub import AppHub
from jobdesk.ui.tasks import Tasks
from jobdesk.ui.window import MainWindow
a=QApplication([]); theme.apply(a, "light"); w=MainWindow(AppHub()); w.show(); a.processEvents()
print(time.perf_counter()-t)
"""
TODAY = """
import sys, time; t=time.perf_counter()
from jobdesk import app
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from jobdesk.ui.today import screen as today
before = today.TodayScreen._show
def shown(self):
    before(self)
    QApplication.processEvents()
    print(time.perf_counter()-t, flush=True)
    QTimer.singleShot(0, QApplication.instance().quit)
today.TodayScreen._show = shown
sys.exit(app.run(sys.argv[1:]))
"""


def run() -> list[Result]:
    bench_station(10_000).station.close()
    folder = ROOT / "people-10000"
    bare = _median(BARE, [])
    ours = _median(OURS, [])
    today = _median(TODAY, ["--data", str(folder / "data"), "--key-file", str(folder / "key")])
    return [
        Result("window shown (imports included)", ours, "s", bare, "an empty QWidget", "≤ 1.5×",
               ours / bare <= 1.5),
        Result("今日 usable, 10,000 files, from the start of the process", today, "s", bare,
               "an empty QWidget", "≤ 1.5 s", today <= 1.5),
    ]  # fmt: skip


def _median(code: str, arguments: list[str], runs: int = 7) -> float:
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    found: list[float] = []
    for _ in range(runs):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment,
            check=False, timeout=120,
        )  # fmt: skip
        if done.returncode or not done.stdout.strip():
            raise RuntimeError(done.stderr[-2000:])
        found.append(float(done.stdout.split()[0]))
    return median(found)
