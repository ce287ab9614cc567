"""The capacity page: what a province, ten of them and the country need, from unit costs that were measured.

``python -m benchmarks.capacity APP_MS DB_MS WIRE_B STORED_B`` prints ``docs/capacity.md``'s table; the four come
from the lines of ``benchmarks/evening.py``: CPU of the server and of PostgreSQL for one station's evening, its
bytes on the wire, and the bytes an operation keeps in the database.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

PEOPLE, YEARLY, DESKS, DAY = 300, 30, 2, 30
"""People a station, operations a person and year, desks a station (sync-study's model); operations of an evening."""
PEAK, SAFETY = 6, 4
"""The worst minute of the evening hour over its mean; what is bought over what is needed (own figures)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who is counted."""

    name: str
    stations: int


PLACES = (
    Place("Jilin, 12,000 stations", 12_000),
    Place("ten times that", 120_000),
    Place("the country, 607,000", 607_000),
)


def rows(app_ms: float, db_ms: float, wire_b: float, stored_b: float) -> list[tuple[str, list[str]]]:
    """(line, a cell a place): everybody's evening exchange falls into one hour, six times the mean in its worst
    minute."""
    exchanges = [p.stations * DESKS for p in PLACES]
    mean = [e / 3600 for e in exchanges]
    yearly = [p.stations * PEOPLE * YEARLY for p in PLACES]
    return [
        ("desks", [f"{e:,}" for e in exchanges]),
        ("people", [f"{p.stations * PEOPLE:,}" for p in PLACES]),
        ("exchanges a second, mean of the hour", [f"{m:,.1f}" for m in mean]),
        ("exchanges a second, its worst minute", [f"{m * PEAK:,.0f}" for m in mean]),
        ("operations a second, its worst minute", [f"{m * PEAK * DAY:,.0f}" for m in mean]),
        ("cores for the server's processes", [f"{m * PEAK * app_ms / 1000:,.1f}" for m in mean]),
        ("cores for PostgreSQL", [f"{m * PEAK * db_ms / 1000:,.1f}" for m in mean]),
        (f"cores to buy (×{SAFETY})", [f"{m * PEAK * (app_ms + db_ms) / 1000 * SAFETY:,.0f}" for m in mean]),
        ("line, worst minute, Mbit/s", [f"{m * PEAK * wire_b * 8 / 1e6:,.1f}" for m in mean]),
        ("database a year, GB", [f"{y * stored_b / 1e9:,.0f}" for y in yearly]),
    ]


def main(argv: list[str]) -> int:
    app_ms, db_ms, wire_b, stored_b = (float(a) for a in argv)
    print("| | " + " | ".join(p.name for p in PLACES) + " |\n|---|" + "---|" * len(PLACES))
    for name, cells in rows(app_ms, db_ms, wire_b, stored_b):
        print(f"| {name} | " + " | ".join(cells) + " |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
