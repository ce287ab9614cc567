"""Retirement after the reform: every row of the published schedule, the edges, what is not known."""

from __future__ import annotations

from datetime import date

import pytest

from jobdesk.cases.due import Agenda, Bucket, DueKind, DueLine
from jobdesk.cases.due_retirement import retirement_lines
from jobdesk.cases.facts import facts
from jobdesk.cases.figures import add_months
from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.retirement import (
    contribution_months,
    kinds_of,
    months_until,
    possible,
    retirement,
    terms,
)
from jobdesk.cases.rules.situation import Situation, Span
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import FACTS, judge
from jobdesk.cases.working_days import WorkingDays
from jobdesk.host import assets, policy_files
from jobdesk.host.template_files import figures, service_rules

DAY = date(2026, 7, 15)
PACKS = policy_files.shipped()
FIGURES = figures()
ROWS = assets.csv_rows("retirement/schedule.csv")


def _month(day: date) -> str:
    return day.isoformat()[:7]


def test_every_row_of_the_schedule() -> None:
    assert len(ROWS) == 483 and {r["category"] for r in ROWS} == {"M60", "F55", "F50"}
    for row in ROWS:
        at = terms(PACKS, row["category"], DAY)
        assert at is not None
        for day in (1, 28):
            born = date.fromisoformat(f"{row['birth_ym']}-{day:02d}")
            found = retirement(born, at)
            assert found.delay == int(row["delay_months"]), row
            age = at.age * 12 + found.delay
            assert divmod(age, 12) == (int(row["statutory_age_years"]), int(row["statutory_age_months"])), row
            assert _month(found.day) == row["retire_ym"], row
            assert _month(found.earliest) == row["earliest_elastic_ym"], row
            assert _month(found.latest) == row["latest_elastic_ym"], row
            assert contribution_months(PACKS, found.day) == float(row["min_contribution_years"]) * 12, row


def test_the_last_of_a_month_stays_in_its_month() -> None:
    at = terms(PACKS, "M60", DAY)
    assert at is not None
    assert retirement(date(1965, 1, 31), at).day == date(2025, 2, 28)
    assert retirement(date(1964, 2, 29), at).day == date(2024, 2, 29)


def test_before_the_decision_nobody_was_delayed() -> None:
    at = terms(PACKS, "F50", date(2024, 9, 12))
    assert at is not None and retirement(date(1990, 1, 1), at).delay == 0
    assert terms(PACKS, "F50", date(2014, 1, 1)) is None


@pytest.mark.parametrize(
    ("sex", "recorded", "kinds"),
    [("1", "", ("M60",)), ("2", "", ("F50", "F55")), ("2", "F55", ("F55",)), ("2", "unknown", ("F50", "F55")),
     ("", "", ()), ("", "F50", ("F50",)), ("2", "M60", ("F50", "F55"))],
)  # fmt: skip
def test_which_types_are_possible(sex: str, recorded: str, kinds: tuple[str, ...]) -> None:
    assert kinds_of(sex, recorded) == kinds


def test_a_woman_of_unknown_type_has_both_dates() -> None:
    found = [low.day for low, _ in possible(PartialDate(1977, 3, 10), kinds_of("2", ""), PACKS, DAY)]
    assert found == [date(2028, 5, 10), date(2034, 1, 10)]


def _situation(**root: str) -> Situation:
    return Situation(facts("c", root, _proven(root)), DAY, PACKS)


def _proven(root: dict[str, str], *names: str) -> list[tuple[str, str, dict[str, Json]]]:
    """户口簿 was seen with this birth date, and the papers of these fields."""
    return [
        ("proof", f"p-{name}", {"field": name, "value": root.get(name, ""), "source": "document",
                                "looked_on": "2020-01-01"})
        for name in ("birth", *names)
    ]  # fmt: skip


def test_months_left_are_bounds_while_the_type_is_not_known() -> None:
    read = FACTS["months_to_retirement"]
    typed = {"birth": "1977-03-10", "sex": "2", "retirement_type": "F50"}
    known = read(Situation(facts("c", typed, _proven(typed, "retirement_type")), DAY, PACKS))
    assert known.value == 21 and {s.id for s in known.seen} == {"p-birth", "p-retirement_type"}
    guessed = read(_situation(**typed))
    assert guessed.value == Span(21, 89) and guessed.unchecked, "a type that no record confirmed is a guess"
    vague = read(_situation(birth="1977-03-10", sex="2"))
    assert vague.value == Span(21, 89) and vague.unchecked
    assert read(_situation(birth="1977-03-10")).value is None
    assert FACTS["months_to_former_retirement"](_situation(birth="1977-03-10", sex="2")).value == Span(7, 67)


