"""The one computed date of the next contact and the tier, kept in the ledger's lines: as 今日 and the file say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.due import CONTACT_KINDS, postponements
from jobdesk.cases.next_contact import put_off
from jobdesk.cases.ops import Subject
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.host.template_files import service_rules, template
from jobdesk.services import today
from jobdesk.services.case_files import CaseFile, case_file
from jobdesk.services.desk import Desk
from jobdesk.services.editing import opening
from jobdesk.services.kept_dates import (
    basis_of,
    brought_up_to_date,
    catch_up,
    differing_from_kept,
    judge_everybody,
    worked_out,
)  # fmt: skip
from jobdesk.services.listing import Found, Rules, find, first_rows
from jobdesk.services.merging import merge
from jobdesk.services.practice import making
from jobdesk.services.proving import prove
from jobdesk.services.registering import Child
from jobdesk.services.serving import ServiceEntry, record_service
from jobdesk.services.settings import FIGURE, set_station_setting
from jobdesk.store import kept
from jobdesk.store.ledger import LedgerQuery
from jobdesk.store.migrating import refold
from tests.services.desk_here import DeskHere

OVERDUE = LedgerQuery(next_until="2026-07-14", sort="next_contact")
JOB = Child(
    "placement", {"form": "10", "since": "2026-05-20", "unit": "永春五金厂", "verified_on": "2026-05-25"}
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[DeskHere]:
    made = DeskHere(tmp_path)
    yield made
    made.station.close()


def ask(here: DeskHere, query: LedgerQuery) -> Found:
    rules = Rules(template(), service_rules(), here.desk.today, here.desk)
    return here.desk.read(lambda con: find(con, query, rules)).result()


def shown(here: DeskHere) -> dict[str, tuple[str, str]]:
    return {x.item.name: (x.item.next_contact, x.item.tier) for x in ask(here, LedgerQuery()).first}


def test_who_has_nothing_agreed_is_overdue_by_the_interval(here: DeskHere) -> None:
    here.person("单秀英", opened_on="2026-05-01")
    here.person("周雨桐", opened_on="2026-07-01")
    brought_up_to_date(here.desk)
    found = ask(here, OVERDUE)
    assert [(x.item.name, x.item.next_contact) for x in found.first] == [("单秀英", "2026-06-01")]
    assert ask(here, LedgerQuery()).tally.overdue == 1
    assert ask(here, LedgerQuery(no_next=True)).first == ()


def test_the_earlier_follow_up_counts_before_the_agreed_day(here: DeskHere) -> None:
    here.person("吴国强", JOB, opened_on="2026-03-01", next_contact="2026-07-30")
    brought_up_to_date(here.desk)
    assert [x.item.next_contact for x in ask(here, OVERDUE).first] == ["2026-06-20"]


def test_a_line_just_written_is_right_before_it_is_kept(here: DeskHere) -> None:
    brought_up_to_date(here.desk)
    here.person("单秀英", opened_on="2026-05-01", willingness="yes")
    rules = Rules(template(), service_rules(), here.desk.today, here.desk)
    (line,) = here.desk.read(lambda con: first_rows(con, LedgerQuery(), rules)).result()
    assert (line.item.next_contact, line.item.judged) == ("2026-06-01", False)
    assert here.desk.read(lambda con: kept.unjudged(con, 9)).result() == [line.item.case_id]
    assert catch_up(here.desk).result() is False
    assert here.desk.read(lambda con: kept.unjudged(con, 9)).result() == []
    assert [x.item.judged for x in ask(here, OVERDUE).first] == [True]


def test_a_service_moves_the_date_and_putting_off_moves_it_with_its_reason(here: DeskHere) -> None:
    case_id = here.person("单秀英", opened_on="2026-05-01")
    made = today.load_board(here.desk).result()
    line = next(one for one in made.lines[case_id] if one.kind in CONTACT_KINDS)
    today.put_off(here.desk, line, date(2026, 9, 20), "住院").result()
    brought_up_to_date(here.desk)
    assert ask(here, LedgerQuery()).first[0].item.next_contact == "2026-09-20"
    assert ask(here, OVERDUE).page.ids == ()
    entry = ServiceEntry(
        {"type": "ZYZD", "channel": "visit", "served_on": "2026-07-15", "engagement": "joined"}
    )
    record_service(here.desk, [case_id], entry).result()
    assert catch_up(here.desk).result() is False
    assert ask(here, LedgerQuery()).first[0].item.next_contact == "2026-08-15"


def test_a_setting_and_another_day_ask_for_everybody(here: DeskHere) -> None:
    here.person("单秀英", opened_on="2026-07-01")
    brought_up_to_date(here.desk)
    assert ask(here, LedgerQuery()).first[0].item.next_contact == "2026-08-01"
    set_station_setting(here.desk, FIGURE + "contact_months", 2).result()
    assert catch_up(here.desk).result() is True
    judge_everybody(here.desk).result()
    assert catch_up(here.desk).result() is False
    before = here.desk.read(lambda con: basis_of(con, here.desk)).result()
    clock = here.desk.clock
    assert isinstance(clock, FixedClock)
    clock.tick(24 * 3600 * 1000)
    assert here.desk.read(lambda con: basis_of(con, here.desk)).result() != before
    assert catch_up(here.desk).result() is True


def test_two_files_of_one_person_have_one_date(here: DeskHere) -> None:
    one = here.person("单秀英", opened_on="2026-05-01")
    entry = {"type": "ZYZD", "channel": "visit", "served_on": "2026-07-10", "engagement": "joined"}
    other = here.person("单 秀英", Child("service", entry), opened_on="2026-07-01")
    brought_up_to_date(here.desk)
    assert ask(here, LedgerQuery()).tally.overdue == 1
    merge(here.desk, one, other, "同一人").result()
    assert catch_up(here.desk).result() is False
    assert [x.item.next_contact for x in ask(here, LedgerQuery()).first] == ["2026-08-10"]
    assert ask(here, LedgerQuery()).tally.overdue == 0


def test_the_check_tells_a_kept_date_that_is_not_what_the_rules_say(here: DeskHere) -> None:
    case_id = here.person("单秀英", opened_on="2026-05-01")
    brought_up_to_date(here.desk)
    assert here.desk.read(lambda con: differing_from_kept(con, here.desk)).result() == []
    here.desk.write(lambda w: w.con.execute("UPDATE case_row SET next_on = '2027-01-01'")).result()
    assert here.desk.read(lambda con: differing_from_kept(con, here.desk)).result() == [case_id]


def test_rows_made_anew_are_judged_anew(here: DeskHere) -> None:
    here.person("单秀英", opened_on="2026-05-01")
    brought_up_to_date(here.desk)
    here.desk.write(lambda w: refold(w.con)).result()
    assert catch_up(here.desk).result() is True
    brought_up_to_date(here.desk)
    assert len(ask(here, OVERDUE).page.ids) == 1


def test_what_was_saved_while_everybody_was_judged_is_not_overwritten(here: DeskHere) -> None:
    case_id = here.person("单秀英", opened_on="2026-05-01")
    brought_up_to_date(here.desk)
    late = here.desk.read(lambda con: worked_out(con, here.desk)).result()
    entry = ServiceEntry(
        {"type": "ZYZD", "channel": "visit", "served_on": "2026-07-15", "engagement": "joined"}
    )
    record_service(here.desk, [case_id], entry).result()
    here.desk.write(lambda w: kept.keep(w.con, late, judged=True)).result()
    assert here.desk.read(lambda con: kept.unjudged(con, 9)).result() == [case_id]
    assert catch_up(here.desk).result() is False
    assert ask(here, LedgerQuery()).first[0].item.next_contact == "2026-08-15"


def test_every_file_of_the_practice_station_says_one_date(tmp_path: Path) -> None:
    """台账, 今日 and the file agree of everybody; the agreed day alone is another one for some."""
    station = making.make_practice(StationPaths(tmp_path), FixedClock.at(2026, 11, 20, 9, 30))
    try:
        desk = Desk(station.file, "unknown", working_days())
        brought_up_to_date(desk)
        dates = desk.read(kept.kept).result()
        board = today.load_board(desk).result()
        others = 0
        for case_id, (day, tier) in dates.items():
            file = desk.read(lambda con, i=case_id: case_file(con, desk, i)).result()
            contact = contact_of(file)
            assert contact == day, case_id
            assert file.tier is not None and file.tier[0].code == tier
            lines = [one for one in board.lines.get(case_id, ()) if one.kind in CONTACT_KINDS]
            assert not lines or [one.due.isoformat() for one in lines] == [day]
            others += day != file.contacts.next
        assert len(dates) > 100
        assert others > 10
        assert all(r.ok for r in prove(station) if r.name in ("rows", "dates"))
        iso = desk.today.isoformat()
        rules = Rules(template(), service_rules(), desk.today, desk)
        found = desk.read(lambda con: find(con, LedgerQuery(), rules)).result()
        late = {
            one.subject for one in board.ordered() if one.kind in CONTACT_KINDS and one.due.isoformat() < iso
        }
        assert found.tally.overdue == len(late)
    finally:
        station.close()


def contact_of(file: CaseFile) -> str:
    """The day in the head of the file."""
    found = file.following
    if file.summary.deceased or found is None:
        return ""
    return put_off(found, postponements(file.facts))[0].isoformat()


def test_a_household_that_changes_has_its_members_judged_anew(here: DeskHere) -> None:
    one, other = here.person("单秀英", opened_on="2026-05-01"), here.person("周雨桐", opened_on="2026-05-01")
    brought_up_to_date(here.desk)
    home = Subject("household", here.desk.new_id())
    ops = [
        opening(home, "household", home.id, {"kind": "zero", "head_name": "单秀英"}),
        opening(home, "member", here.desk.new_id(), {"case": one, "name": "单秀英"}),
    ]
    here.desk.act(ops).result()
    assert here.desk.read(lambda con: kept.unjudged(con, 9)).result() == [one]
    assert catch_up(here.desk).result() is False
    here.desk.act([opening(home, "member", here.desk.new_id(), {"case": other, "name": "周雨桐"})]).result()
    assert sorted(here.desk.read(lambda con: kept.unjudged(con, 9)).result()) == sorted([one, other])
