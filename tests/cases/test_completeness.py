"""What is missing, by name; 一人一策 only where the notices ask for one."""

from __future__ import annotations

import pytest
from files import ITEMS, File, graduate
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.completeness import CONDITIONS, completeness, hardship, missing


def codes(file: File) -> set[str]:
    return {m.code for m in missing(file.facts(), ITEMS)}


def test_a_plan_is_missing_only_where_one_is_asked_for() -> None:
    assert "plan" not in codes(File())
    assert "plan" not in codes(graduate())
    unverified = File().add("recognition", category="JL2", state="ledger")
    assert "plan" in codes(unverified)
    assert "plan" not in codes(
        File(help_state="ended").add("recognition", category="JL2", state="recognised")
    )
    unverified.add("plan", analysis="未商定")
    assert "plan" in codes(unverified), "a plan that was not agreed is none"
    unverified.add("plan", agreed_on="2026-05-18")
    assert "plan" not in codes(unverified)
    (item,) = [
        m for m in missing(File().add("recognition", state="ledger").facts(), ITEMS) if m.code == "plan"
    ]
    assert item.status == "lapsed" and "一人一策" in item.source.clause


def test_graduates_are_asked_for_their_school() -> None:
    assert {"school", "major", "origin_place"} <= codes(graduate())
    assert "school" not in codes(File())


def test_one_phone_is_enough_and_the_percentage_follows() -> None:
    before = completeness(File().facts(), ITEMS)
    after = completeness(File(phone_2="19912345678").facts(), ITEMS)
    assert "phone" not in {m.code for m in after.missing} and after.percent > before.percent
    assert completeness(File(notice_on=None).facts(), ITEMS).percent == 0


def test_whole_files_are_whole() -> None:
    everything = {name: "x" for item in ITEMS for name in item.fields if item.record == "case"}
    whole = completeness(File(**everything).facts(), ITEMS)
    assert (whole.percent, whole.missing) == (100, ())


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], ""),
        ([{"state": "ledger"}], "unverified"),
        ([{"state": "applied"}], "applied"),
        ([{"state": "reported"}, {"state": "ledger"}], "unverified"),
        ([{"state": "ledger"}, {"state": "recognised"}], "recognised"),
        ([{"state": "recognised", "until": "2026-01"}], ""),
        ([{"state": "exited"}, {"state": "refused"}], ""),
    ],
)
def test_only_the_county_recognises(records: list[dict[str, str]], expected: str) -> None:
    file = File()
    for values in records:
        file.add("recognition", **values)
    assert hardship(file.facts()) == expected


def test_every_condition_of_the_list_is_known() -> None:
    assert {item.when for item in ITEMS} <= set(CONDITIONS)


@given(st.sets(st.sampled_from(sorted({n for i in ITEMS for n in i.fields if i.record == "case"}))))
def test_filling_a_field_never_lowers_the_percentage(filled: set[str]) -> None:
    less = completeness(graduate(**dict.fromkeys(sorted(filled)[1:], "x")).facts(), ITEMS)
    more = completeness(graduate(**dict.fromkeys(filled, "x")).facts(), ITEMS)
    if "graduate_kind" not in filled:
        assert more.percent >= less.percent
        assert (more.percent == 100) == (not more.missing)
