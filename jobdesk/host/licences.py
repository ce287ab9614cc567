"""What of other people's work is inside, and under which licence it may be passed on."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from jobdesk.host import assets


@dataclass(frozen=True, slots=True)
class Component:
    """A library, a font, a set of icons. ``licence`` is its SPDX expression."""

    name: str
    licence: str
    home: str = ""


def texts_folder() -> Path | None:
    """Where a packaged program keeps the licence texts; None in a source tree."""
    folder = assets.root().parent / "licences"
    return folder if folder.is_dir() else None


@functools.cache
def components() -> tuple[Component, ...]:
    """In the order of the file."""
    raw = assets.toml("licences.toml")
    return tuple(Component(c["name"], c["licence"], c.get("home", "")) for c in raw["component"])
