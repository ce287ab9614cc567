"""Conflicts as they really come about: PCs of one station and a county desk, weeks apart, a real server."""

from __future__ import annotations

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.differing import Alike, Difference, Sort, Why
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Op, Subject, opened, withdrawn
from jobdesk.cases.settling import KEPT, THIRD, TOOK
from jobdesk.services.case_files import load_case_file
from jobdesk.services.closing import end_help, resume_help
from jobdesk.services.conflict_board import Board, Line, board, questions_of
from jobdesk.services.conflict_log import decisions
from jobdesk.services.editing import save_record
from jobdesk.services.settling_many import (
    Keep,
    Take,
    Third,
    call_back,
    report_up,
    settle,
    settle_many,
    undo_decision,
)
from jobdesk.services.telling import settle_version
from jobdesk.services.undoing import undo_action, withdraw_record
from jobdesk.store import sync_told
from jobdesk.store.log import Connection, ops_of_subject
from jobdesk.ui.conflicts.decided import crossed_said
from jobdesk.ui.conflicts.question import cards_of
from jobdesk.ui.conflicts.saying import Saying
from tests.sync.ground import DAY_MS, PC, Server, same
from tests.ui.crowd import id_number


def everybody(*pcs: PC) -> None:
    for _ in range(2):
        for pc in pcs:
            pc.sync()


def the_board(pc: PC) -> Board:
    return board(pc.desk).result()


def only(pc: PC) -> tuple[Line, Difference]:
    (line,) = the_board(pc).here
    (one,) = line.differences
    return line, one


def apart(both: tuple[PC, PC], clock: FixedClock, **values: tuple[str, str]) -> None:
    """Each PC writes its own, a week apart, then both exchange."""
    one, two = both
    one.set("c1", **{k: v[0] for k, v in values.items()})
    clock.tick(7 * DAY_MS)
    two.set("c1", **{k: v[1] for k, v in values.items()})
    everybody(one, two)


def two_phones_below(county: PC, both: tuple[PC, PC], clock: FixedClock) -> tuple[Line, Difference]:
    """A county's desk above the station of both; what the first PC asks once each wrote its own phone."""
    county.enrol("220102", "county").sync()
    apart(both, clock, phone=("19900000045", "19900000021"))
    return only(both[0])


def test_a_phone_is_settled_on_one_pc_and_seen_on_the_other(
    server: Server, both: tuple[PC, PC], clock: FixedClock
) -> None:
    one, two = both
    apart(both, clock, phone=("19900000045", "19900000021"))
    line, asked = only(one)
    assert (line.who.name, asked.field, asked.why, asked.shown) == (
        "单秀英",
        "phone",
        Why.LATER,
        "19900000021",
    )
    assert asked.shown_by is not None and asked.shown_by.actor == two.staff
    told = questions_of(one.desk, line.subject).result()
    (question,) = told.questions
    assert [p.head.value for p in question.points] == ["19900000033", "19900000045", "19900000021"]
    assert [p.common for p in question.points] == [True, False, False]
    places = [told.names.places[p.head.stamp.replica] for p in question.points[1:]]
    assert [(p.number, p.own) for p in places] == [(1, True), (2, False)]
    assert one.station.file.read(sync_told.counts).result().conflicts == 1
    (other,) = asked.others
    settle(one.desk, (line.subject, asked), Take(other.op_id)).result()
    everybody(one, two)
    for pc in both:
        assert pc.case("c1").root.text("phone") == "19900000045" and not the_board(pc).here
        (told_here,) = decisions(pc.desk).result().lines
        assert (told_here.how, told_here.by, told_here.value) == (TOOK, one.staff, "19900000045")
        assert [v.value for v in told_here.versions] == ["19900000021", "19900000045"]
        assert pc.station.file.read(sync_told.counts).result().conflicts == 0
    same(server, one, two)


def test_of_an_id_number_what_both_knew_stays_until_somebody_decides(
    both: tuple[PC, PC], clock: FixedClock
) -> None:
    from datetime import date

    one, two = both
    old, mine, theirs = (id_number(date(1977, 6, 20), n) for n in (28, 46, 64))
    one.set("c1", id_number=old)
    everybody(one, two)
    apart(both, clock, id_number=(mine, theirs))
    line, asked = only(two)
    assert asked.critical and asked.why is Why.BEFORE and asked.shown == old and asked.shown_by is None
    assert len(asked.others) == 2
    settle(two.desk, (line.subject, asked), Keep()).result()
    everybody(two, one)
    assert one.case("c1").root.text("id_number") == old and not the_board(one).here
    (told,) = decisions(one.desk).result().lines
    assert told.how == KEPT
    undo_decision(one.desk, told.op_id).result()
    everybody(one, two)
    clock.tick(DAY_MS)
    _, again = only(two)
    assert again.known == asked.known
    assert decisions(two.desk).result().lines[0].undone
    settle(two.desk, (line.subject, again), Third(id_number(date(1977, 6, 20), 82))).result()
    assert decisions(two.desk).result().lines[0].how == THIRD


