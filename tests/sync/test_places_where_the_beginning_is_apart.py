"""Whose computer it was, where its first saves were kept apart: a colleague's is never said to stand above."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.cases.settling import TOOK
from jobdesk.services.case_files import load_case_file
from jobdesk.services.conflict_log import decisions
from jobdesk.services.settling_many import Keep, Take, report_up, settle, settle_many, undo_decision
from jobdesk.store import sync_facts
from jobdesk.store.log import ops_of_subject
from jobdesk.store.safekeeping import back_up
from jobdesk.ui.conflicts.decided import card_of_decision
from jobdesk.ui.conflicts.saying import Saying
from province import enrolling, quarantine
from province.db.engine import EVERYTHING
from tests.sync.ground import PC, Server
from tests.sync.test_conflicts import everybody, only, the_board
from tests.sync.test_what_a_restore_takes_over import restored

PEOPLE = ("c1", "c2", "c3")


def said(pc: PC, replica: str) -> str:
    return Saying(pc.staff, pc.desk.today, the_board(pc).names).place(replica)


def shut_out(server: Server, pc: PC) -> None:
    """It is revoked, tries once, and is let in again with a new code."""
    device = pc.station.file.read(lambda c: sync_facts.get(c, "device")).result()
    with server.db.writing(EVERYTHING) as con:
        assert enrolling.revoke(con, device, "lost", server.clock.now_ms())
    assert pc.sync().error == "sync_revoked"
    assert kept(server)
    pc.enrol()


def kept(server: Server) -> list[str]:
    with server.db.reading(EVERYTHING) as con:
        return [k.action for k in quarantine.waiting(con)]


def settled(server: Server, how: str) -> None:
    secret = server.province.me().person_secret
    for action in kept(server):
        if how == "release":
            quarantine.release(server.db, action, secret, server.clock.now_ms(), to="a")
        else:
            with server.db.writing(EVERYTHING) as con:
                quarantine.discard(con, action, server.clock.now_ms())


@pytest.fixture(params=["restored", "new"])
def three(
    request: pytest.FixtureRequest, server: Server, tmp_path: Path, county: PC, clock: FixedClock
) -> Iterator[tuple[PC, PC, PC]]:
    """于晓梅's PC, that of 郑立群 whose first saves of this life were kept apart, and the county's desk."""
    one, two = PC(tmp_path / "one", server, clock), PC(tmp_path / "two", server, clock, "郑立群")
    one.enrol()
    for case in PEOPLE:
        one.open_case(case, case)
    one.sync_well()
    county.enrol("220102", "county").sync()
    if request.param == "restored":
        two.enrol().sync_well()
        two.open_case("before", "前")
        two.sync_well()
        backup = back_up(two.station, "manual").result()
        clock.tick(1000)
        restored(two, backup)
    else:
        two.enrol()
    two.open_case("lost", "失")
    shut_out(server, two)
    everybody(two, one, county)
    yield one, two, county
    one.close()
    two.close()


def differ(one: PC, two: PC, clock: FixedClock) -> None:
    for case in PEOPLE:
        one.set(case, address="甲路1号")
        two.set(case, address="乙路2号")
        clock.tick(60_000)


@pytest.mark.parametrize("how", ["", "discard", "release"])
def test_a_colleagues_work_is_never_said_to_be_from_above(
    three: tuple[PC, PC, PC], server: Server, clock: FixedClock, how: str, request: pytest.FixtureRequest
) -> None:
    one, two, county = three
    differ(one, two, clock)
    everybody(two, one, county)
    life = two.station.file.write(lambda w: w.chain.replica_id).result()
    lines = the_board(two).here
    assert len(lines) == len(PEOPLE)
    settle_many(two.desk, [((x.subject, x.differences[0]), Keep()) for x in lines[:2]]).result()
    everybody(two, one, county)
    settled(server, how)
    everybody(two, one, county)
    for pc in (one, county):
        told = the_board(pc).names
        assert not any(p.above for p in told.places.values()), told.places
        assert "上级" not in said(pc, life) and "其他站" not in said(pc, life)
        assert "上级" not in Saying("", pc.desk.today, told).name(two.staff, life)
    known = two.staff in the_board(one).names.staff
    restore = "restored" in str(request.node.name)
    assert known is (restore or how == "release")
    assert said(one, life) == ("本站电脑" if restore else "本站二号电脑" if known else "另一台电脑")
    found = decisions(one.desk).result()
    assert len(found.lines) == 2
    saying = Saying(one.staff, one.desk.today, found.names)
    for line in found.lines:
        card = card_of_decision(line, saying, above=False)
        assert card.deeds and "上级" not in card.note
    undo_decision(one.desk, found.lines[0].op_id).result()
    everybody(one, two, county)
    for pc in three:
        assert len(the_board(pc).here) == 2


def test_what_is_decided_above_is_still_taken_back_there(three: tuple[PC, PC, PC], clock: FixedClock) -> None:
    one, two, county = three
    one.set("c1", address="甲路1号")
    two.set("c1", address="乙路2号")
    everybody(two, one, county)
    line, asked = only(one)
    report_up(one.desk, [(line.subject, asked)], "请县里核").result()
    everybody(one, two, county)
    (handed,) = the_board(county).handed
    (waiting,) = handed.differences
    settle(county.desk, (handed.subject, waiting), Take(waiting.others[0].op_id)).result()
    everybody(county, one, two)
    for pc in (one, two):
        found = decisions(pc.desk).result()
        (told,) = found.lines
        card = card_of_decision(told, Saying(pc.staff, pc.desk.today, found.names), above=False)
        assert told.how == TOOK and not card.deeds and "由上级核定" in card.note
        assert said(pc, told.replica) == "上级电脑"


def test_what_crossed_is_told_of_a_colleague_too(three: tuple[PC, PC, PC], clock: FixedClock) -> None:
    """His decision was taken for one of those above, who are asked: nobody was told that it crossed."""
    one, two, _county = three
    one.set("c1", address="甲路1号")
    two.set("c1", address="乙路2号")
    everybody(two, one)
    line, asked = only(one)
    report_up(one.desk, [(line.subject, asked)], "请县里核").result()
    settle(two.desk, (line.subject, only(two)[1]), Keep()).result()
    everybody(two, one)
    (told,) = decisions(one.desk).result().lines
    assert told.crossed is not None


def test_what_a_desk_above_only_wrote_is_signed_too(three: tuple[PC, PC, PC], clock: FixedClock) -> None:
    """It read 另一台电脑 and 另一位经办人 until the county's computer first decided something."""
    one, two, county = three
    one.set("c1", address="甲路1号")
    clock.tick(60_000)
    county.set("c1", address="丙路3号")
    everybody(one, county, two)
    office = county.state(county.desk.station).root.text("name")
    life = county.station.file.write(lambda w: w.chain.replica_id).result()
    _, asked = only(one)
    (theirs,) = (v for v in asked.versions if v.value == "丙路3号")
    names = the_board(one).names
    saying = Saying(one.staff, one.desk.today, names)
    assert saying.place(life) == "上级电脑"
    assert office and saying.name(theirs.actor, life) == f"{office} 李主任"
    assert theirs.actor not in names.staff
    assert load_case_file(one.desk, "c1").result().clerks[theirs.actor] == f"{office} 李主任"
    assert "上级" not in said(county, life)


def test_a_station_signs_nothing_and_an_erasure_names_nobody(three: tuple[PC, PC, PC]) -> None:
    one, _, county = three
    one.set("c1", address="甲路1号")
    county.desk.act([NewOp(Kind.ERASED, Subject("case", "c2"), {"reason": "request"})]).result()
    for pc in (one, county):
        for case in ("c1", "c2"):
            ops = pc.station.file.read(lambda con, case=case: ops_of_subject(con, case)).result()
            assert not any(op.payload and "clerks" in op.payload for op in ops)
