"""Builds resources/calendar/workdays.toml: where the State Council's days differ from Monday to Friday.

    python tools/build_calendar.py

chinesecalendar is a development tool only; the program reads the file, which can be replaced offline
when the next year's notice is out (usually in November).
"""

from __future__ import annotations

from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

OUT = Path(__file__).resolve().parent.parent / "resources" / "calendar" / "workdays.toml"


def exceptions(year: int) -> tuple[list[date], list[date]]:
    """Weekdays that are free, and days of the weekend that are worked."""
    day, free, worked = date(year, 1, 1), list[date](), list[date]()
    while day.year == year:
        working = chinese_calendar.is_workday(day)
        if working != (day.weekday() < 5):
            (worked if working else free).append(day)
        day += timedelta(days=1)
    return free, worked


def listed(name: str, days: list[date]) -> str:
    return f"{name} = [{', '.join(day.isoformat() for day in days)}]\n"


def main() -> None:
    years = sorted({day.year for day in (*holidays, *workdays)})
    text = (
        "# Where the State Council differs from Monday to Friday: weekdays off, weekend days worked.\n"
        f"known_from = {years[0]}-01-01\n"
        f"known_through = {years[-1]}-12-31\n\n"
        "[source]\n"
        'document = "国务院办公厅关于部分节假日安排的通知（历年）"\n'
        f'clause = "经 chinesecalendar {version("chinesecalendar")} 整理"\n'
    )
    for year in years:
        free, worked = exceptions(year)
        text += f"\n[[year]]\nyear = {year}\n{listed('off', free)}{listed('work', worked)}"
    OUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
