"""The merge rules one by one, as a person would tell them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desks import CASE, ROOT, YEAR_MS, Desk, meet

from jobdesk.cases.fold import Folding, MixedSubjectsError, fold
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened, withdrawn


def pair(skew: int = 0) -> tuple[Desk, Desk]:
    one, other = Desk("x"), Desk("y", skew)
    one.open_case(name="王某", phone="1", help_state="open")
    other.pull(one)
    return one, other


def test_an_edit_that_knew_wins_against_a_clock_ten_years_ahead() -> None:
    one, other = pair(skew=10 * YEAR_MS)
    other.edit(phone="2")
    one.pull(other)
    one.edit(phone="3")
    meet((one, other))
    assert other.state().root.get("phone") == "3" and not other.state().root.conflicts


def test_versions_that_did_not_know_each_other_stay_side_by_side() -> None:
    one, other = pair(skew=YEAR_MS)
    one.edit(phone="2")
    other.edit(phone="3")
    meet((one, other))
    held = one.state().root.fields["phone"]
    assert held.value == "3" and [h.value for h in held.heads] == ["3", "2"] and held.is_conflict


def test_equal_values_are_no_conflict() -> None:
    one, other = pair()
    one.edit(phone="2")
    other.edit(phone="2")
    meet((one, other))
    assert len(one.state().root.fields["phone"].heads) == 2 and not one.state().root.conflicts


def test_untouched_fields_of_two_desks_both_stay() -> None:
    one, other = pair()
    one.edit(phone="2")
    other.edit(address="东街")
    meet((one, other))
    assert (one.state().root.get("phone"), one.state().root.get("address")) == ("2", "东街")


def test_a_critical_field_keeps_the_last_common_value() -> None:
    one, other = pair(skew=YEAR_MS)
    one.edit(name="王甲")
    other.edit(name="王乙")
    meet((one, other))
    assert one.state().root.get("name") == "王某" and one.state().root.conflicts == ("name",)


def test_a_critical_field_without_a_common_value_is_blank() -> None:
    one, other = pair()
    one.edit(id_number="1")
    other.edit(id_number="2")
    meet((one, other))
    held = one.state().root.fields["id_number"]
    assert held.value is None and len(held.heads) == 2


def test_an_addition_wins_against_a_drop_that_did_not_know_it() -> None:
    one, other = pair()
    one.tag("甲")
    other.pull(one)
    one.tag("甲")
    other.tag("甲", drop=True)
    meet((one, other))
    assert one.state().root.get("lists") == ["甲"]
    one.tag("甲", drop=True)
    assert one.state().root.get("lists") is None


def test_a_move_that_is_not_allowed_stays_as_a_proposal_until_settled() -> None:
    one, _ = pair()
    one.edit(help_state="paused")
    held = one.state().root.fields["help_state"]
    assert held.value == "open" and [h.value for h in held.proposals] == ["paused"] and held.is_conflict
    bases = [h.op_id for h in (*held.heads, *held.proposals)]
    one.commit([fields_set(CASE, *ROOT, {"help_state": "ended"}, {"help_state": bases})])
    held = one.state().root.fields["help_state"]
    assert held.value == "ended" and not held.is_conflict


def test_a_first_move_that_is_not_allowed_is_a_proposal_too() -> None:
    desk = Desk("x")
    desk.open_case(help_state="paused")
    held = desk.state().root.fields["help_state"]
    assert held.value is None and not held.heads and [h.value for h in held.proposals] == ["paused"]
    desk.edit(help_state="paused")
    held = desk.state().root.fields["help_state"]
    assert held.value is None and len(held.proposals) == 2, "repeating it does not make it allowed"


def test_undo_lets_the_older_value_return_and_redo_the_newer() -> None:
    one, _ = pair()
    edit = one.edit(phone="2")
    undone = one.undo(edit)
    assert one.state().root.get("phone") == "1"
    one.undo(undone)
    assert one.state().root.get("phone") == "2"


def test_what_somebody_built_on_elsewhere_stays_in_spite_of_an_undo() -> None:
    one, other = pair()
    edit = one.edit(phone="2", address="东街")
    other.pull(one)
    other.edit(phone="3")
    one.undo(edit)
    meet((one, other))
    assert one.state().root.get("phone") == "3" and one.state().root.get("address") is None
    assert not one.state().root.conflicts, "the value below it does not come up beside it"


def test_a_set_goes_with_its_undo_though_a_field_beside_it_stays() -> None:
    one, other = pair()
    known = one.state().root.bases("phone")
    edit = one.commit([fields_set(CASE, *ROOT, {"phone": "2"}, known, add={"lists": ["甲"]})])
    other.pull(one)
    other.edit(phone="3")
    one.undo(edit)
    meet((one, other))
    assert one.state().root.get("phone") == "3" and one.state().root.get("lists") is None


def test_a_withdrawn_case_on_which_somebody_works_elsewhere_keeps_everything() -> None:
    one, other = pair()
    one.commit([opened(CASE, "recognition", "r1", {"category_text": "大龄"})])
    other.pull(one)
    one.commit([withdrawn(CASE, list(one.log), kind=Kind.WITHDRAWN)])
    assert not one.state().exists
    other.serve("电话回访")
    meet((one, other))
    assert one.state().exists and one.state().record("recognition", "r1").text("category_text") == "大龄"
    folding = Folding(CASE)
    for op in one.log.values():
        folding.extend([op]).state()
    assert folding.state() == one.state(), "late work brings back records folded before"


def test_naming_one_field_leaves_the_others_of_the_same_operation() -> None:
    one, _ = pair()
    (edit,) = one.edit(phone="2", address="东街")
    one.commit([withdrawn(CASE, [edit.op_id], fields={edit.op_id: ["phone"]})])
    assert (one.state().root.get("phone"), one.state().root.get("address")) == ("1", "东街")


def test_two_withdrawals_of_one_edit_are_two() -> None:
    one, other = pair()
    edit = one.edit(phone="2")
    other.pull(one)
    mine = one.undo(edit)
    other.undo(edit)
    meet((one, other))
    one.undo(mine)
    assert one.state().root.get("phone") == "1", "the other one still counts"


def test_a_forged_ring_of_withdrawals_has_no_effect() -> None:
    one, _ = pair()
    one.commit([withdrawn(CASE, ["x-0003", "x-0001"]), withdrawn(CASE, ["x-0002"])])
    assert one.state().exists


def test_a_payload_beats_its_blanked_copy_in_any_order() -> None:
    one, _ = pair()
    (op,) = one.log.values()
    blank = replace(op, payload=None, salt=b"")
    assert fold([blank, op]) == fold([op, blank]) == fold([op])


def test_erased_is_the_last_word() -> None:
    one, _ = pair()
    one.commit([NewOp(Kind.ERASED, CASE, {"reason": "request"})])
    one.edit(phone="9")
    assert one.state().erased and not one.state().exists and list(one.state()) == []


def test_an_edit_that_came_before_its_opening_is_there_but_does_not_exist_twice() -> None:
    one, _ = pair()
    one.edit(phone="2")
    first, second = one.log.values()
    assert fold([second]).root.opened is None
    assert fold([second, first]) == one.state()


def test_operations_of_two_subjects_do_not_mix() -> None:
    one, _ = pair()
    (op,) = one.log.values()
    with pytest.raises(MixedSubjectsError):
        Folding(Subject("case", "other")).extend([op])


def test_children_come_in_the_order_of_their_opening() -> None:
    one, _ = pair()
    for text in "abc":
        one.serve(text)
    assert [r.text("content") for r in one.state().of("service")] == ["a", "b", "c"]


def test_a_long_chain_of_edits_and_undos_folds_alike_in_pieces() -> None:
    one, _ = pair()
    for number in range(60):
        edit = one.edit(phone=str(number))
        if number % 3 == 0:
            one.undo(edit)
    folding = Folding(CASE)
    for op in reversed(one.log.values()):
        folding.extend([op]).state()
    assert folding.state() == one.state()
