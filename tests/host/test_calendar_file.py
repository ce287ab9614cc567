"""A calendar brought on a stick is read, or refused by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases.errors import BadInput
from jobdesk.host import assets
from jobdesk.host.calendar_file import read, working_days


def test_shipped_file_reads_the_same_from_a_path() -> None:
    assert read(assets.path("calendar/workdays.toml")) == working_days()
    assert working_days().document


def test_a_newer_file(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_text(
        "known_from = 2027-01-01\nknown_through = 2027-12-31\nsource = { document = 'x' }\n"
        "[[year]]\nyear = 2027\noff = [2027-01-01]\nwork = [2027-01-03]\n",
        encoding="utf-8",
    )
    calendar = read(file)
    assert not calendar.is_working(date(2027, 1, 1)) and calendar.is_working(date(2027, 1, 3))


@pytest.mark.parametrize("content", ["", "known_from = 1", "x = [", "[[year]]\nyear=2027"])
def test_malformed_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "w.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput):
        read(file)