def test_equal_values_are_no_question(both: tuple[PC, PC], clock: FixedClock) -> None:
    apart(both, clock, phone=("19900000045", "19900000045"), address=("平阳社区3号楼", "平阳社区3号楼"))
    one, _ = both
    assert not the_board(one).here
    assert questions_of(one.desk, Subject("case", "c1")).result().by_itself == 2


def test_what_arrived_after_the_choice_stays_open(both: tuple[PC, PC], clock: FixedClock) -> None:
    one, two = both
    apart(both, clock, phone=("19900000045", "19900000021"))
    line, seen = only(one)
    two.set("c1", phone="19900000099")  # knew both, and was not yet sent when the first one chose
    settle(one.desk, (line.subject, seen), Keep()).result()
    everybody(one, two)
    assert sorted(str(v.value) for v in only(one)[1].versions) == ["19900000021", "19900000099"]
    with pytest.raises(Refused, match="conflict_gone"):
        settle(one.desk, (line.subject, seen), Keep()).result()


def test_the_county_settles_what_is_handed_upward(
    server: Server, both: tuple[PC, PC], county: PC, clock: FixedClock
) -> None:
    one, two = both
    line, asked = two_phones_below(county, both, clock)
    with pytest.raises(Refused, match="conflict_reason_needed"):
        report_up(one.desk, [(line.subject, asked)], " ").result()
    report_up(one.desk, [(line.subject, asked)], "两个号码都打不通").result()
    everybody(one, two, county)
    for pc in both:
        told = the_board(pc)
        assert not told.here and (told.counts.here, told.counts.above) == (0, 1)
        (handed,) = told.handed
        assert handed.differences[0].escalation is not None
        assert handed.differences[0].escalation.reason == "两个号码都打不通"
        assert handed.differences[0].escalation.by == one.staff
        with pytest.raises(Refused, match="conflict_reported"):
            settle(pc.desk, (handed.subject, handed.differences[0]), Keep()).result()
        with pytest.raises(Refused, match="conflict_reported"):
            held = handed.differences[0]
            settle_version(pc.desk, handed.subject, held.record, "phone", "1", held.known).result()
        assert pc.station.file.read(sync_told.counts).result().conflicts == 0
    above = the_board(county)
    (handed,) = above.handed
    assert above.above and handed.who.name == "单秀英" and handed.stream == "a"
    assert county.station.file.read(sync_told.counts).result().conflicts == 1
    (waiting,) = handed.differences
    settle(county.desk, (handed.subject, waiting), Keep(), reason="已与本人核对").result()
    everybody(county, one, two)
    for pc in both:
        assert not pc.case("c1").root.conflicts and not the_board(pc).handed
        (told_here,) = decisions(pc.desk).result().lines
        assert told_here.reason == "已与本人核对"
        names = decisions(pc.desk).result().names
        assert names.places[told_here.replica].above
        office = county.state(county.desk.station).root.text("name")
        assert office and Saying("", pc.desk.today, names).name(told_here.by, told_here.replica) == (
            f"{office} 李主任"
        )
        assert told_here.by not in names.staff, "nothing is handed to somebody above"
        file = load_case_file(pc.desk, "c1").result()
        assert file.clerks[told_here.by] == f"{office} 李主任"
        with pytest.raises(Refused, match="conflict_decided_above"):
            undo_decision(pc.desk, told_here.op_id).result()
        with pytest.raises(Refused, match="conflict_decided_above"):
            undo_action(pc.desk, told_here.action_id).result()
    clock.tick(1000)
    (mine,) = decisions(county.desk).result().lines
    undo_decision(county.desk, mine.op_id).result()
    everybody(county, one, two)
    assert the_board(one).counts.above == 1
    clock.tick(1000)
    assert one.digest() == server.digest() == two.digest()


def test_a_report_is_called_back(both: tuple[PC, PC], clock: FixedClock) -> None:
    one, _ = both
    apart(both, clock, phone=("19900000045", "19900000021"))
    line, asked = only(one)
    report_up(one.desk, [(line.subject, asked)], "请核定").result()
    (handed,) = the_board(one).handed
    call_back(one.desk, (handed.subject, handed.differences[0])).result()
    assert only(one)[1].escalation is None


