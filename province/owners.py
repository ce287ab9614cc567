"""Whose contents are, written down beside the bytes: a restore takes the database back, never this folder.

Without it the bytes of somebody erased would stay for ever: the operation that named them comes again blank
(M-7.2), and says their digest no more. Under ``of/`` lies a file a subject with its digests, beside each
content one with its subjects. Names are hashed: an id may say anything, and nothing else stands here.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path


def note(folder: Path, digest: str, subjects: Iterable[str]) -> None:
    """Add what is missing; a subject may be noted often, and by several processes at once."""
    for subject in subjects:
        key = _key(subject)
        _add(_of_content(folder, digest), key)
        _add(_of_subject(folder, key), digest)


def all_noted(folder: Path) -> bool:
    """Whether what lay here before anything was written down has been looked through."""
    return (folder / "of" / "all").exists()


def note_that_all_are(folder: Path) -> None:
    (folder / "of").mkdir(exist_ok=True)
    (folder / "of" / "all").touch()


def of(folder: Path, subjects: Iterable[str]) -> set[str]:
    """Digests that belong to these subjects."""
    return {digest for subject in subjects for digest in _lines(_of_subject(folder, _key(subject)))}


def only_of(folder: Path, digests: Iterable[str], subjects: Iterable[str]) -> set[str]:
    """Those of these digests that, as far as it is written here, belong to nobody else who is left."""
    keys = {_key(subject) for subject in subjects}
    return {
        digest for digest in digests
        if not any(_of_subject(folder, k).exists() for k in _lines(_of_content(folder, digest)) - keys)
    }  # fmt: skip


def forget(folder: Path, subjects: Iterable[str]) -> None:
    """After their bytes went."""
    for subject in subjects:
        _of_subject(folder, _key(subject)).unlink(missing_ok=True)


def forget_content(folder: Path, digest: str) -> None:
    _of_content(folder, digest).unlink(missing_ok=True)


def _key(subject: str) -> str:
    return sha256(subject.encode()).hexdigest()


def _of_subject(folder: Path, key: str) -> Path:
    return folder / "of" / key[:2] / key


def _of_content(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / f"{digest}.of"


def _lines(file: Path) -> set[str]:
    try:
        return set(file.read_text(encoding="ascii").split())
    except FileNotFoundError:
        return set()


def _add(file: Path, line: str) -> None:
    if line in _lines(file):
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="ascii") as out:
        out.write(f"{line}\n")
