"""Papers of households: what they show, and what they never do."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.recognising import Act
from jobdesk.reports.household_papers import FORM, LIST, PUBLICITY, household_paper
from jobdesk.services.editing import add_record
from tests.services.test_household_verbs import Home

NUMBER = "229901201403070017"


def words(home: Home, key: str, masked: bool = True) -> str:
    data = home.desk.read(lambda con: household_paper(con, home.desk, home.id, key, masked)).result()
    pdf = pypdfium2.PdfDocument(data)
    return "".join(page.get_textpage().get_text_range() for page in pdf)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path, address="幸福小区12号楼")
    child: dict[str, Json] = {
        "name": "钱六", "relation": "daughter", "birth_year": 2001, "state": "inmate", "hukou_kind": "10",
        "id_number": NUMBER,
    }  # fmt: skip
    add_record(made.desk, Subject("household", made.id), "member", child).result()
    return made


def test_the_form_names_every_member_and_masks_numbers(home: Home) -> None:
    said = words(home, FORM)
    for name in ("钱一", "孙二", "钱三", "钱六"):
        assert name in said
    assert NUMBER not in said
    assert NUMBER in words(home, FORM, masked=False)
    for secret in ("收监", "服刑"):
        assert secret not in said


def test_the_notice_shows_the_applicant_and_nothing_of_the_members(home: Home) -> None:
    with pytest.raises(Refused):
        words(home, PUBLICITY)
    home.to_report()
    said = words(home, PUBLICITY)
    assert "钱一" in said and "甲社区" in said and "2026年6月18日" in said
    for name in ("孙二", "钱三", "钱六", "幸福小区", NUMBER[:6], "失业"):
        assert name not in said


def test_the_list_holds_the_recognised_only(home: Home) -> None:
    with pytest.raises(Refused):
        words(home, LIST)
    home.to_report()
    with pytest.raises(Refused):
        words(home, LIST)
    home.act(
        Act.RECOGNISE,
        decided_on="2026-07-01",
        decided_by="县",
        decision_no="1",
        source="document",
        filing_no="B-1",
    )
    said = words(home, LIST)
    assert "钱一" in said and "B-1" in said and "幸福小区" not in said
