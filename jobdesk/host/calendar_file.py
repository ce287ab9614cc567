"""Loads ``resources/calendar/workdays.toml``, or one that came signed, into a value."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

from jobdesk.cases.errors import BadInput
from jobdesk.cases.working_days import WorkingDays
from jobdesk.host import assets


@functools.cache
def working_days() -> WorkingDays:
    """The calendar that came with the program."""
    return _value(assets.toml("calendar/workdays.toml"))


def of_pack(files: Mapping[str, bytes]) -> WorkingDays:
    """The calendar of a signed pack: one file, whose every day fits its year and its day of the week.

    Raises:
        BadInput: ``calendar_malformed``.
    """
    if len(files) != 1:
        raise BadInput("calendar_malformed", path="、".join(files))
    ((name, data),) = files.items()
    try:
        raw = tomllib.loads(data.decode("utf-8"))
        made = _value(raw)
        _prove(made, raw["year"])
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BadInput("calendar_malformed", path=name) from fault
    return made


def _prove(days: WorkingDays, years: list[dict[str, Any]]) -> None:
    """Every year it claims to know is listed: one that is not would count as known, Monday to Friday."""
    whole_years = (
        days.known_from.month,
        days.known_from.day,
        days.known_through.month,
        days.known_through.day,
    )
    if whole_years != (1, 1, 12, 31) or days.known_through < days.known_from or not days.document:
        raise ValueError("whole years with a source are wanted")
    if [y["year"] for y in years] != list(range(days.known_from.year, days.known_through.year + 1)):
        raise ValueError("each year once, in order")
    if any(day.year != y["year"] for y in years for day in (*y["off"], *y["work"])):
        raise ValueError("a day stands under another year")
    for day in days.off | days.work:
        if type(day) is not date or not days.is_known(day) or (day.weekday() > 4) is (day in days.off):
            raise ValueError(f"{day} does not fit")


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