def test_a_new_difference_at_the_same_field_is_not_reported(both: tuple[PC, PC], clock: FixedClock) -> None:
    one, two = both
    apart(both, clock, phone=("19900000045", "19900000021"))
    line, asked = only(one)
    report_up(one.desk, [(line.subject, asked)], "请核定").result()
    one.set("c1", phone="19900000001")  # typed in the file, knowing both: that settles it too
    everybody(one, two)
    apart(both, clock, phone=("19900000002", "19900000003"))
    assert only(one)[1].escalation is None


def test_a_record_taken_back_while_the_other_corrects_it(
    server: Server, both: tuple[PC, PC], clock: FixedClock
) -> None:
    one, two = both
    one.serve("c1", "电话回访")
    everybody(one, two)
    (service,) = one.case("c1").of("service")
    key = ("service", service.id)
    subject = Subject("case", "c1")
    withdraw_record(one.desk, subject, [key], "误录").result()
    clock.tick(DAY_MS)
    save_record(two.desk, subject, two.case("c1").record(*key), {"content": "电话回访，愿意培训"}).result()
    everybody(one, two)
    line, asked = only(one)
    assert (asked.sort, asked.record, asked.why) == (Sort.REMOVAL, key, Why.WORKED_ON)
    points = questions_of(two.desk, subject).result().questions[0].points
    assert [p.head.actor for p in points] == [one.staff, one.staff, two.staff]
    settle(two.desk, (line.subject, asked), Keep()).result()
    everybody(one, two)
    assert not the_board(one).here and one.case("c1").record(*key).text("content") == "电话回访，愿意培训"
    (told,) = decisions(one.desk).result().lines
    assert (told.how, told.record, told.field) == (KEPT, key, "")
    undo_decision(one.desk, told.op_id).result()
    line, asked = only(one)
    changes = settle(one.desk, (line.subject, asked), Take(asked.versions[0].op_id)).result()
    assert key not in one.case("c1").records and not the_board(one).here
    undo_action(one.desk, changes.action_id).result()
    assert only(one)[1].record == key
    everybody(one, two)
    same(server, one, two)


def test_help_ended_on_one_pc_and_taken_up_again_on_the_other(both: tuple[PC, PC], clock: FixedClock) -> None:
    one, two = both
    one.set("c1", help_state="ended")
    two.set("c1", help_state="ended")
    two.set("c1", help_state="open")
    everybody(one, two)
    line, asked = only(one)
    assert asked.sort is Sort.STATUS and {str(v.value) for v in asked.versions} == {"open", "ended"}
    settle(one.desk, (line.subject, asked), Keep()).result()
    assert not the_board(one).here


def test_the_same_question_of_many_people_takes_one_answer_and_one_undo(
    server: Server, both: tuple[PC, PC], clock: FixedClock
) -> None:
    one, two = both
    for n in range(2, 8):
        one.open_case(f"c{n}", f"某{n}")
    everybody(one, two)
    for n in range(1, 6):
        one.set(f"c{n}", owner=one.staff)
        two.set(f"c{n}", owner=two.staff)
    for n in (6, 7):
        one.set(f"c{n}", skills=f"电焊{n}")
        clock.tick(1000)
        two.set(f"c{n}", skills=f"电焊{n}、叉车")
    two.set("c6", address="锦程社区")
    clock.tick(1000)
    one.set("c6", address="平阳社区")
    everybody(one, two)
    told = the_board(one)
    assert [(g.how, g.field, len(g.parts)) for g in told.same] == [(Alike.SAME, "owner", 5)]
    parts = told.same[0].parts
    done = settle_many(one.desk, [((ln.subject, d), Take(d.others[0].op_id)) for ln, d in parts]).result()
    assert done.missed == 0 and len(done.changes.ops) == 5
    everybody(one, two)
    assert len({two.case(f"c{n}").root.text("owner") for n in range(1, 6)}) == 1
    assert {d.together for d in decisions(two.desk).result().lines} == {5}
    undo_action(one.desk, done.changes.action_id).result()
    everybody(one, two)
    assert len(the_board(two).same[0].parts) == 5
    same(server, one, two)


def test_the_other_version_says_more(both: tuple[PC, PC], clock: FixedClock) -> None:
    one, two = both
    one.open_case("c2", "某二")
    everybody(one, two)
    for n, what in ((1, "电焊"), (2, "家政")):
        two.set(f"c{n}", skills=f"{what}、叉车")
    clock.tick(DAY_MS)
    for n, what in ((1, "电焊"), (2, "家政")):
        one.set(f"c{n}", skills=what)
    everybody(one, two)
    (group,) = the_board(one).same
    assert (group.how, group.field, len(group.parts)) == (Alike.LONGER, "skills", 2)


