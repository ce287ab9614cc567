"""The people behind a number, in a popover beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from jobdesk.reports.month_numbers import MonthNumbers
from jobdesk.ui.kit import Popover, Text, column
from jobdesk.ui.month.lists import Item, PeopleList
from jobdesk.ui.month.state import t

TALLEST = 380
"""Logical pixels of the list; longer ones scroll."""


def people_items(numbers: MonthNumbers, key: str) -> list[Item]:
    """A line a person, with how often where it was more than once."""
    total = numbers.total(key)
    times: dict[str, int] = {}
    for case_id, _ in total.records:
        times[case_id] = times.get(case_id, 0) + 1
    return [
        Item(numbers.names.get(i) or t("no_name"), t("times", count=times[i]) if times[i] > 1 else "", i)
        for i in total.people
    ]


def people_popover(
    numbers: MonthNumbers, key: str, anchor: QWidget, opened: Callable[[Item], object]
) -> Popover:
    """Shown at once; a line closes it and opens its person."""
    items = people_items(numbers, key)
    found = PeopleList(t("people_of"), two_lines=False)
    found.put(items)
    found.setMinimumHeight(min(max(len(items), 1) * found.line_height + 8, TALLEST))
    count = numbers.total(key).count
    head = Text(t("people_count", people=len(items), count=count), "caption", "ink_2")
    popover = Popover(anchor, column(head, (found, 1), gap=6, pad=(12, 10, 12, 10)), 280)

    def go(item: Item) -> None:
        popover.close()
        opened(item)

    found.opened.connect(go)
    popover.open_by(anchor)
    found.setFocus()
    return popover
