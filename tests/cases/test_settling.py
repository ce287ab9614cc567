"""One new version that knows all others settles a conflict."""

from __future__ import annotations

import pytest
from desks import ROOT, YEAR_MS, Desk, meet

from jobdesk.cases import settling
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Kind


def conflict(name: str, *values: str) -> tuple[Desk, Desk]:
    one, other = Desk("x"), Desk("y", YEAR_MS)
    one.open_case(name="王某", phone="1", help_state="open")
    other.pull(one)
    for desk, value in zip((one, other), values, strict=True):
        desk.edit(ROOT, {name: value})
    meet((one, other))
    return one, other


@pytest.mark.parametrize("name", ["phone", "name"])
def test_another_version_is_taken_everywhere(name: str) -> None:
    one, other = conflict(name, "甲", "乙")
    mine = next(h for h in one.state().root.fields[name].heads if h.value == "甲")
    (op,) = one.commit(settling.take(one.state(), ROOT, name, mine.op_id))
    assert op.kind is Kind.CONFLICT_SETTLED
    meet((one, other))
    held = other.state().root.fields[name]
    assert held.value == "甲" and not held.is_conflict and len(held.heads) == 1


@pytest.mark.parametrize(("name", "shown"), [("phone", "乙"), ("name", "王某")])
def test_what_is_shown_is_kept(name: str, shown: str) -> None:
    one, _ = conflict(name, "甲", "乙")
    one.commit(settling.keep_shown(one.state(), ROOT, name))
    assert one.state().root.get(name) == shown and not one.state().root.conflicts


def test_a_third_value_is_written() -> None:
    one, _ = conflict("name", "甲", "乙")
    one.commit(settling.settle(one.state(), ROOT, "name", "丙"))
    assert one.state().root.get("name") == "丙" and not one.state().root.conflicts


def test_equal_values_leave_nothing_to_settle() -> None:
    one, _ = conflict("phone", "甲", "甲")
    assert settling.settle(one.state(), ROOT, "phone", "甲") == []
    assert len(settling.versions(one.state().root.fields["phone"])) == 1


def test_a_version_that_is_gone_is_refused() -> None:
    one, _ = conflict("phone", "甲", "乙")
    old = one.state().root.fields["phone"].heads[1].op_id
    one.edit(phone="丙")
    with pytest.raises(Refused, match="conflict_gone"):
        settling.take(one.state(), ROOT, "phone", old)


def test_a_version_that_came_after_the_choice_stays_open() -> None:
    one, other = conflict("phone", "甲", "乙")
    known = [h.op_id for h in one.state().root.fields["phone"].heads]
    third = Desk("z")
    third.pull(one, limit=1)
    third.edit(phone="丁")
    one.pull(third)
    one.commit(settling.settle(one.state(), ROOT, "phone", "甲", known=known))
    meet((one, other))
    assert sorted(str(h.value) for h in one.state().root.fields["phone"].heads) == ["丁", "甲"]


def test_a_refused_move_is_settled_and_goes() -> None:
    desk = Desk("x")
    desk.open_case(help_state="open")
    desk.edit(help_state="paused")
    proposal = desk.state().root.fields["help_state"].proposals[0]
    assert [v.value for v in settling.versions(desk.state().root.fields["help_state"])] == ["open", "paused"]
    with pytest.raises(Refused, match="move_not_allowed"):
        settling.take(desk.state(), ROOT, "help_state", proposal.op_id)
    desk.commit(settling.keep_shown(desk.state(), ROOT, "help_state"))
    held = desk.state().root.fields["help_state"]
    assert held.value == "open" and not held.is_conflict and not held.proposals
