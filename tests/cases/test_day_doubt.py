"""A machine's date that cannot be, and one that is far ahead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jobdesk.cases.day_doubt import day_doubt

LAST = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("days", "kind"),
    [(-3650, "back"), (-1, "back"), (0, ""), (1, ""), (90, ""), (91, "ahead"), (3650, "ahead")],
)
def test_before_the_last_day_and_long_after_it_are_in_doubt(days: int, kind: str) -> None:
    found = day_doubt(LAST + timedelta(days=days), LAST, 90)
    assert (found.kind if found else "") == kind
    if found:
        assert (found.last, found.machine) == (LAST, LAST + timedelta(days=days))


def test_where_nothing_is_known_nothing_is_doubted() -> None:
    assert day_doubt(LAST, None, 90) is None
