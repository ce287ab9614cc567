"""Taking back actions, mistakes and imports, and naming what stays."""

from __future__ import annotations

from desks import CASE, ROOT, Desk

from jobdesk.cases.fold import fold
from jobdesk.cases.ops import Kind, NewOp, Op, Subject, fields_set, opened
from jobdesk.cases.state import SubjectState
from jobdesk.cases.undoing import UndoPlan, undo, undo_import, withdraw_records, withdraw_subject

HOME = Subject("household", "h1")
SERVICE = ("service", "s1")


def desk_with_service() -> tuple[Desk, list[Op]]:
    desk = Desk("x")
    desk.open_case(name="王某", phone="1")
    service = [opened(CASE, *SERVICE, {"content": "电话"}, kind=Kind.SERVICE_RECORDED)]
    return desk, desk.commit(service)


def states(desk: Desk) -> dict[Subject, SubjectState]:
    subjects = {op.subject for op in desk.log.values()}
    return {s: fold([o for o in desk.log.values() if o.subject == s]) for s in subjects}


def of(desk: Desk, subject: Subject = CASE) -> list[Op]:
    return [op for op in desk.log.values() if op.subject == subject]


def test_a_field_written_since_stays_and_is_named() -> None:
    desk, _ = desk_with_service()
    edit = desk.edit(phone="2", address="东街")
    later = desk.commit(
        [fields_set(CASE, *ROOT, {"phone": "3"}, desk.state().root.bases("phone"))], actor="李某"
    )
    plan = desk.plan_undo(edit)
    assert [(k.record, k.field, k.by, k.at, k.op_id) for k in plan.kept] == [
        (ROOT, "phone", "李某", later[0].stamp.ms, later[0].op_id)
    ]
    desk.commit(plan.ops)
    assert (desk.state().root.get("phone"), desk.state().root.get("address")) == ("3", None)


def test_a_field_that_stayed_does_not_fall_through_when_the_later_edit_is_undone() -> None:
    desk, _ = desk_with_service()
    edit = desk.edit(phone="2", address="东街")
    later = desk.edit(phone="3")
    desk.undo(edit)
    desk.undo(later)
    assert desk.state().root.get("phone") == "2"


def test_one_action_that_wrote_a_field_twice_goes_as_one() -> None:
    desk, _ = desk_with_service()
    before = desk.state()
    (first,) = desk.edit(phone="2")
    (second,) = desk.edit(phone="3")
    plan = desk.plan_undo([first, second])
    assert not plan.kept
    desk.commit(plan.ops)
    assert desk.state() == before


def test_redo_leaves_what_was_written_since_the_undo() -> None:
    desk, _ = desk_with_service()
    edit = desk.edit(phone="2", address="东街")
    undone = desk.undo(edit)
    desk.edit(phone="3")
    plan = desk.plan_undo(undone)
    assert [k.field for k in plan.kept] == ["phone"]
    desk.commit(plan.ops)
    held = desk.state().root.fields["phone"]
    assert held.value == "3" and not held.is_conflict and desk.state().root.get("address") == "东街"


def test_an_action_over_two_subjects_is_taken_back_on_both() -> None:
    desk, _ = desk_with_service()
    action = desk.commit(
        [
            opened(HOME, "household", "h1", {"head_name": "王某"}),
            opened(HOME, "member", "m1", {"case": "c1"}),
            fields_set(CASE, *ROOT, {"note": "成户"}, {}),
        ]
    )
    plan = undo(action, states(desk), desk.log.values())
    assert {op.subject for op in plan.ops} == {HOME, CASE} and not plan.kept
    desk.commit(plan.ops)
    now = states(desk)
    assert not now[HOME].exists and now[CASE].root.get("note") is None


def test_an_opening_to_which_another_record_refers_stays() -> None:
    desk, _ = desk_with_service()
    plan_action = desk.commit([opened(CASE, "plan", "p1", {"goal": "就业"}, kind=Kind.PLAN_AGREED)])
    measure = desk.commit([opened(CASE, "measure", "m1", {"plan": "p1"})])
    plan = desk.plan_undo(plan_action)
    assert not plan.ops and [(k.record, k.field) for k in plan.kept] == [(("measure", "m1"), "plan")]
    assert not desk.plan_undo([*plan_action, *measure]).kept


def test_an_opening_of_a_person_stays_whole_once_anything_was_added() -> None:
    desk = Desk("x")
    action = desk.commit(
        [opened(CASE, *ROOT, {"name": "王某"}), opened(CASE, "group", "g1", {"kind": "veteran"})]
    )
    desk.serve("电话")
    plan = desk.plan_undo(action)
    assert not plan.ops and [(k.record[0], k.field) for k in plan.kept] == [("service", "")]


def test_undoing_twice_takes_nothing_twice() -> None:
    desk, _ = desk_with_service()
    edit = desk.edit(phone="2")
    desk.undo(edit)
    assert desk.plan_undo(edit) == UndoPlan()


def test_nothing_of_an_erased_subject_is_undone() -> None:
    desk, service = desk_with_service()
    desk.commit([NewOp(Kind.ERASED, CASE, {})])
    assert desk.plan_undo(service) == UndoPlan()


