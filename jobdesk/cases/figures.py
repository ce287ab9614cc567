"""Figures that no notice gives: our own (自定), each with its unit and where it can be argued with."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from jobdesk.cases.basis import OWN, Source
from jobdesk.cases.codes import Status


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. ``unit`` is working_day, day, month, weekday (1 = Monday) or character."""

    key: str
    value: int
    unit: str
    status: Status = "own"
    source: Source = OWN


@dataclass(frozen=True, slots=True)
class Figures:
    """All of them by key."""

    by_key: Mapping[str, Figure]

    def __getitem__(self, key: str) -> Figure:
        """Raises KeyError for a figure that is not shipped: a fault of ours."""
        return self.by_key[key]

    def value(self, key: str, missing: int = 0) -> int:
        """The number, or ``missing`` where none is shipped under this key."""
        found = self.by_key.get(key)
        return missing if found is None else found.value

    def changed(self, values: Mapping[str, int]) -> Figures:
        """With a station's own settings; a changed figure is 自定 whatever it was. Unknown keys are left."""
        known = {k: v for k, v in values.items() if k in self.by_key}
        changed = {
            k: replace(self.by_key[k], value=v, status="own", source=Source("jobdesk", "本站设置"))
            for k, v in known.items()
            if v != self.by_key[k].value
        }
        return Figures({**self.by_key, **changed})

    def over(self, others: Mapping[str, Figure]) -> Figures:
        """With these laid over, new keys added."""
        return Figures({**self.by_key, **others})


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= _SHORTEST:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


_SHORTEST = 28
