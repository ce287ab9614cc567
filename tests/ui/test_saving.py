"""Where the dialogs for a file open."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths

from jobdesk.ui.saving import proposed


def test_a_file_is_proposed_in_the_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare name stood in the folder that the program was started in."""
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _which: str(tmp_path))
    assert proposed("处理记录.pdf") == str(tmp_path / "处理记录.pdf")
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _which: str(tmp_path / "gone"))
    assert proposed("处理记录.pdf") == str(Path.home() / "处理记录.pdf")
