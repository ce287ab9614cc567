"""A calendar brought on a stick is read, or refused by name."""

from __future__ import annotations

from datetime import date

import pytest

from jobdesk.cases.errors import BadInput
from jobdesk.cases.working_days import WorkingDays
from jobdesk.host import assets
from jobdesk.host.calendar_file import of_pack, working_days

HEAD = "known_from = 2027-01-01\nknown_through = {}-12-31\nsource = {{ document = 'x' }}\n"
YEAR = "[[year]]\nyear = {}\noff = [{}-01-01]\nwork = [{}]\n"


def read(content: str) -> WorkingDays:
    return of_pack({"w.toml": content.encode()})


def test_the_shipped_file_would_pass_as_a_pack() -> None:
    shipped = assets.path("calendar/workdays.toml").read_text(encoding="utf-8")
    assert read(shipped) == working_days() and working_days().document


def test_a_newer_file() -> None:
    calendar = read(HEAD.format(2027) + YEAR.format(2027, 2027, "2027-01-03"))
    assert not calendar.is_working(date(2027, 1, 1)) and calendar.is_working(date(2027, 1, 3))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "known_from = 1",
        "x = [",
        "[[year]]\nyear=2027",
        HEAD.format(2028) + YEAR.format(2027, 2027, "2027-01-03"),
        HEAD.format(2028) + YEAR.format(2027, 2027, "") + YEAR.format(2027, 2027, ""),
        HEAD.format(2027) + YEAR.format(2031, 2027, ""),
        HEAD.format(2027) + "year = []",
    ],
)  # fmt: skip
def test_malformed_or_claiming_years_it_does_not_list_is_refused(content: str) -> None:
    with pytest.raises(BadInput):
        read(content)
