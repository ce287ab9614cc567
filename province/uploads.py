"""Uploads that are not whole yet, by the machine that sends them: one of a stolen machine fills no disk.

Who may send a content is whoever lists an operation that names it, and a digest is easily made up. Under
``by/`` lies a folder a machine with an empty file for each that it has begun, and beside the content a folder
with one for each machine: by that a content that is whole, or went, takes its names with it and looks at no
other machine's.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from jobdesk.protocol.codes import ErrorCode
from province import wall
from province.refusing import Refused

MOST = 16
"""Of one machine (own figure): a desk finishes one before the next, also after a broken line."""
_STILL_S = 24 * 3600
"""Where there are so many, one that has not grown for so long makes room: nobody waits longer than that."""
_RETRY_S = 3600


def begin(folder: Path, device: str, digest: str) -> None:
    """Note that this machine sends a part of this content.

    Raises:
        Refused: ``busy`` with ``uploads``: it has begun as many others.
    """
    mine = folder / "by" / sha256(device.encode()).hexdigest()
    mine.mkdir(parents=True, exist_ok=True)
    begun = dict[str, float]()
    for marker in mine.iterdir():
        try:
            begun[marker.name] = _part(folder, marker.name).stat().st_mtime
        except FileNotFoundError:
            marker.unlink(missing_ok=True)
    if digest not in begun and len(begun) >= MOST:
        oldest = min(begun, key=begun.__getitem__)
        if wall.now_ms() / 1000 - begun[oldest] < _STILL_S:
            raise Refused(ErrorCode.BUSY, detail="uploads", retry_after_s=_RETRY_S)
        _part(folder, oldest).unlink(missing_ok=True)
        (mine / oldest).unlink(missing_ok=True)
        forget(folder, oldest)
    _part(folder, digest).touch(0o600)  # before its name: another request of this machine counts both
    (mine / digest).touch(0o600)
    _stand_beside(folder, digest, mine.name)


def forget(folder: Path, digest: str) -> None:
    """A content that is whole or went, whoever sent it: the digest of somebody's paper stays nowhere."""
    beside = _beside(folder, digest)
    with suppress(FileNotFoundError):
        for name in list(beside.iterdir()):
            (folder / "by" / name.name / digest).unlink(missing_ok=True)
            name.unlink(missing_ok=True)
        with suppress(OSError):  # one that was begun just now stands there: it goes with the next sweep
            beside.rmdir()


def tidy(folder: Path) -> None:
    """Names of what is not under way any more: an older program, or a power cut, left them beside nothing."""
    for marker in (folder / "by").glob("*/*"):
        if not _part(folder, marker.name).exists():
            marker.unlink(missing_ok=True)


def _stand_beside(folder: Path, digest: str, machine: str) -> None:
    """Behind its name in ``by/``: what finds this one finds that one."""
    beside = _beside(folder, digest)
    while True:
        beside.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # another's went just now, and the folder with it
            (beside / machine).touch(0o600)
            return


def _beside(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / f"{digest}.by"


def _part(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / f"{digest}.part"
