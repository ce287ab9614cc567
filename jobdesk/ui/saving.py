"""Where the dialog for a file that is to be written opens."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def proposed(name: str) -> str:
    """The name in the user's documents: a bare name stands in the folder that the program was started in,
    which nobody looks in and few may write to.
    """
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = Path(found) if found and Path(found).is_dir() else Path.home()
    return str(folder / name)
