"""A person's next contact is one date with its reason; 回访 after a job, 转岗需求, the next round."""

from __future__ import annotations

from datetime import date

import pytest
from files import TODAY, File, agenda, graduate

from jobdesk.cases.contacts import contacts_of
from jobdesk.cases.due import CONTACT_KINDS, Agenda, DueKind, DueLine
from jobdesk.cases.due_lines import due_lines
from jobdesk.cases.next_contact import NextContact, next_contact
from jobdesk.host import policy_files

PACKS = policy_files.shipped()


def with_packs(day: date = TODAY, **changes: int) -> Agenda:
    made = agenda(day, **changes)
    made.packs = PACKS
    return made


def following(file: File, day: date = TODAY, **changes: int) -> NextContact | None:
    facts, today = file.facts(), with_packs(day, **changes)
    return next_contact(facts, today, contacts_of(facts, today.rules))


def lines(file: File, day: date = TODAY) -> dict[DueKind, DueLine]:
    return {x.kind: x for x in due_lines(file.facts(), with_packs(day))}


def job(since: str, **values: str) -> File:
    return File(opened_on="2026-01-05").add("placement", since=since, form="10", unit="某厂", **values)


@pytest.mark.parametrize(
    ("since", "today", "due", "number"),
    [
        ("2026-06-20", "2026-07-15", "2026-07-20", "1"),
        ("2026-06-01", "2026-07-15", "2026-07-01", "1"),  # overdue
        (
            "2026-03-01",
            "2026-07-15",
            "2026-06-01",
            "2",
        ),  # of two missed ones the later: one call answers both
        ("2026-01-31", "2026-02-10", "2026-02-28", "1"),  # the month's end
        ("2026-01-15", "2026-07-15", "2026-07-15", "3"),
        ("2026-01-06", "2027-07-15", "2026-07-06", "3"),
    ],
)
def test_follow_ups_come_one_three_and_six_months_after_a_job(
    since: str, today: str, due: str, number: str
) -> None:
    found = following(job(since, verified_on=since), date.fromisoformat(today))
    assert found is not None and found.kind is DueKind.FOLLOW_UP
    assert (found.day.isoformat(), found.part, found.record) == (due, number, "placement-1")
    basis = found.basis()
    assert basis.status == "own" and "自定" in basis.source.clause and basis.sentence


def test_the_leap_day_has_its_follow_up() -> None:
    found = following(job("2028-01-29", verified_on="2028-01-29"), date(2028, 2, 10))
    assert found is not None and found.day == date(2028, 2, 29)
    found = following(job("2028-02-29", verified_on="2028-02-29"), date(2028, 2, 29))
    assert found is not None and found.day == date(2028, 3, 29)
    assert DueKind.FOLLOW_UP in lines(job("2028-01-29", verified_on="2028-01-29"), date(2028, 2, 29))


def test_a_contact_some_days_before_is_the_follow_up_and_an_attempt_is_none() -> None:
    file = job("2026-06-20", verified_on="2026-06-20")
    early = file.serve("HF", "2026-07-10", outcome="connected")
    found = following(early)
    assert found is not None and (found.part, found.day) == ("2", date(2026, 9, 20))
    tried = job("2026-06-20", verified_on="2026-06-20").serve("HF", "2026-07-10", outcome="no_answer")
    found = following(tried)
    assert found is not None and found.part == "1"
    too_early = job("2026-06-20", verified_on="2026-06-20").serve("HF", "2026-07-09", outcome="connected")
    found = following(too_early)
    assert found is not None and found.part == "1"


def test_a_job_from_before_the_file_owes_nothing_and_an_ended_one_neither() -> None:
    old = File(opened_on="2026-07-01").add("employment", since="2020-03-01", source="system")
    assert following(old) is None, "in established work, and nobody starts overdue"
    ended = job("2026-05-01", until="2026-06-30")
    found = following(ended)
    assert found is not None and found.kind is DueKind.CONTACT_INTERVAL


