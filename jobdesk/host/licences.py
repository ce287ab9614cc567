"""What of other people's work is inside, and under which licence it may be passed on."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from jobdesk.host import assets


@dataclass(frozen=True, slots=True)
class Component:
    """A library, a font, a set of icons. ``licence`` is its SPDX expression."""

    name: str
    licence: str
    home: str = ""


@functools.cache
def components() -> tuple[Component, ...]:
    """In the order of the file."""
    raw = assets.toml("licences.toml")
    return tuple(Component(c["name"], c["licence"], c.get("home", "")) for c in raw["component"])
