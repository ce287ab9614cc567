"""A question decided on one PC while the other one handed it upward: both are told, and it can be taken back."""

from __future__ import annotations

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Subject
from jobdesk.services.conflict_log import decisions, decisions_named
from jobdesk.services.settling_many import Keep, Take, call_back, report_up, settle, undo_decision
from jobdesk.services.syncing import notice_done, notices, sync_now
from jobdesk.services.undoing import withdraw_record
from jobdesk.store import sync_told
from tests.sync.ground import DAY_MS, PC, Server, same
from tests.sync.test_conflicts import apart, everybody, only, the_board


def told(pc: PC) -> list[str]:
    return [n.more["decision"] for n in notices(pc.desk, unseen_only=True).result() if n.kind == "crossed"]


def crossing(both: tuple[PC, PC], clock: FixedClock) -> None:
    """One hands the phone upward while two decides it; neither has heard of the other."""
    one, two = both
    apart(both, clock, phone=("19900000045", "19900000021"))
    line, asked = only(one)
    report_up(one.desk, [(line.subject, asked)], "两个号码都打不通").result()
    clock.tick(DAY_MS)
    line, asked = only(two)
    settle(two.desk, (line.subject, asked), Take(asked.others[0].op_id)).result()


def test_both_are_told_whoever_exchanges_first(
    server: Server, both: tuple[PC, PC], county: PC, clock: FixedClock
) -> None:
    one, two = both
    county.enrol("220102", "county").sync()
    crossing(both, clock)
    assert told(one) == told(two) == []
    everybody(one, two, county)
    for pc in both:
        (decision,) = decisions(pc.desk).result().lines
        assert told(pc) == [decision.op_id]
        assert decision.crossed is not None and not decision.undone
        assert (decision.crossed.by, decision.crossed.reason) == (one.staff, "两个号码都打不通")
        assert pc.station.file.read(sync_told.counts).result().notices == 1
        assert sync_now(pc.desk).result().for_person == 1
        assert decisions_named(pc.desk, [decision.op_id]).result().lines == (decision,)
        assert not the_board(pc).here and not the_board(pc).handed
    assert told(county) == [] and decisions(county.desk).result().lines[0].crossed is not None
    (notice,) = notices(two.desk).result()
    notice_done(two.desk, notice.id).result()
    one.set("c1", address="甲")
    everybody(one, two)
    assert told(two) == [] and len(told(one)) == 1
    same(server, one, two)


def test_taken_back_it_waits_for_those_above(
    server: Server, both: tuple[PC, PC], county: PC, clock: FixedClock
) -> None:
    one, two = both
    county.enrol("220102", "county").sync()
    crossing(both, clock)
    everybody(one, two)
    (decision,) = decisions(two.desk).result().lines
    undo_decision(two.desk, decision.op_id).result()
    everybody(two, one, county)
    for pc in both:
        (handed,) = the_board(pc).handed
        assert handed.differences[0].escalation is not None and not the_board(pc).here
        assert decisions(pc.desk).result().lines[0].undone
    (waiting,) = the_board(county).handed
    clock.tick(1000)
    settle(county.desk, (waiting.subject, waiting.differences[0]), Keep()).result()
    everybody(county, one, two)
    assert [d.crossed is None for d in decisions(one.desk).result().lines] == [True, False]
    assert len(told(one)) == len(told(two)) == 1  # of the first decision, as it was


def test_what_did_not_cross_is_not_told(both: tuple[PC, PC], county: PC, clock: FixedClock) -> None:
    """Decided above; called back and decided; decided before anybody else knew of the question."""
    one, two = both
    county.enrol("220102", "county").sync()
    apart(both, clock, phone=("19900000045", "19900000021"))
    line, asked = only(one)
    report_up(one.desk, [(line.subject, asked)], "请核定").result()
    everybody(one, two, county)
    (handed,) = the_board(county).handed
    settle(county.desk, (handed.subject, handed.differences[0]), Keep()).result()
    everybody(county, one, two)
    clock.tick(DAY_MS)
    apart(both, clock, address=("甲", "乙"))
    line, asked = only(one)
    report_up(one.desk, [(line.subject, asked)], "请核定").result()
    (handed,) = the_board(one).handed
    call_back(one.desk, (handed.subject, handed.differences[0])).result()
    everybody(one, two)
    line, asked = only(two)
    settle(two.desk, (line.subject, asked), Keep()).result()
    everybody(two, one, county)
    for pc in (one, two, county):
        assert told(pc) == [] and all(d.crossed is None for d in decisions(pc.desk).result().lines)


def test_a_record_taken_back_crosses_too(both: tuple[PC, PC], clock: FixedClock) -> None:
    from jobdesk.services.editing import save_record

    one, two = both
    one.serve("c1", "电话回访")
    everybody(one, two)
    (service,) = one.case("c1").of("service")
    subject, key = Subject("case", "c1"), ("service", service.id)
    withdraw_record(one.desk, subject, [key], "误录").result()
    clock.tick(DAY_MS)
    save_record(two.desk, subject, two.case("c1").record(*key), {"content": "愿意培训"}).result()
    everybody(one, two)
    line, asked = only(one)
    report_up(one.desk, [(line.subject, asked)], "是否误录说不清").result()
    line, asked = only(two)
    settle(two.desk, (line.subject, asked), Take(asked.versions[0].op_id)).result()
    everybody(two, one)
    for pc in both:
        (decision,) = decisions(pc.desk).result().lines
        assert told(pc) == [decision.op_id] and decision.crossed is not None