def test_of_what_was_agreed_and_what_is_owed_the_earlier_day_counts() -> None:
    file = job("2026-06-20", verified_on="2026-06-20")
    file.root |= {"next_contact": "2026-07-18", "next_contact_reason": "看适应情况"}
    found = following(file)
    assert found is not None and (found.kind, found.day) == (DueKind.CONTACT, date(2026, 7, 18))
    file.root["next_contact"] = "2026-09-01"
    found = following(file)
    assert found is not None and (found.kind, found.day) == (DueKind.FOLLOW_UP, date(2026, 7, 20))
    assert len([k for k in lines(file) if k in CONTACT_KINDS]) == 1


def test_the_interval_follows_the_tier_and_a_stations_own_number() -> None:
    file = File(opened_on="2026-06-20", willingness="yes").add(
        "registration", since="2025-01-01", registered=True, source="system"
    )
    found = following(file)
    assert found is not None and found.day == date(2026, 7, 20)
    assert found.basis().status == "unconfirmed" and {f.name for f in found.basis().facts} >= {"willing"}
    found = following(file, contact_months_tier_1=2)
    assert found is not None and found.day == date(2026, 8, 20)
    assert found.basis().status == "own"
    found = following(file, contact_months_tier_2=2)
    assert found is not None and found.day == date(2026, 7, 20)


def test_a_transfer_wish_asks_for_guidance_or_posts_of_the_flexibly_employed() -> None:
    def flexible(**root: str) -> File:
        values = {
            "opened_on": "2026-01-05",
            "transfer_wish": "想去工厂",
            "transfer_wish_on": "2026-07-01",
            **root,
        }
        return File(**values).add("employment", since="2026-03-01", form="22", source="system")

    line = lines(flexible())[DueKind.TRANSFER_WISH]
    assert line.due == date(2026, 7, 15) and dict(line.params)["what"] == "想去工厂"
    assert line.basis.status == "lapsed" and line.basis.steps[-1].status == "own"
    assert DueKind.TRANSFER_WISH not in lines(flexible().serve("GWTJ", "2026-07-02", offered="普工"))
    assert DueKind.TRANSFER_WISH in lines(flexible().serve("GWTJ", "2026-06-30", offered="普工"))
    assert DueKind.TRANSFER_WISH in lines(flexible().serve("HF", "2026-07-02"))
    in_unit = File(opened_on="2026-01-05", transfer_wish="x", transfer_wish_on="2026-07-01").add(
        "employment", since="2026-03-01", form="10", source="system"
    )
    assert DueKind.TRANSFER_WISH not in lines(in_unit)
    assert DueKind.TRANSFER_WISH not in lines(flexible(transfer_wish_on="2026-07-20")), "dated after today"


def whole_round() -> File:
    file = graduate(willingness="yes").serve("ZYZD", "2026-06-02")
    for n in range(3):
        file.serve("GWTJ", f"2026-06-0{3 + n}", offered=f"岗位{n}")
    return file.serve("JNPX", "2026-06-20").serve("JYJX", "2026-07-08")


def test_the_next_round_is_proposed_to_whom_seeks_work_until_a_service_begins_it() -> None:
    line = lines(whole_round())[DueKind.NEW_ROUND]
    assert line.due == date(2026, 7, 15) and line.key == "new_round:2:2026-07-15"
    assert dict(line.params)["round"] == 2 and line.basis.outcome == "met"
    assert len(line.basis.counted) >= 6
    assert DueKind.NEW_ROUND not in lines(whole_round().serve("ZYZD", "2026-07-14"))
    placed = whole_round().add("employment", since="2026-07-10", source="system")
    assert DueKind.NEW_ROUND not in lines(placed)
    unwilling = whole_round().add("statement", kind="no_wish", stated_on="2026-07-10")
    assert DueKind.NEW_ROUND not in lines(unwilling)
