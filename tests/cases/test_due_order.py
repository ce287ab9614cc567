"""The order of the day: points that can be told, one line a person and day."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from random import Random

from files import TODAY, File, agenda

from jobdesk.cases.basis import Basis
from jobdesk.cases.due import Agenda, Bucket, DueKind, DueLine, place
from jobdesk.cases.due_lines import due_lines
from jobdesk.cases.due_order import DayLine, fold_day, standing
from jobdesk.cases.facts import CaseFacts, Rec, facts
from jobdesk.host import policy_files

PACKS = policy_files.shipped()


def today(day: date = TODAY) -> Agenda:
    made = agenda(day)
    made.packs = PACKS
    return made


def made(case: CaseFacts, at: Agenda) -> list[DayLine]:
    return fold_day(case.case_id, due_lines(case, at), standing(case, at), at)


def test_what_is_overdue_and_due_today_is_one_line_and_each_later_day_another() -> None:
    file = File(next_contact="2026-07-15", opened_on="2026-01-01")
    for n, due in enumerate(("2026-07-13", "2026-07-15", "2026-07-17", "2026-07-17", "2026-07-20")):
        file.add("measure", what=f"第{n}项", due=due, state="planned")
    folded = sorted(made(file.facts(), today()), key=lambda e: e.rank)
    assert [(e.bucket, len(e.lines)) for e in folded] == [
        (Bucket.OVERDUE, 3), (Bucket.THIS_WEEK, 2), (Bucket.LATER, 1)
    ]  # fmt: skip
    assert folded[0].lead.due == date(2026, 7, 13) and folded[0].uid == "case-1/now"
    assert len({e.uid for e in folded}) == len(folded)


def points(file: File, at: Agenda | None = None) -> dict[str, int]:
    (entry,) = made(file.facts(), at or today())
    assert entry.score == sum(p.points for p in entry.parts)
    return {p.key: p.points for p in entry.parts}


def test_points_for_days_overdue_stop_growing() -> None:
    assert points(File(next_contact="2026-07-14")) == {"order.overdue": 5}
    assert points(File(next_contact="2026-07-15")) == {}
    assert points(File(next_contact="2026-01-05")) == {"order.overdue": 100}


def test_one_category_counts_and_the_countys_word_before_a_sheets() -> None:
    def category(state: str, code: str = "JL1") -> File:
        return File(next_contact="2026-07-15").add(
            "recognition", category=code, state=state, since="2026-01-01"
        )

    assert points(category("recognised"))["order.category.hardship"] == 40
    assert points(category("recognised", "JL4"))["order.category.zero_household"] == 50
    assert points(category("ledger"))["order.category.unverified"] == 20
    assert "order.category.hardship" not in points(category("exited"))
    assert points(category("reported")) == {}  # whoever applied is named by no sheet
    ended = File(next_contact="2026-07-15").add(
        "recognition", category="JL1", state="recognised", since="2025-01-01", until="2026-07-01"
    )
    assert points(ended) == {}


def test_the_ladder_of_the_household_counts_for_its_members() -> None:
    at = today()
    rungs = [("rung", "r1", {"level": "community", "since": "2026-05-01", "until": "2026-06-30"}),
             ("rung", "r2", {"level": "street", "since": "2026-07-01"})]  # fmt: skip
    at.households = {"case-1": (facts("h1", {"kind": "zero"}, rungs),)}
    assert points(File(next_contact="2026-07-15"), at) == {"order.ladder.street": 40}


def test_the_order_depends_on_nothing_but_the_lines() -> None:
    at, rng = today(), Random(3)
    lines: list[DayLine] = []
    for n in range(60):
        case = CaseFacts(f"c{n:02d}", {"tier": str(1 + n % 3)}, {"recognition": (
            Rec("recognition", "r", {"state": "recognised", "category": "JL1", "since": "2026-01-01"}),
        )} if n % 2 else {})  # fmt: skip
        due = date(2026, 7, 6 + n % 14)
        line = place(at, case.case_id, DueKind.CONTACT, "", due, _never)
        assert isinstance(line, DueLine)
        lines += fold_day(case.case_id, [line], standing(case, at), at)
    ordered = sorted(lines, key=lambda e: e.rank)
    rng.shuffle(lines)
    assert [e.subject for e in sorted(lines, key=lambda e: e.rank)] == [e.subject for e in ordered]
    for a, b in pairwise(ordered):
        assert a.bucket <= b.bucket
        if a.bucket is b.bucket and a.bucket <= Bucket.TODAY:
            assert a.score >= b.score
        if a.bucket is b.bucket and a.bucket > Bucket.TODAY:
            assert (a.due, -a.score) <= (b.due, -b.score)


def _never() -> Basis:
    raise AssertionError("the order reads no trace")