def test_many_files_cost_nothing_where_no_question_is(both: tuple[PC, PC]) -> None:
    one, _ = both
    plan = one.station.file.read(
        lambda con: con.execute(
            "EXPLAIN QUERY PLAN SELECT subject_id FROM record_row WHERE conflicts > 0"
        ).fetchall()
    ).result()
    assert "ix_record_conflicts" in str(plan)
    plan = one.station.file.read(
        lambda con: con.execute(
            "EXPLAIN QUERY PLAN SELECT op_id FROM op WHERE kind = 'ConflictSettled' AND ms >= 0 ORDER BY ms DESC"
        ).fetchall()
    ).result()
    assert "ix_op_settled" in str(plan)


def test_a_whole_file_taken_back_while_the_other_worked_on_it_is_kept_or_left_to_the_file(
    both: tuple[PC, PC], clock: FixedClock
) -> None:
    one, two = both
    subject = Subject("case", "c1")
    ops = [op.op_id for op in one.desk.read(lambda con: _ops(con, "c1")).result()]
    one.desk.act([withdrawn(subject, ops, reason="重复导入")]).result()
    two.desk.act([opened(subject, "service", two.desk.new_id(), {"content": "上门"})]).result()
    everybody(one, two)
    line, asked = only(two)
    assert asked.sort is Sort.REMOVAL and asked.record == ("case", "c1")
    with pytest.raises(Refused, match="conflict_file_stays"):
        settle(two.desk, (subject, asked), Take(asked.versions[0].op_id)).result()
    settle(two.desk, (line.subject, asked), Keep()).result()
    assert not the_board(two).here


def _ops(con: Connection, subject_id: str) -> list[Op]:
    return list(ops_of_subject(con, subject_id))


def test_a_reason_that_is_a_code_is_no_occasion(
    server: Server, both: tuple[PC, PC], clock: FixedClock
) -> None:
    """The card of a person whose help one PC ended showed self_employed under its day."""
    one, two = both
    end_help(one.desk, one.case("c1"), "self_employed").result()
    clock.tick(DAY_MS)
    end_help(two.desk, two.case("c1"), "employed").result()
    resume_help(two.desk, two.case("c1"), "又失业").result()
    everybody(one, two)
    told = questions_of(one.desk, Subject("case", "c1")).result()
    reasons = {o.reason for q in told.questions for o in q.origins.values()}
    assert reasons == {"", "又失业"}


@pytest.mark.parametrize("wanted", ["ended", "open"])
def test_why_help_ended_goes_with_the_choice_that_it_did(
    server: Server, both: tuple[PC, PC], clock: FixedClock, wanted: str
) -> None:
    """The reason stayed a second question, and could be answered with a blank."""
    one, two = both
    end_help(one.desk, one.case("c1"), "self_employed", "开了小店").result()
    clock.tick(DAY_MS)
    end_help(two.desk, two.case("c1"), "employed").result()
    resume_help(two.desk, two.case("c1"), "又失业").result()
    everybody(one, two)
    (line,) = the_board(one).here
    asked = next(d for d in line.differences if d.sort is Sort.STATUS)
    assert len(line.differences) > 1
    taken = next(v for v in asked.versions if v.value == wanted)
    changes = settle(one.desk, (line.subject, asked), Take(taken.op_id)).result()
    assert not the_board(one).here
    root = one.case("c1").root
    said = (root.get("help_state"), root.get("help_reason"), root.get("help_note"))
    assert said == (("ended", "self_employed", "开了小店") if wanted == "ended" else ("open", None, "又失业"))
    settled = next(d for d in decisions(one.desk).result().lines if d.field == "help_state")
    assert settled.action_id == changes.action_id
    undo_decision(one.desk, settled.op_id).result()
    assert the_board(one).here[0].differences == line.differences
    everybody(one, two)
    same(server, one, two)


def test_two_reasons_of_one_end_stay_a_question(both: tuple[PC, PC], clock: FixedClock) -> None:
    one, two = both
    end_help(one.desk, one.case("c1"), "self_employed").result()
    clock.tick(1000)
    end_help(two.desk, two.case("c1"), "employed").result()
    everybody(one, two)
    (line,) = the_board(one).here
    assert [d.field for d in line.differences] == ["help_reason"]
    assert {str(v.value) for v in line.differences[0].versions} == {"self_employed", "employed"}


