import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from jobdesk.ui import theme


def pytest_configure(config: pytest.Config) -> None:
    # The offscreen platform says of itself what it cannot do; nothing of ours is wrong.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """The application in the light theme."""
    theme.apply(qapp, "light")
    return qapp
