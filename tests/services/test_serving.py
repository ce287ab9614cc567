"""What recording a service does to the agreed contact, and what else it settles in the same action."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Json
from jobdesk.services.desk import Desk
from jobdesk.services.registering import Child, register
from jobdesk.services.serving import Contact, ServiceEntry, record_service
from jobdesk.services.undoing import undo_action
from tests.stations import make_station


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("station")
    clock = FixedClock.at(2026, 7, 15)
    made = make_station(folder, clock)
    yield made.desk
    made.station.close()


def _person(desk: Desk, *children: Child, **values: Json) -> str:
    body: dict[str, Json] = {
        "name": "周雨桐", "next_contact": "2026-07-13", "next_contact_reason": "培训", **values
    }  # fmt: skip
    return register(desk, body, children).result().case_id


def _next(desk: Desk, case_id: str) -> tuple[Json, Json]:
    root = desk.case(case_id).result().root
    return root.get("next_contact"), root.get("next_contact_reason")


def _record(desk: Desk, case_id: str, contact: Contact | None = None, **values: Json) -> str:
    body: dict[str, Json] = {"type": "HF", "channel": "phone", "served_on": "2026-07-15", **values}
    served = record_service(desk, [case_id], ServiceEntry(body, contact or Contact())).result()
    return served.changes[0].action_id


def test_a_contact_answers_the_one_that_was_due(desk: Desk) -> None:
    case_id = _person(desk)
    _record(desk, case_id, outcome="connected")
    assert _next(desk, case_id) == (None, None)


@pytest.mark.parametrize(
    "values",
    [
        {"outcome": "no_answer"},
        {"outcome": "wrong_number"},
        {"engagement": "attempt"},
        {"type": "QF", "outcome": "offered"},
        {"type": "ZYZD", "outcome": "offered", "provider": "school"},
    ],
)
def test_an_attempt_or_the_service_of_another_leaves_the_agreed_contact(
    desk: Desk, values: dict[str, Json]
) -> None:
    case_id = _person(desk)
    _record(desk, case_id, None, **values)
    assert _next(desk, case_id) == ("2026-07-13", "培训")


def test_an_attempt_may_agree_on_another_day(desk: Desk) -> None:
    case_id = _person(desk)
    _record(desk, case_id, Contact("2026-07-17", "再打"), outcome="no_answer")
    assert _next(desk, case_id) == ("2026-07-17", "再打")


def test_a_service_entered_late_does_not_answer_what_was_agreed_after_it(desk: Desk) -> None:
    known = Child("service", {"type": "HF", "served_on": "2026-07-10", "outcome": "connected"})
    case_id = _person(desk, known, next_contact="2026-08-10")
    _record(desk, case_id, served_on="2026-07-01", outcome="connected", late_reason="漏记")
    assert _next(desk, case_id)[0] == "2026-08-10"
    _record(desk, case_id, served_on="2026-07-15", outcome="connected")
    assert _next(desk, case_id)[0] is None


def test_a_measure_and_a_notice_are_settled_and_undone_with_the_service(desk: Desk) -> None:
    case_id = _person(desk, Child("measure", {"what": "陪同面试", "due": "2026-07-15", "state": "planned"}))
    measure = desk.case(case_id).result().of("measure")[0]
    entry = ServiceEntry(
        {"type": "QT", "channel": "visit", "served_on": "2026-07-15", "outcome": "met"},
        settles={
            case_id: {
                ("measure", measure.id): {"state": "done", "done_on": "2026-07-15"},
                ("case", case_id): {"notice_on": "2026-07-15"},
            }
        },
    )
    served = record_service(desk, [case_id], entry).result()
    assert len(served.changes) == 1
    state = desk.case(case_id).result()
    assert state.record("measure", measure.id).get("state") == "done"
    assert state.root.get("notice_on") == "2026-07-15"
    assert state.root.get("next_contact") is None
    undo_action(desk, served.changes[0].action_id).result()
    state = desk.case(case_id).result()
    assert state.record("measure", measure.id).get("state") == "planned"
    assert (state.root.get("notice_on"), state.root.get("next_contact")) == (None, "2026-07-13")
    assert state.of("service") == []
