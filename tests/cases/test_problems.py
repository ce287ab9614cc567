"""What stands beside a field, and whether it blocks."""

from __future__ import annotations

import pytest
from files import FIGURES, TODAY, File
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases import schema
from jobdesk.cases.facts import facts
from jobdesk.cases.ops import Json
from jobdesk.cases.problems import problems_of
from jobdesk.cases.record_checks import CHECKS


def found(kind: str, values: dict[str, Json], file: File | None = None, record_id: str = "") -> list[str]:
    others = file.facts() if file else None
    got = problems_of(kind, values, TODAY, FIGURES, others=others, record_id=record_id)
    return [f"{'!' if p.blocks else '?'}{p.field}:{p.code}" for p in got]


def number(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


WOMAN = number("22990119900307122")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ["!name:name_missing"]),
        ({"name": "甲", "id_number": WOMAN, "birth": "1990-03", "sex": "2"}, []),
        ({"name": "甲", "opened_on": "9999-12-31"}, ["!opened_on:year_out_of_range"]),
        ({"name": "甲", "birth": "0001"}, ["!birth:year_out_of_range"]),
        ({"name": "甲", "next_contact": "2101-01-01"}, ["!next_contact:year_out_of_range"]),
        ({"name": "甲", "id_number": WOMAN[:-3] + "000"}, ["!id_number:id_damaged"]),
        ({"name": "甲", "id_number": "229901900307122"}, ["!id_number:id_old15"]),
        ({"name": "甲", "old_id_number": "229901900307122"}, ["?id_number:id_ask_18"]),
        ({"name": "甲", "id_number": WOMAN, "sex": "1"}, ["?sex:sex_differs_from_id"]),
        ({"name": "甲", "id_number": WOMAN, "birth": "1991"}, ["?birth:birth_differs_from_id"]),
        ({"name": "甲", "birth": "2026-08"}, ["!birth:birth_in_future"]),
        ({"name": "甲", "birth": "2015-01-01"}, ["?birth:under_sixteen"]),
        ({"name": "甲", "birth": "1990-02-30"}, ["!birth:date_unreadable"]),
        (
            {"name": "甲", "birth": "1990", "graduated_on": "1985-07"},
            ["!graduated_on:graduated_before_birth"],
        ),
        ({"name": "甲", "notice_on": "2026-07"}, ["!notice_on:day_needed"]),
        ({"name": "甲", "notice_on": "2026-07-16"}, ["!notice_on:date_in_future"]),
        ({"name": "甲", "phone": "1991234567"}, ["?phone:phone_length"]),
        ({"name": "甲", "phone": "0432-62012345", "phone_2": "19912345678"}, []),
        ({"name": "甲", "phone": "没有"}, ["?phone:phone_characters"]),
        ({"name": "甲" * 201}, ["!name:text_too_long"]),
        ({"name": "甲", "help_state": "ended"}, ["!help_reason:end_without_reason"]),
    ],
)
def test_a_person(values: dict[str, Json], expected: list[str]) -> None:
    assert found("case", values) == expected


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("service", {"type": "HF", "served_on": "2026-07-15"}, []),
        ("service", {}, ["!type:type_missing", "!served_on:served_on_missing"]),
        ("service", {"type": "HF", "served_on": "2026-07-16"}, ["!served_on:served_in_future"]),
        ("service", {"type": "HF", "served_on": "2026-07-08"}, []),
        ("service", {"type": "HF", "served_on": "2026-07-07"}, ["!late_reason:late_reason_needed"]),
        ("service", {"type": "HF", "served_on": "2026-07-07", "late_reason": "停电"}, []),
        ("service", {"type": "GWTJ", "served_on": "2026-07-15"}, ["?vacancies:post_unnamed"]),
        (
            "service",
            {"type": "HF", "served_on": "2026-07-15", "next_contact": "2026-07-15"},
            ["!next_contact:next_before_service"],
        ),
        ("benefit", {"since": "2026-03", "until": "2026-03-01"}, []),
        ("benefit", {"since": "2026-03", "until": "2026-02"}, ["!until:until_before_since"]),
        ("recognition", {}, ["!category:category_missing"]),
        ("recognition", {"category": "JL2", "state": "exited"}, ["!exit_reason:end_without_reason"]),
        (
            "recognition",
            {"category": "JL2", "state": "recognised"},
            ["?authority:recognition_paper_missing"],
        ),
        ("placement", {"since": "2026-07", "unit": "甲"}, ["?verified_on:placement_unverified"]),
        ("postponement", {"until": "2026-07-16"}, ["!reason:deferral_without_reason"]),
        ("postponement", {"until": "2026-07-15", "reason": "x"}, ["!until:until_passed"]),
        (
            "measure",
            {"what": "x", "owner": "s", "due": "2026-07-20", "replaces": "m1"},
            ["!reason:deferral_without_reason"],
        ),
        ("plan", {"agreed_on": "2026-07-01", "goal_due": "2026-06-30"}, ["!goal_due:due_before_agreed"]),
        ("statement", {"kind": "study"}, ["?stated_on:statement_undated"]),
        ("vacancy", {"unit": "甲", "post": "乙", "headcount": 0}, ["!headcount:number_negative"]),
    ],
)
def test_records(kind: str, values: dict[str, Json], expected: list[str]) -> None:
    assert found(kind, values) == expected


