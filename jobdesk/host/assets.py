"""The files that come with the program: policy, codes, templates, strings, fonts, icons.

In the source tree ``resources/`` lies beside the package, in an installed tree inside it or beside
the program's folder. The first place that exists is taken, once.
"""

from __future__ import annotations

import csv
import functools
import io
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any


class MissingAsset(LookupError):
    """A file that should have come with the program is not there: a fault of the installation."""


@functools.cache
def root() -> Path:
    """The ``resources`` folder of this installation."""
    package = Path(__file__).resolve().parent.parent
    for parent in (package, package.parent, package.parent.parent):
        candidate = parent / "resources"
        if (candidate / "strings" / "zh_CN.toml").is_file():
            return candidate
    raise MissingAsset("resources")


def path(relative: str) -> Path:
    """Where an asset lies. ``relative`` uses forward slashes and never leaves the folder.

    Raises:
        MissingAsset: it is not there.
    """
    pure = PurePosixPath(relative)
    if pure.is_absolute() or ".." in pure.parts:
        raise MissingAsset(relative)
    found = root().joinpath(*pure.parts)
    if not found.exists():
        raise MissingAsset(relative)
    return found


def read_bytes(relative: str) -> bytes:
    return path(relative).read_bytes()


def toml(relative: str) -> dict[str, Any]:
    """A fresh dictionary at every call; callers that need it often keep it themselves."""
    return tomllib.loads(path(relative).read_text(encoding="utf-8"))


def csv_rows(relative: str) -> list[dict[str, str]]:
    """Rows by column name; lines that begin with ``#`` are notes on source and date."""
    text = path(relative).read_text(encoding="utf-8-sig")
    lines = [line for line in io.StringIO(text) if not line.startswith("#")]
    return list(csv.DictReader(lines))
