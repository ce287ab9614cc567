"""Loads ``resources/calendar/workdays.toml``, or one that was brought later, into a value."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from jobdesk.cases.errors import BadInput
from jobdesk.cases.working_days import WorkingDays
from jobdesk.host import assets


@functools.cache
def working_days() -> WorkingDays:
    """The calendar that came with the program."""
    return _value(assets.toml("calendar/workdays.toml"))


def read(path: Path) -> WorkingDays:
    """A newer calendar file.

    Raises:
        BadInput: ``calendar_malformed``.
    """
    try:
        return _value(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as fault:
        raise BadInput("calendar_malformed", path=path) from fault


def _value(raw: dict[str, Any]) -> WorkingDays:
    years = raw["year"]
    return WorkingDays(
        known_from=raw["known_from"],
        known_through=raw["known_through"],
        off=frozenset(day for year in years for day in year["off"]),
        work=frozenset(day for year in years for day in year["work"]),
        document=raw["source"]["document"],
        clause=raw["source"].get("clause", ""),
    )