def test_two_open_spells_of_registered_unemployment() -> None:
    file = File().add("registration", since="2026-01", registered=True)
    assert "!until:open_spell_exists" in found("registration", {"since": "2026-05"}, file)
    assert found("registration", {"since": "2026-01"}, file, "registration-1") == [], "not against itself"
    assert found("registration", {"since": "2025-01", "until": "2025-06", "end_reason": "11"}, file) == []
    overlap = found("registration", {"since": "2025-06", "until": "2026-03", "end_reason": "11"}, file)
    assert overlap == ["?since:spells_overlap"]


def test_a_late_entry_is_judged_by_the_day_it_was_entered() -> None:
    from datetime import date

    values: dict[str, Json] = {"type": "HF", "served_on": "2026-05-01"}
    assert problems_of("service", values, TODAY, FIGURES, entered_on=date(2026, 5, 3)) == []


def test_checks_are_for_kinds_that_exist() -> None:
    assert set(CHECKS) <= set(schema.RECORDS)


_VALUES = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(),
    st.booleans(),
    st.just("2026-07-15"),
    st.just("229901199003071233"),
)


@given(st.sampled_from(sorted(schema.RECORDS)), st.data())
def test_no_value_makes_a_check_fail(kind: str, data: st.DataObject) -> None:
    names = [f.name for f in schema.RECORDS[kind]]
    values = data.draw(st.dictionaries(st.sampled_from(names), _VALUES))
    for problem in problems_of(kind, values, TODAY, FIGURES):
        assert problem.field in names


def test_a_next_contact_is_put_off_with_a_reason_only() -> None:
    stored = {"name": "周雨桐", "next_contact": "2026-07-20", "next_contact_reason": "定期联系"}
    file = facts("c", stored, [])

    def asked(**typed: str | None) -> bool:
        values = {k: v for k, v in {**stored, **typed}.items() if v is not None}
        found = problems_of("case", values, TODAY, FIGURES, others=file)
        return "put_off_needs_reason" in {p.code for p in found}

    assert asked(next_contact="2026-08-20") and asked(next_contact=None)
    assert asked(next_contact="2026-08-20", next_contact_reason="")
    assert not asked(next_contact="2026-08-20", next_contact_reason="本人在外地")
    assert not asked() and not asked(next_contact="2026-07-18")
    new = problems_of("case", {**stored, "next_contact_reason": ""}, TODAY, FIGURES)
    assert "put_off_needs_reason" not in {p.code for p in new}, "a new file puts nothing off"
