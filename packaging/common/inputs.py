"""Fetches what a lock file names and nothing else: each file by its hash, whichever mirror gives it."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from common.product import CACHE, BuildFailed, run

WINDOWS_TAGS = (
    *("--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp"),
    *("--abi", "cp311", "--abi", "abi3", "--abi", "none"),
)


@dataclass(frozen=True, slots=True)
class Locked:
    """One line of a lock file; ``hashes`` are sha256 in hexadecimal."""

    name: str
    version: str
    hashes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file of a lock, verified."""

    name: str
    version: str
    file: Path
    sha256: str


def canonical(name: str) -> str:
    """The one spelling of a distribution's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(lock: Path) -> list[Locked]:
    """The entries of a requirements file with hashes, in its order.

    Raises:
        BuildFailed: an entry has no exact version or no hash.
    """
    text = lock.read_text("utf-8").replace("\\\n", " ")
    entries: list[Locked] = []
    for line in text.splitlines():
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        found = re.match(r"([A-Za-z0-9._-]+)==(\S+)", line)
        hashes = frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
        if found is None or not hashes:
            raise BuildFailed(f"{lock.name}: «{line[:60]}» is not pinned with a hash")
        entries.append(Locked(canonical(found[1]), found[2], hashes))
    return entries


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch(lock: Path, *options: str, folder: str) -> list[Fetched]:
    """Every file of the lock, from the cache or through pip, each checked against its hash again.

    Args:
        options: for ``pip download``: the platform, wheels only or sources only.
        folder: name of the cache's folder for this lock.
    """
    entries = read_lock(lock)
    place = CACHE / folder
    place.mkdir(parents=True, exist_ok=True)
    if len(_match(entries, place)) < len(entries):
        run(
            *(sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"),
            *("--no-deps", "--require-hashes", "-r", lock, "-d", place, *options),
        )
    found = _match(entries, place)
    missing = [entry.name for entry in entries if entry.name not in found]
    if missing:
        raise BuildFailed(f"{lock.name}: not fetched with the locked hash: {', '.join(missing)}")
    return [found[entry.name] for entry in entries]


def _match(entries: list[Locked], place: Path) -> dict[str, Fetched]:
    by_hash = {digest: entry for entry in entries for digest in entry.hashes}
    found: dict[str, Fetched] = {}
    for file in sorted(place.iterdir()):
        digest = sha256(file)
        entry = by_hash.get(digest)
        if entry is not None:
            found[entry.name] = Fetched(entry.name, entry.version, file, digest)
    return found
