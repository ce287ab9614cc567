from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.clock import FixedClock
from jobdesk.ui import paint, theme
from jobdesk.ui.casefile import CaseFilePanel
from tests.stations import Made, make_station
from tests.ui.case_scene import Scene, make_scene
from tests.ui.whole_window import WholeWindow

PATIENCE_MS = 30_000
"""How long a wait may take before it counts as never: a busy machine is slow, not wrong."""


def _patient(name: str) -> None:
    """Waits end as soon as what they wait for is there; only the limit is raised."""
    plain = getattr(QtBot, name)

    def wait(self: QtBot, *given: Any, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        return plain(self, *given, timeout=max(timeout, PATIENCE_MS), **more)

    setattr(QtBot, name, wait)


for _name in ("waitUntil", "waitSignal", "waitSignals"):
    _patient(_name)


def pytest_configure(config: pytest.Config) -> None:
    # The offscreen platform says of itself what it cannot do; nothing of ours is wrong.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """The application in the light theme."""
    theme.apply(qapp, "light")
    return qapp


@pytest.fixture
def scene(tmp_path: Path, dressed: QApplication) -> Iterator[Scene]:
    """A station with files to open, for tests whose own file sets up no other."""
    made = make_scene(tmp_path)
    yield made
    made.close()
    assert made.troubles == []


@pytest.fixture
def panel(scene: Scene, qtbot: QtBot) -> CaseFilePanel:
    """The panel of a file beside a list."""
    made = CaseFilePanel(scene.ctx)
    qtbot.addWidget(made)
    made.resize(520, 700)
    made.show()
    return made


@pytest.fixture
def clock() -> FixedClock:
    """The clock of ``street``; a test file that wants another day has a fixture of this name."""
    return FixedClock.at(2026, 7, 15)


@pytest.fixture
def street(tmp_path: Path, clock: FixedClock) -> Made:
    """The station behind the whole window, with nobody in it yet."""
    return make_station(tmp_path, clock)


@pytest.fixture
def whole(street: Made, clock: FixedClock, qtbot: QtBot, dressed: QApplication) -> Iterator[WholeWindow]:
    """The whole window over that station; 今日 is not asked for before ``begin``."""
    with closing(WholeWindow(street, clock, qtbot)) as made:
        yield made


@pytest.fixture
def chips(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, str, str]]:
    """(right edge, words, look) of every chip as it is painted."""
    drawn: list[tuple[float, str, str]] = []
    whole = paint.chip

    def chip(painter: QPainter, x: float, middle: float, said: str, look: str, font: QFont) -> float:
        width = whole(painter, x, middle, said, look, font)
        drawn.append((x + width, said, look))
        return width

    monkeypatch.setattr(paint, "chip", chip)
    return drawn