@pytest.mark.parametrize(("day", "left"), [
    (date(2028, 5, 10), 0), (date(2028, 5, 9), 0), (date(2028, 4, 10), 1), (date(2028, 4, 11), 0),
    (date(2023, 5, 10), 60), (date(2023, 5, 11), 59), (date(2028, 5, 11), -1), (date(2028, 6, 10), -1), (date(2028, 6, 11), -2),
])  # fmt: skip
def test_months_until(day: date, left: int) -> None:
    assert months_until(day, date(2028, 5, 10)) == left


def test_five_years_to_the_day() -> None:
    at = terms(PACKS, "M60", DAY)
    assert at is not None
    day = retirement(date(1970, 6, 15), at).day
    five_years_before = add_months(day, -60)
    assert months_until(five_years_before, day) == 60
    assert months_until(date.fromordinal(five_years_before.toordinal() + 1), day) == 59


def test_the_age_only_prompts_and_the_pension_is_another_fact() -> None:
    past = {"birth": "1964-06", "sex": "1"}
    assert judge("retirement.check_pension", _situation(**past)).outcome is Outcome.MET
    drawn = judge("retirement.check_pension", _situation(**past, pension_since="2024-07"))
    assert drawn.outcome is Outcome.NOT_MET
    open_type = judge("retirement.check_pension", _situation(birth="1975-03-10", sex="2"))
    assert open_type.outcome is Outcome.UNKNOWN and open_type.missing == ("retirement_age_reached",)
    assert ("case", "retirement_type") in open_type.facts[0].change


# ---- 今日


def _lines(
    root: dict[str, str], on: date = DAY, looked: str = "", proven: bool = True, seen: tuple[str, ...] = ()
) -> list[DueLine]:
    agenda = Agenda(on, WorkingDays(on, on, frozenset(), frozenset()), FIGURES, service_rules(), None, PACKS)
    rows = [("verification", "v", {"kind": "retirement", "result": "clear", "looked_on": looked})]
    listed = [*(rows if looked else ()), *(_proven(root, *seen) if proven else ())]
    found = facts("c", {"help_state": "open", **root}, listed)
    return list(retirement_lines(found, agenda, {}))


WOMAN = {"sex": "2", "birth": "1975-11-20"}
"""Of the type 50: 1975-11 → 50 years and 6 months, May 2026; of 55: 2032."""


def test_a_woman_nearing_fifty_is_asked_about_on_the_right_morning() -> None:
    assert _lines(WOMAN, date(2026, 4, 10)) == []
    (line,) = _lines(WOMAN, date(2026, 5, 20))
    assert line.due == date(2026, 5, 20) and line.bucket is Bucket.TODAY and line.kind is DueKind.PENSION
    assert line.basis.outcome == "unknown" and "retirement_type_open" in line.basis.notes
    assert {name for name, _ in line.basis.dates} >= {"retires_F50", "retires_F55"}
    (line,) = _lines(WOMAN, date(2026, 5, 1))
    assert line.due == date(2026, 5, 20) and line.bucket is Bucket.LATER


def test_a_birth_that_nobody_confirmed_is_asked_for_first() -> None:
    (line,) = _lines(WOMAN, date(2026, 5, 20), proven=False)
    assert line.kind is DueKind.VERIFY and line.due == date(2026, 5, 20)
    assert dict(line.params)["part"] == "birth" and line.key.startswith("verify:birth:")
    (used,) = [f for f in line.basis.facts if f.name == "retirement_age_reached"]
    assert used.unchecked and ("case", "birth") in used.change


def test_only_what_is_open_is_offered_to_be_filled_in() -> None:
    """崔雅琴: her birth date is known; what lacks is her type."""
    (line,) = _lines(WOMAN, date(2026, 5, 20))
    (used,) = [f for f in line.basis.facts if f.name == "retirement_age_reached"]
    assert used.change == (("case", "retirement_type"),)


def test_what_answers_the_line() -> None:
    on = date(2026, 6, 1)
    assert _lines({**WOMAN, "pension_since": "2026-05-21"}, on) == []
    assert _lines({**WOMAN, "retirement_type": "F55"}, on, seen=("retirement_type",)) == []
    assert _lines({**WOMAN, "retirement_type": "F55"}, on) != [], "typed, and confirmed by no record"
    assert _lines({**WOMAN, "retirement_type": "F50"}, on, seen=("retirement_type",)) != []
    for day, count in (("2026-05-25", 0), ("2026-05-01", 0), ("2026-01-05", 1)):
        assert len(_lines(WOMAN, on, day)) == count
    (line,) = _lines({**WOMAN, "opened_on": "2026-05-28", "first_round_on": "2026-06-10"}, on)
    assert line.due == date(2026, 6, 10)  # nobody starts overdue


def test_a_month_of_birth_waits_for_its_last_day() -> None:
    (line,) = _lines({"sex": "1", "birth": "1966-03"}, date(2026, 7, 1))
    assert line.due == date(2026, 7, 31) and line.basis.outcome == "met"


def test_the_young_cost_nothing() -> None:
    assert _lines({"sex": "2", "birth": "1990-01-01"}) == [] and _lines({"sex": "2"}) == []
