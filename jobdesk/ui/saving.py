"""A file that somebody wants written: where the dialog opens, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from jobdesk.host.disk import disk_errors
from jobdesk.services.desk import Desk


def proposed(name: str) -> str:
    """The name in the user's documents: a bare name stands in the folder that the program was started in,
    which nobody looks in and few may write to.
    """
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = Path(found) if found and Path(found).is_dir() else Path.home()
    return str(folder / name)


def write_logged(
    desk: Desk, path: Path, made: Future[bytes], log: Callable[[], Future[None]]
) -> Future[None]:
    """Write what is being made, once the access log has it; off the window's thread.

    Raises (in the future):
        Trouble: of the disk, with the name and the reason.
    """

    def job() -> None:
        content = made.result()
        log().result()
        with disk_errors(path):
            path.write_bytes(content)

    return desk.file.work.aside(job)
