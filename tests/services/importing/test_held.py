"""Rows that wait: listed as work left, proposed for, settled one by one."""

from __future__ import annotations

import pytest

from jobdesk.cases.errors import BadInput, Refused
from jobdesk.services.desk import Desk
from jobdesk.services.importing import held
from jobdesk.services.importing.held import HeldRow
from jobdesk.services.importing.undo import undo_import
from jobdesk.services.importing.verdicts import Decision
from jobdesk.services.today import load_board

from .corpus import id_number
from .stations import look_at, operations, people, person, take_in

WHOLE = id_number(order=48)
DAMAGED = WHOLE[:15] + "000"


def waiting(desk: Desk) -> list[HeldRow]:
    return desk.read(held.held_rows).result()


def test_a_held_row_is_work_left(desk: Desk) -> None:
    done = take_in(desk, [person("周桂芳", DAMAGED, "19900000005")])
    (row,) = waiting(desk)
    assert (row.name, row.sheet, row.row, row.number) == ("周桂芳", "台账", 2, DAMAGED)
    assert [p.code for p in row.problems] == ["id_damaged"] and row.labels["C"] == "身份证号"
    kinds = [line.kind.value for line in load_board(desk).result().ordered()]
    assert kinds == ["held_rows"] and done.held == 1


def test_adopting_a_proposal_opens_the_file(desk: Desk) -> None:
    rows = [person("周桂芳", DAMAGED, "19900000005", unit="甲公司")]
    take_in(desk, rows)
    (row,) = waiting(desk)
    settled = held.settle(desk, row.record_id, Decision(number=WHOLE)).result()
    assert people(desk)["周桂芳"].case_id == settled.case_id
    assert people(desk)["周桂芳"].id_number == WHOLE and people(desk)["周桂芳"].employer == "甲公司"
    assert waiting(desk) == [] and not load_board(desk).result().lines.get(row.import_id)
    before = operations(desk)
    assert take_in(desk, rows).counts.unchanged == 1 and operations(desk) == before
    with pytest.raises(Refused):
        held.settle(desk, row.record_id, Decision(blank=True)).result()


def test_a_file_here_is_proposed_and_updated(desk: Desk) -> None:
    take_in(desk, [person("周桂芳", WHOLE, "19900000005")])
    take_in(desk, [person("周桂芳", DAMAGED, "19900000005", "南岭1号")])
    (row,) = waiting(desk)
    (proposal,) = desk.read(lambda con: held.proposals(con, row)).result().listed
    held.settle(desk, row.record_id, Decision(number=proposal.number)).result()
    assert len(people(desk)) == 1 and people(desk)["周桂芳"].address == "南岭1号"


def test_blank_later_and_drop(desk: Desk) -> None:
    take_in(desk, [person(n, DAMAGED, p) for n, p in (("甲某", "19900000001"), ("乙某", "19900000002"),
                                                      ("丙某", "19900000003"))])  # fmt: skip
    one, two, three = waiting(desk)
    held.settle(desk, one.record_id, Decision(blank=True)).result()
    held.settle(desk, two.record_id, Decision(later=True)).result()
    held.settle(desk, three.record_id, Decision(drop=True)).result()
    assert [r.state for r in waiting(desk)] == ["later"]
    assert list(people(desk)) == ["甲某"] and people(desk)["甲某"].id_number == ""


def test_who_may_be_here_already_is_asked(desk: Desk) -> None:
    take_in(desk, [person("周桂芳", WHOLE, "19900000005")])
    take_in(desk, [person("周桂芳", "", "19900000005", "南岭1号")])
    (row,) = waiting(desk)
    asked = held.settle(desk, row.record_id, Decision(blank=True)).result()
    assert asked.case_id == "" and [c.by for c in asked.candidates] == [("name", "phone")]
    held.settle(desk, row.record_id, Decision(person=asked.candidates[0].case_id)).result()
    assert people(desk)["周桂芳"].address == "南岭1号" and len(people(desk)) == 1


def test_a_wrong_number_is_refused(desk: Desk) -> None:
    take_in(desk, [person("周桂芳", DAMAGED)])
    with pytest.raises(BadInput):
        held.settle(desk, waiting(desk)[0].record_id, Decision(number=WHOLE[:17] + "Y")).result()


def test_undoing_the_import_takes_the_settled_row_back_too(desk: Desk) -> None:
    done = take_in(desk, [person("周桂芳", DAMAGED, "19900000005")])
    held.settle(desk, waiting(desk)[0].record_id, Decision(number=WHOLE)).result()
    assert done.import_id is not None
    undone = undo_import(desk, done.import_id)
    assert undone.kept == () and not people(desk) and waiting(desk) == []
    assert look_at(desk, [person("周桂芳", DAMAGED, "19900000005")]).counts.held == 1


def test_decided_in_the_next_preview_it_waits_no_longer(desk: Desk) -> None:
    from jobdesk.services.importing.applying import apply

    rows = [person("周桂芳", DAMAGED, "19900000005")]
    take_in(desk, rows)
    preview = look_at(desk, rows)
    assert preview.rows[0].waiting
    preview.decide(0, Decision(number=WHOLE))
    apply(desk, preview)
    assert waiting(desk) == [] and people(desk)["周桂芳"].id_number == WHOLE
    assert take_in(desk, rows).import_id is None
