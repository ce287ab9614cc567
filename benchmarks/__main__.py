"""``make bench``: every measurement in one run, as the table of README.md; ``python -m benchmarks sync`` those of
the exchange with the province.
"""

from __future__ import annotations

import importlib
import platform
import sys

from benchmarks.measure import HEAD

ALL = (
    "starting",
    "saving",
    "searching",
    "dates",
    "today",
    "importing",
    "sheets",
    "alternatives",
    "accepting",
    "pushing",
    "syncing",
    "evening",
    "pulls",
    "listing",
)

GROUPS = {"sync": ("accepting", "pushing", "syncing", "evening", "pulls", "listing")}


def main(names: list[str]) -> int:
    print(f"{platform.platform()}, Python {platform.python_version()}\n\n{HEAD}")
    missed = 0
    for name in [one for asked in names or ALL for one in GROUPS.get(asked, (asked,))]:
        for result in importlib.import_module(f"benchmarks.{name}").run():
            print(result.row(), flush=True)
            missed += result.ok is False
    print(f"\n{missed} aims missed" if missed else "\nevery aim met")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