def test_what_crossed_and_was_taken_back_is_told_as_answered_once_it_is(
    server: Server, both: tuple[PC, PC], county: PC, clock: FixedClock
) -> None:
    """The notice went on to say that the question waits for those above, who had decided it."""
    one, two = both
    line, asked = two_phones_below(county, both, clock)
    settle(one.desk, (line.subject, asked), Keep()).result()
    clock.tick(1000)
    report_up(two.desk, [(line.subject, asked)], "两个号码都打不通").result()
    everybody(one, two, county)

    (mine,) = decisions(one.desk).result().lines

    def said(pc: PC) -> str:
        told = decisions(pc.desk).result()
        crossed = next(d for d in told.lines if d.op_id == mine.op_id)
        return crossed_said(crossed, Saying(pc.staff, pc.desk.today, told.names))

    assert "现在按处理的为准" in said(two)
    undo_decision(one.desk, mine.op_id).result()
    everybody(one, two, county)
    assert said(two).endswith("这次处理后来已撤销，仍等上级核定。")
    (handed,) = the_board(county).handed
    clock.tick(1000)
    settle(county.desk, (handed.subject, handed.differences[0]), Keep()).result()
    everybody(county, one, two)
    for pc in both:
        assert "仍等上级核定" not in said(pc)
        assert "李主任" in said(pc) and said(pc).endswith("已定下来，不用再等。")
    (above,) = [d for d in decisions(county.desk).result().lines if d.by == county.staff]
    undo_decision(county.desk, above.op_id).result()
    everybody(county, one, two)
    assert said(two).endswith("仍等上级核定。")
    (handed,) = the_board(two).handed
    call_back(two.desk, (handed.subject, handed.differences[0])).result()
    assert said(two).endswith("上报后来已撤回，不用再等上级核定。")


@pytest.mark.parametrize("mine", [True, False])
def test_two_ends_of_help_are_not_mixed(
    server: Server, both: tuple[PC, PC], clock: FixedClock, mine: bool
) -> None:
    """Reason 在长春找到工作 stood beside the other one's note and day: each field was a question of its own."""
    one, two = both
    end_help(one.desk, one.case("c1"), "employed", "在长春找到工作").result()
    clock.tick(3 * DAY_MS)
    end_help(two.desk, two.case("c1"), "moved", "迁往外地").result()
    everybody(one, two)
    (line,) = the_board(one).here
    fields = [d.field for d in line.differences]
    assert {"help_reason", "help_note", "help_changed_on"} <= set(fields)
    asked = next(d for d in line.differences if d.field == "help_reason")
    wanted = one.staff if mine else two.staff
    taken = next(v for v in asked.versions if v.actor == wanted)
    told = questions_of(one.desk, line.subject).result()
    cards = cards_of(told, Saying(one.staff, one.desk.today, told.names))
    assert all("是同一次填写的" in card.note for card in cards)
    settle(one.desk, (line.subject, asked), Take(taken.op_id)).result()
    assert not the_board(one).here
    root = one.case("c1").root
    assert (root.get("help_reason"), root.get("help_note")) == (
        ("employed", "在长春找到工作") if mine else ("moved", "迁往外地")
    )
    heads = root.fields["help_changed_on"].heads
    assert len(heads) == 1
    settled = next(d for d in decisions(one.desk).result().lines if d.field == "help_reason")
    undo_decision(one.desk, settled.op_id).result()
    assert [d.field for d in the_board(one).here[0].differences] == fields
    everybody(one, two)
    same(server, one, two)


def test_a_note_of_the_end_that_was_not_chosen_goes_with_it(both: tuple[PC, PC], clock: FixedClock) -> None:
    one, two = both
    end_help(one.desk, one.case("c1"), "employed").result()
    clock.tick(3 * DAY_MS)
    end_help(two.desk, two.case("c1"), "moved", "迁往外地").result()
    everybody(one, two)
    (line,) = the_board(one).here
    asked = next(d for d in line.differences if d.field == "help_reason")
    taken = next(v for v in asked.versions if v.actor == one.staff)
    settle(one.desk, (line.subject, asked), Take(taken.op_id)).result()
    root = one.case("c1").root
    assert (root.get("help_reason"), root.get("help_note")) == ("employed", None)
    assert not the_board(one).here
    settled = next(d for d in decisions(one.desk).result().lines if d.field == "help_reason")
    undo_decision(one.desk, settled.op_id).result()
    assert one.case("c1").root.get("help_note") == "迁往外地"
