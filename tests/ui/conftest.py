import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.ui import theme

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
