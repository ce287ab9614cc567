"""A date that no rule counts to, or a fault of ours over one file, takes nobody else's day away."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases import schema
from jobdesk.cases.clock import FixedClock
from jobdesk.cases.due import Agenda, DueKind, DueLine
from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.ids import id_source
from jobdesk.cases.ops import Json, Subject, opened
from jobdesk.cases.schema import RECORDS, FieldType
from jobdesk.cases.summary import CaseSummary, SummaryRules
from jobdesk.reports.month_numbers import month_report, period_totals
from jobdesk.services import today
from jobdesk.services.desk import Desk
from jobdesk.services.doubts import load_doubts
from jobdesk.services.editing import add_record, save_record
from jobdesk.services.kept_dates import brought_up_to_date
from jobdesk.services.policy_finding import load_policies
from jobdesk.services.registering import Child, case_opening, find_twins, register
from jobdesk.services.settings import FIGURE, set_station_setting
from jobdesk.services.today import load_today, put_off_all
from jobdesk.store import ledger, projection, tried_again
from jobdesk.store.check import check_station
from jobdesk.store.migrating import refold
from jobdesk.store.opening import open_station
from tests.stations import Made, make_station

NUMBER = "229901198001010018"
DATES = (FieldType.DAY, FieldType.DATE, FieldType.MONTH)
FAR = ("9999-12-31", "9999-12", "9999", "0001-01-01", "0001")
USUAL: dict[str, dict[str, Json]] = {
    "benefit": {"since": "2026-01"},
    "recognition": {"state": "recognised", "category": "40_50", "source": "document"},
    "subsidy": {"kind": "social_unit", "since": "2025-06"},
    "public_post": {"kind": "hardship", "since": "2025-06"},
    "service": {"type": "HF", "content": "x"},
}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    found = make_station(tmp_path, FixedClock.at(2026, 7, 15))
    yield found
    found.station.close()


def person(desk: Desk, name: str, **values: Json) -> str:
    """As somebody else's PC, or this program before it refused such years, wrote it down."""
    body: dict[str, Json] = {"name": name, "opened_on": "2026-05-01", "notice_on": "2026-05-01", **values}
    subject, ops = case_opening(desk, body, ())
    desk.act(ops).result()
    return subject.id


def kinds_of(desk: Desk, case_id: str) -> set[DueKind]:
    return {line.kind for line in load_today(desk).result().lines.get(case_id, [])}


@pytest.mark.parametrize("part", range(3))
def test_no_year_of_any_date_takes_the_day_away(made: Made, part: int) -> None:
    desk = made.desk
    other = person(desk, "甲", next_contact="2026-07-15")
    for kind in ("case", *sorted(schema.CHILDREN["case"]))[part::3]:  # several workers share it
        for declared in (f for f in RECORDS[kind] if f.type in DATES):
            for day in FAR:
                said: dict[str, Json] = {**USUAL.get(kind, {}), declared.name: day}
                if kind == "case":
                    person(desk, "乙", **said)
                else:
                    subject = Subject("case", person(desk, "乙"))
                    desk.act([opened(subject, kind, desk.new_id(), said)]).result()
    board = load_today(desk).result()
    assert DueKind.CONTACT in {line.kind for line in board.lines[other]}
    assert not [line for lines in board.lines.values() for line in lines if line.kind is DueKind.UNWORKABLE]
    assert not [line for lines in board.lines.values() for line in lines if not 1900 < line.due.year < 2200]
    brought_up_to_date(desk)
    assert load_policies(desk).result().files > 1
    load_doubts(desk).result()
    desk.read(lambda con: month_report(con, desk, "2026-06")).result()
    desk.read(lambda con: period_totals(con, desk, date(2026, 1, 1), date(2026, 6, 30))).result()


@pytest.mark.parametrize("day", FAR)
def test_no_verb_writes_a_year_that_no_form_takes(made: Made, day: str) -> None:
    desk = made.desk
    subject = Subject("case", person(desk, "甲"))
    with pytest.raises(Refused, match="year_out_of_range"):
        add_record(desk, subject, "benefit", {"since": "2026-01", "until": day})
    with pytest.raises(Refused, match="year_out_of_range"):
        save_record(desk, subject, desk.case(subject.id).result().root, {"next_contact": day})
    with pytest.raises(Refused, match="year_out_of_range"):
        register(desk, {"name": "乙"}, [Child("registration", {"since": day})])
    with pytest.raises(Refused, match="year_out_of_range"):
        put_off_all(desk, load_today(desk).result().lines[subject.id], date.max, "x")


def test_no_reminder_is_made_of_an_end_that_nobody_can_count_to(made: Made) -> None:
    desk = made.desk
    subject = Subject("case", person(desk, "甲", next_contact="2026-12-01"))
    desk.act(
        [opened(subject, "benefit", desk.new_id(), {"since": "2026-01", "until": "9999-12-31"})]
    ).result()
    assert DueKind.BENEFIT_END not in kinds_of(desk, subject.id)