def test_a_mistaken_record_goes_with_its_corrections_and_its_reason() -> None:
    desk, _ = desk_with_service()
    desk.edit(SERVICE, content="到站")
    plan = withdraw_records([SERVICE], desk.state(), of(desk), "staff-x", reason="记错人")
    (op,) = plan.ops
    assert op.kind is Kind.WITHDRAWN and op.payload["reason"] == "记错人"
    desk.commit(plan.ops)
    assert SERVICE not in desk.state().records and desk.state().exists


def test_work_of_others_is_named_before_it_is_withdrawn() -> None:
    desk, _ = desk_with_service()
    desk.commit([fields_set(CASE, *SERVICE, {"content": "到站"}, {})], actor="李某")
    plan = withdraw_records([SERVICE], desk.state(), of(desk), "staff-x", reason="误录")
    assert not plan.ops and [(k.by, k.field) for k in plan.kept] == [("李某", "content")]
    meant = withdraw_records([SERVICE], desk.state(), of(desk), "staff-x", reason="误录", work_of_others=True)
    assert meant.ops


def test_a_plan_goes_only_with_its_measures() -> None:
    desk, _ = desk_with_service()
    desk.commit([opened(CASE, "plan", "p1", {}), opened(CASE, "measure", "m1", {"plan": "p1"})])
    alone = withdraw_records([("plan", "p1")], desk.state(), of(desk), "staff-x", reason="误录")
    assert not alone.ops and alone.kept[0].record == ("measure", "m1")
    both = withdraw_records(
        [("plan", "p1"), ("measure", "m1")], desk.state(), of(desk), "staff-x", reason="误录"
    )
    assert both.ops and not both.kept


def test_a_person_in_a_household_is_not_withdrawn() -> None:
    desk, _ = desk_with_service()
    plan = withdraw_subject(desk.state(), of(desk), "staff-x", reason="误录", states_now=states(desk))
    assert plan.ops
    desk.commit([opened(HOME, *("household", "h1"), {}), opened(HOME, "member", "m1", {"case": "c1"})])
    plan = withdraw_subject(desk.state(), of(desk), "staff-x", reason="误录", states_now=states(desk))
    assert not plan.ops and plan.kept[0].subject == HOME


def imported(desk: Desk) -> list[Op]:
    return desk.commit(
        [
            opened(CASE, *ROOT, {"name": "王某", "phone": "1"}, import_id="i1"),
            opened(CASE, "recognition", "r1", {"category_text": "大龄"}, import_id="i1"),
        ]
    )


def test_an_untouched_imported_person_goes_and_comes_back_by_redo() -> None:
    desk = Desk("x")
    imported(desk)
    before = desk.state()
    plan = undo_import("i1", CASE, of(desk))
    assert [op.kind for op in plan.ops] == [Kind.WITHDRAWN] and plan.ops[0].payload["import"] == "i1"
    done = desk.commit(plan.ops)
    assert not desk.state().exists
    assert undo_import("i1", CASE, of(desk)) == UndoPlan(), "twice takes nothing twice"
    desk.undo(done)
    assert desk.state() == before


def test_an_imported_person_with_work_done_stays_and_the_work_is_named() -> None:
    desk = Desk("x")
    imported(desk)
    service = desk.serve("电话")
    plan = undo_import("i1", CASE, of(desk))
    assert not plan.ops and [k.op_id for k in plan.kept] == [service[0].op_id]
    desk.undo(service)
    assert undo_import("i1", CASE, of(desk)).ops, "work that was taken back is no work"


def test_an_imported_person_in_a_household_stays_unless_the_import_made_that_too() -> None:
    desk = Desk("x")
    imported(desk)
    home = desk.commit([opened(HOME, "household", "h1", {}), opened(HOME, "member", "m1", {"case": "c1"})])
    assert undo_import("i1", CASE, of(desk), states(desk)).kept
    same = {op.op_id for op in home}
    assert undo_import("i1", CASE, of(desk), states(desk), import_ops=same).ops


def changed_by_import(desk: Desk) -> None:
    known = desk.state().root.bases("phone")
    desk.commit([fields_set(CASE, *ROOT, {"phone": "2"}, known, import_id="i2")])


def test_what_was_there_before_an_import_is_no_work_done_since() -> None:
    desk, _ = desk_with_service()
    before = desk.state()
    changed_by_import(desk)
    plan = undo_import("i2", CASE, of(desk))
    assert plan.ops and not plan.kept
    desk.commit(plan.ops)
    assert desk.state() == before


def test_work_after_an_import_keeps_what_it_changed() -> None:
    desk, _ = desk_with_service()
    changed_by_import(desk)
    desk.serve("到站")
    plan = undo_import("i2", CASE, of(desk))
    assert not plan.ops and len(plan.kept) == 1


def test_knowledge_says_since_although_a_clock_says_before() -> None:
    desk, _ = desk_with_service()
    changed_by_import(desk)
    other = Desk("y", skew_ms=-(10**11))
    other.pull(desk)
    other.edit(phone="3")
    desk.pull(other)
    assert [k.field for k in undo_import("i2", CASE, of(desk)).kept] == ["phone"]
