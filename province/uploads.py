"""Uploads that are not whole yet, by the machine that sends them: one of a stolen machine fills no disk.

Who may send a content is whoever lists an operation that names it, and a digest is easily made up. Under
``by/`` lies a folder a machine with an empty file for each that it has begun; what is whole or went counts
no more.
"""

from __future__ import annotations

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
    _part(folder, digest).touch(0o600)  # before its name: another request of this machine counts both
    (mine / digest).touch(0o600)


def forget(folder: Path, digest: str) -> None:
    """A content that went, whoever sent it: the digest of somebody's paper stays nowhere."""
    for marker in (folder / "by").glob(f"*/{digest}"):
        marker.unlink(missing_ok=True)


def _part(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / f"{digest}.part"
