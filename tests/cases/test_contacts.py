"""What is a contact, an attempt, a mass message; the last and the next contact."""

from __future__ import annotations

import pytest
from files import RULES, File

from jobdesk.cases.contacts import Sort, attempts_since, contacts_of, sort_of
from jobdesk.cases.ops import Json


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"type": "ZYZD"}, (Sort.SERVICE, "")),
        ({"type": "HF"}, (Sort.FOLLOW_UP, "")),
        ({"type": "GWTJ", "engagement": "declined"}, (Sort.SERVICE, "")),
        ({"type": "HF", "outcome": "no_answer"}, (Sort.ATTEMPT, "no_answer")),
        ({"type": "HF", "outcome": "not_met", "channel": "visit"}, (Sort.ATTEMPT, "no_answer")),
        ({"type": "ZYZD", "engagement": "attempt"}, (Sort.ATTEMPT, "no_answer")),
        ({"type": "GWTJ", "group_event": "e", "channel": "online"}, (Sort.ATTEMPT, "mass_message")),
        (
            {"type": "GWTJ", "group_event": "e", "channel": "online", "engagement": "joined"},
            (Sort.SERVICE, ""),
        ),
        ({"type": "ZPH", "group_event": "e", "channel": "station"}, (Sort.SERVICE, "")),
    ],
)
def test_sorts(values: dict[str, Json], expected: tuple[Sort, str]) -> None:
    assert sort_of(values, RULES) == expected


def test_an_unanswered_call_is_no_last_contact() -> None:
    file = File().serve("HF", "2026-06-12").serve("HF", "2026-07-01", outcome="no_answer")
    found = contacts_of(file.facts(), RULES)
    assert (found.last, found.last_record, found.attempts) == ("2026-06-12", "service-1", ("service-2",))


def test_a_service_of_the_university_is_no_contact_of_the_station() -> None:
    file = File().serve("ZYZD", "2026-07-01", provider="school").serve("HF", "2026-06-12", provider="own")
    found = contacts_of(file.facts(), RULES)
    assert found.last == "2026-06-12"
    assert found.other_providers == ("service-1",)


def test_the_ledger_s_month_stands_until_a_later_day_is_recorded() -> None:
    assert contacts_of(File(last_contact="2026-03").facts(), RULES).last == "2026-03"
    exact = contacts_of(File(last_contact="2026-03").serve("HF", "2026-03-15").facts(), RULES)
    assert exact.last == "2026-03-15" and exact.last_record == "service-1"
    older = contacts_of(File(last_contact="2026-05").serve("HF", "2026-03-15").facts(), RULES)
    assert older.last == "2026-05" and older.last_record == ""


def test_the_typed_day_comes_first_and_is_answered_by_a_contact() -> None:
    file = File(next_contact="2026-07-13", next_contact_reason="约好面谈")
    file.serve("HF", "2026-06-12", next_contact="2026-07-20")
    found = contacts_of(file.facts(), RULES)
    assert (found.next, found.next_from, found.next_reason) == ("2026-07-13", "field", "约好面谈")
    file.serve("HF", "2026-07-13", outcome="no_answer")
    assert contacts_of(file.facts(), RULES).next == "2026-07-13", "a call nobody answered settles nothing"
    file.serve("HF", "2026-07-14", outcome="no_answer", next_contact="2026-07-16")
    assert contacts_of(file.facts(), RULES).next == "2026-07-16", "another day was agreed on trying"
    file.serve("HF", "2026-07-16")
    assert contacts_of(file.facts(), RULES).next == ""


def test_an_agreed_day_outlives_an_earlier_contact() -> None:
    file = File().serve("HF", "2026-07-01", next_contact="2026-07-20").serve("ZYZD", "2026-07-05")
    found = contacts_of(file.facts(), RULES)
    assert (found.next, found.next_from, found.next_record) == ("2026-07-20", "record", "service-1")


def test_the_first_round_waits_for_a_contact_since_the_file_was_opened() -> None:
    file = File(opened_on="2026-07-01", first_round_on="2026-07-20").serve("HF", "2026-05-02")
    found = contacts_of(file.facts(), RULES)
    assert (found.next, found.next_from) == ("2026-07-20", "first_round")
    assert found.basis().status == "own"
    file.serve("HF", "2026-07-03")
    assert contacts_of(file.facts(), RULES).next == ""


def test_attempts_in_order() -> None:
    file = File().serve("HF", "2026-07-09", outcome="no_answer").serve("HF", "2026-07-02", outcome="not_met")
    assert [r.id for r in attempts_since(file.facts(), RULES, "2026-07-02")] == ["service-2", "service-1"]
    assert [r.id for r in attempts_since(file.facts(), RULES, "2026-07-03")] == ["service-1"]
