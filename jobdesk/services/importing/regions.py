"""Where a number was first issued (首次编码地): today's counties, abolished ones, other provinces, unknown.

A hint, never more: it says nothing about where the person is registered now (domain.md §3.1, §3.2).
"""

from __future__ import annotations

import functools
from typing import Literal

from jobdesk.host import assets

Standing = Literal["current", "historic", "elsewhere", "unknown"]
_HOME = "22"


@functools.cache
def _known() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    current = frozenset(row["code"] for row in assets.csv_rows("regions/counties.csv"))
    historic = frozenset(row["code"] for row in assets.csv_rows("regions/history.csv"))
    provinces = frozenset(row["code"][:2] for row in assets.csv_rows("regions/provinces.csv"))
    return current, historic - current, provinces


@functools.lru_cache(maxsize=4096)
def standing(region: str) -> Standing:
    """What the first six digits are."""
    current, historic, provinces = _known()
    if region in current:
        return "current"
    if region in historic:
        return "historic"
    if not region.startswith(_HOME) and region[:2] in provinces:
        return "elsewhere"
    return "unknown"