def test_a_setting_beyond_all_numbers_is_passed_over(made: Made) -> None:
    desk = made.desk
    other = person(desk, "甲", next_contact="2026-07-15")
    for key in ("horizon_days", "week_ends_on", "end_warning_days", "late_entry_days"):
        set_station_setting(desk, FIGURE + key, 2**53 - 1).result()
    assert DueKind.CONTACT in kinds_of(desk, other)


def test_a_file_at_which_the_rules_fail_says_so_and_the_others_stand(
    made: Made, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk = made.desk
    bad, other = (
        person(desk, "秘密", next_contact="2026-07-15"),
        person(desk, "甲", next_contact="2026-07-15"),
    )
    whole = today.due_lines

    def failing(facts: CaseFacts, agenda: Agenda) -> list[DueLine]:
        if facts.case_id == bad:
            raise TypeError(f"cannot count {facts.text('name')}")
        return whole(facts, agenda)

    monkeypatch.setattr(today, "due_lines", failing)
    with caplog.at_level(logging.ERROR):
        assert kinds_of(desk, bad) == {DueKind.UNWORKABLE}
        assert DueKind.CONTACT in kinds_of(desk, other)
    assert bad in caplog.text and "秘密" not in caplog.text
    monkeypatch.setattr(today, "due_lines", whole)
    assert DueKind.CONTACT in kinds_of(desk, bad)


def test_a_file_that_cannot_be_summed_up_is_kept_and_tried_again(
    made: Made, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk, whole = made.desk, projection.summary_of

    def failing(facts: CaseFacts, rules: SummaryRules) -> CaseSummary:
        if facts.text("name") == "秘密":
            raise TypeError(f"cannot sum up {facts.text('name')}")
        return whole(facts, rules)

    def line(case_id: str) -> ledger.CaseItem:
        (found,) = desk.read(lambda con: ledger.items(con, [case_id])).result()
        return found

    monkeypatch.setattr(projection, "summary_of", failing)
    with caplog.at_level(logging.ERROR):
        bad = person(desk, "秘密", phone="19900000001", birth="1970-03-02", id_number=NUMBER)
        other = person(desk, "甲", phone="19900000002")
    assert (line(bad).name, line(bad).extra.get("unworkable"), line(bad).phone) == (
        "秘密",
        True,
        "19900000001",
    )
    found = desk.read(
        lambda con: find_twins(con, id_number=NUMBER, name="秘密", birth="1970-03-02", phone="")
    ).result()
    assert [twin.item.case_id for twin in found] == [bad], (
        "nobody is registered twice because of a fault of ours"
    )
    assert (line(other).extra.get("unworkable"), line(other).phone) == (None, "19900000002")
    assert bad in caplog.text and "秘密" not in caplog.text
    assert desk.case(bad).result().root.get("phone") == "19900000001", "what was written is here"
    assert [r.detail for r in check_station(made.station) if not r.ok] == []
    monkeypatch.setattr(projection, "summary_of", whole)
    desk.file.write(lambda w: refold(w.con)).result()
    assert (line(bad).extra.get("unworkable"), line(bad).phone) == (None, "19900000001")


def test_another_program_tries_again_what_this_one_could_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FixedClock.at(2026, 7, 15)
    made, whole = make_station(tmp_path, clock), projection.summary_of
    paths, key = made.paths, made.station.key

    def failing(facts: CaseFacts, rules: SummaryRules) -> CaseSummary:
        raise TypeError("cannot sum up")

    def lines() -> tuple[str, ...]:
        station = open_station(paths, key, clock, id_source(clock))
        sql = "SELECT coalesce(json_extract(data, '$.unworkable'), 0) FROM case_row"
        found = station.file.read(lambda con: [str(r[0]) for r in con.execute(sql).fetchall()]).result()
        station.close()
        return tuple(found)

    monkeypatch.setattr(projection, "summary_of", failing)
    person(made.desk, "甲")
    made.station.close()
    tried: list[str] = []

    def counting(facts: CaseFacts, rules: SummaryRules) -> CaseSummary:
        tried.append(facts.case_id)
        return failing(facts, rules)

    monkeypatch.setattr(projection, "summary_of", counting)
    assert lines() == ("1",) and not tried, "the same program is not asked again at every opening"
    monkeypatch.setattr(tried_again, "__version__", "0.1.1")
    monkeypatch.setattr(projection, "__version__", "0.1.1")
    assert lines() == ("1",) and len(tried) == 1
    assert lines() == ("1",) and len(tried) == 1, "once for each program"
    monkeypatch.setattr(projection, "summary_of", whole)
    monkeypatch.setattr(tried_again, "__version__", "0.1.2")
    monkeypatch.setattr(projection, "__version__", "0.1.2")
    assert lines() == ("0",)
