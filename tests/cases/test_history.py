"""变更记录 tells who changed what from what to what, whatever the clocks said."""

from __future__ import annotations

from dataclasses import replace

from desks import CASE, ROOT, YEAR_MS, Desk, meet

from jobdesk.cases import schema, settling
from jobdesk.cases.history import Change, Entry, history
from jobdesk.cases.ops import Kind, NewOp, fields_set, opened
from jobdesk.host.restricted import restricting


def told(desk: Desk) -> list[Entry]:
    return history(desk.log.values(), restricting(), CASE)


def change(entry: Entry, name: str) -> Change:
    return next(c for c in entry.changes if c.field == name)


def test_old_and_new_values_newest_first() -> None:
    desk = Desk("x")
    desk.open_case(name="王某", phone="1")
    desk.edit(phone="2")
    newest, first = told(desk)
    assert (newest.kind, newest.text, newest.record, newest.actor) == (
        Kind.FIELDS_SET, "fields_set", ROOT, "staff-x"
    )  # fmt: skip
    assert change(newest, "phone").old == ("1",) and change(newest, "phone").new == "2"
    assert change(first, "name").old == () and change(first, "name").new == "王某"


def test_sets_tell_what_was_added_and_dropped() -> None:
    desk = Desk("x")
    desk.open_case()
    desk.tag("甲")
    desk.tag("甲", drop=True)
    dropped, added, _ = told(desk)
    assert change(added, "lists").added == ("甲",) and change(dropped, "lists").dropped == ("甲",)


def test_a_settled_conflict_tells_all_versions() -> None:
    one, other = Desk("x"), Desk("y", YEAR_MS)
    one.open_case(phone="1")
    other.pull(one)
    one.edit(phone="2")
    other.edit(phone="3")
    meet((one, other))
    one.commit(settling.settle(one.state(), ROOT, "phone", "4"))
    newest = told(one)[0]
    assert newest.text == "conflict_settled" and change(newest, "phone").old == ("3", "2")


def test_an_entry_stands_above_what_it_builds_on_in_spite_of_the_clock() -> None:
    ahead, right = Desk("y", 10 * YEAR_MS), Desk("x")
    ahead.open_case(phone="1")
    right.pull(ahead)
    right.edit(phone="2")
    right.edit(phone="3")
    assert [change(e, "phone").new for e in told(right)] == ["3", "2", "1"]


def test_what_was_taken_back_names_who_and_offers_redo() -> None:
    desk = Desk("x")
    desk.open_case(phone="1")
    edit = desk.edit(phone="2")
    assert told(desk)[0].can_undo
    (undone,) = desk.undo(edit)
    withdrawal, taken, _ = told(desk)
    assert taken.undone_by and taken.undone_by.op_id == undone.op_id and not taken.can_undo
    assert change(taken, "phone").undone
    assert withdrawal.takes_back == (edit[0].op_id,) and withdrawal.can_undo
    desk.undo([undone])
    _, withdrawal, taken, _ = told(desk)
    assert withdrawal.undone_by and not taken.undone_by and taken.can_undo


def test_an_opening_on_which_somebody_built_cannot_be_undone() -> None:
    desk = Desk("x")
    desk.open_case(phone="1")
    desk.serve("电话")
    service, opening = told(desk)
    assert service.can_undo and not opening.can_undo


def test_reason_and_import_are_told() -> None:
    desk = Desk("x")
    desk.commit([opened(CASE, *ROOT, {"name": "王某"}, import_id="i1", reason="首次导入")])
    (entry,) = told(desk)
    assert (entry.import_id, entry.reason) == ("i1", "首次导入")


def test_flags_come_from_the_schema() -> None:
    desk = Desk("x")
    desk.open_case(id_number="x", disability="y", name="王某", from_the_future="?")
    desk.commit(
        [opened(CASE, "group", "g1", {"kind": "a"}), opened(CASE, "registration", "r1", {"reason": "b"})]
    )
    registration, group, opening = told(desk)
    assert change(opening, "id_number").masked and change(opening, "disability").sensitive
    assert not change(opening, "name").masked and not change(opening, "name").restricted
    assert change(opening, "from_the_future").masked, "what is not known is not shown"
    assert change(group, "kind").restricted and change(registration, "reason").restricted
    assert change(registration, "reason").table == schema.field("registration", "reason").table  # type: ignore[union-attr]


def test_erased_leaves_who_and_when() -> None:
    desk = Desk("x")
    desk.open_case(name="王某")
    desk.commit([NewOp(Kind.ERASED, CASE, {})])
    blanked = [
        op if op.kind is Kind.ERASED else replace(op, payload=None, salt=b"") for op in desk.log.values()
    ]
    erasure, opening = history(blanked, restricting())
    assert opening.blank and not opening.changes and not opening.can_undo and not erasure.blank
    assert history([], restricting(), CASE) == []


def test_repeated_operations_are_told_once() -> None:
    desk = Desk("x")
    desk.open_case(name="王某")
    desk.commit([fields_set(CASE, *ROOT, {"phone": "1"}, {})])
    assert len(history([*desk.log.values(), *desk.log.values()], restricting())) == 2
