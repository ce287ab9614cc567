"""Posts from pasted cells: headings by other names, nothing twice, no day invented."""

import pytest

from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import Json
from jobdesk.services.importing import files
from jobdesk.services.vacancies import Vacancy
from jobdesk.services.vacancy_import import compared, posts_in

PASTED = "企业名称\t招聘岗位\t月薪\t招聘人数\t有效期至\n新华书店\t导购\t3000\t3人\t2026.9.1\n甲厂\t普工\t\t若干\t2026年8月\n"


def _post(**values: str) -> Vacancy:
    names = ("pay", "place", "source", "checked_on", "valid_until", "contact", "requirement", "note")
    body = dict.fromkeys(names, "")
    return Vacancy(id="v", **{**body, **values}, headcount=None, is_current=True)


def test_headings_by_other_names_are_known_and_only_exact_days_are_days() -> None:
    first, second = posts_in(files.read_pasted(PASTED), "")
    assert first == {
        "unit": "新华书店", "post": "导购", "pay": "3000", "headcount": 3, "valid_until": "2026-09-01"
    }  # fmt: skip
    assert "valid_until" not in second and "headcount" not in second
    assert second["note"] == "若干；2026年8月"


def test_what_is_here_already_and_what_stands_twice_is_not_taken_again() -> None:
    rows: list[dict[str, Json]] = [
        {"unit": "甲", "post": "乙"}, {"unit": "甲", "post": "乙"}, {"unit": "丙", "post": "丁"}, {"unit": "戊"}
    ]  # fmt: skip
    found = compared(rows, [_post(unit="丙", post="丁")])
    assert [v["unit"] for v in found.fresh] == ["甲"]
    assert (found.known, found.incomplete) == (2, 1)
    assert compared(rows, [_post(unit="丙", post="丁"), _post(unit="甲", post="乙")]).fresh == ()


def test_a_table_of_people_is_refused() -> None:
    with pytest.raises(BadInput):
        posts_in(files.read_pasted("姓名\t身份证号\n周雨桐\t\n"), "")
