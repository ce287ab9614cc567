"""The capacity page: what Jilin, ten times that and the country need, from unit costs that were measured.

``python -m benchmarks.capacity`` rewrites the tables of ``docs/capacity.md`` from ``unit_costs.toml``; with
``--taken`` it takes over the costs of the last ``python -m benchmarks evening`` and ``listing`` first; with
``--check`` it only says whether the page is what the costs say.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.clock import today
from jobdesk.host.system_clock import SystemClock
from province.serving import USUAL_PAUSE_S

HERE = Path(__file__).parent
COSTS = HERE / "unit_costs.toml"
PAGE = HERE.parent / "docs" / "capacity.md"
LAST, LISTING = Path("build/bench/evening.json"), Path("build/bench/listing.json")
"""What the last evening cost, and the list of stations, until somebody takes it over."""

PEOPLE, YEARLY, DESKS, DAY = 300, 30, 2, 30
"""People a station, operations a person and year, desks a station; operations of an evening's exchange."""
PEAK, SAFETY = 6, 4
"""The worst minute of the evening hour over its mean; what is bought over what is needed (own figures)."""
BOOT_HOURS, BOOT_YEARS = 8, 3
"""All PCs new in one working day, with so many years of work each (own figures)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One thing and what it costs; ``how`` it was measured."""

    what: str
    value: float
    unit: str
    how: str


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


def costs(path: Path = COSTS) -> dict[str, Cost]:
    with path.open("rb") as file:
        return {name: Cost(**line) for name, line in tomllib.load(file).items()}


def rows(cost: Mapping[str, Cost]) -> list[tuple[str, list[str]]]:
    """(line, a cell a place): every PC is open and exchanges whenever the server's pause is over; besides,
    everybody's evening exchange falls into one hour, six times the mean in its worst minute. One that has nothing
    to say asks the same three things, and is counted as dear as one that brings the day.
    """
    app_ms, db_ms = cost["app_ms"].value, cost["db_ms"].value
    wire_b, stored_b, boot_b = cost["wire_b"].value, cost["stored_b"].value, cost["boot_b"].value
    exchanges = [p.stations * DESKS for p in PLACES]
    beat = [e / USUAL_PAUSE_S for e in exchanges]
    evening = [e / 3600 * PEAK for e in exchanges]
    worst = [b + e for b, e in zip(beat, evening, strict=True)]
    asked_ms = cost["list_app_ms"].value + cost["list_db_ms"].value
    listed = [p.stations * cost["list_b"].value * DESKS * p.stations for p in PLACES]
    yearly = [p.stations * PEOPLE * YEARLY for p in PLACES]
    booted = [y * BOOT_YEARS * DESKS * boot_b for y in yearly]
    return [
        ("PCs", [f"{e:,}" for e in exchanges]),
        ("people", [f"{p.stations * PEOPLE:,}" for p in PLACES]),
        ("operations a year, millions", [f"{y / 1e6:,.0f}" for y in yearly]),
        (f"exchanges a second all day, every open PC each {USUAL_PAUSE_S} s", [f"{b:,.0f}" for b in beat]),
        ("the evening's besides, mean of its hour", [f"{e / 3600:,.1f}" for e in exchanges]),
        ("the evening's in its worst minute", [f"{e:,.0f}" for e in evening]),
        ("exchanges a second then, all together", [f"{w:,.0f}" for w in worst]),
        ("operations a second then", [f"{e * DAY:,.0f}" for e in evening]),
        ("cores for the server's processes, then", [f"{w * app_ms / 1000:,.1f}" for w in worst]),
        ("cores for PostgreSQL, then", [f"{w * db_ms / 1000:,.1f}" for w in worst]),
        (f"cores to buy (×{SAFETY})", [f"{w * (app_ms + db_ms) / 1000 * SAFETY:,.0f}" for w in worst]),
        ("line, worst minute, Mbit/s", [f"{w * wire_b * 8 / 1e6:,.1f}" for w in worst]),
        ("database grows a year by, GB", [f"{y * stored_b / 1e9:,.0f}" for y in yearly]),
        (
            f"every PC new in {BOOT_HOURS} hours after {BOOT_YEARS} years, GB",
            [f"{b / 1e9:,.0f}" for b in booted],
        ),
        ("the same, line in Mbit/s", [f"{b * 8 / (BOOT_HOURS * 3600) / 1e6:,.0f}" for b in booted]),
        (
            "cores in a morning's worst minute for “is the list of stations another one?”",
            [f"{e * asked_ms / 1000:,.2f}" for e in evening],
        ),
        ("the list to every PC on a day that it changed, GB", [f"{n / 1e9:,.1f}" for n in listed]),
    ]


def tables(cost: Mapping[str, Cost]) -> dict[str, str]:
    """The page's tables by name."""
    measured = [
        f"| {c.what} | {c.value:,g} {c.unit} | {c.how} |" for c in cost.values()
    ]  # fmt: skip
    needed = [f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows(cost)]
    names = " | ".join(p.name for p in PLACES)
    return {
        "costs": "\n".join(["| what | cost | measured |", "|---|---|---|", *measured]),
        "needs": "\n".join([f"| | {names} |", "|---|" + "---|" * len(PLACES), *needed]),
    }


def written(page: str, found: Mapping[str, str]) -> str:
    """The page with these tables between their marks."""
    for name, table in found.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, mark, rest = page.partition(begin)
        _, closing, after = rest.partition(end)
        if not mark or not closing:
            raise ValueError(f"{PAGE.name}: no place for {name}")
        page = before + begin + table + "\n" + end + after
    return page


def keep(values: Mapping[str, float], path: Path = LAST) -> None:
    """Remember what this evening cost, with the load of the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[1]
    told = {"values": dict(values), "load": load, "day": today(SystemClock()).isoformat()}
    path.write_text(json.dumps(told), "utf-8")


def take_over(last: Path = LAST, path: Path = COSTS) -> None:
    """The costs of the last run into ``unit_costs.toml``."""
    told = json.loads(last.read_text("utf-8"))
    how = f"{told['day']}, python -m benchmarks {last.stem}, load {told['load']:.0f} on {os.cpu_count()} virtual cores"
    section, lines = "", list[str]()
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        if section in told["values"] and line.startswith("value ="):
            line = f"value = {told['values'][section]:.4g}"
        elif section in told["values"] and line.startswith("how ="):
            line = f'how = "{how}"'
        lines.append(line)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main(argv: Sequence[str]) -> int:
    if "--taken" in argv:
        taken = [last for last in (LAST, LISTING) if last.exists()]
        if not taken:
            print(f"{LAST}, {LISTING}: nothing was measured here", file=sys.stderr)
            return 2
        for last in taken:
            take_over(last)
    before = PAGE.read_text("utf-8")
    after = written(before, tables(costs()))
    if "--check" in argv:
        return int(before != after)
    PAGE.write_text(after, "utf-8")
    print(after)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
