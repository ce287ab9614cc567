"""Erasure blanks everything that speaks of the person, and nothing else; the chain still verifies."""

from __future__ import annotations

from dataclasses import replace

from desks import CASE, ROOT, Desk

from jobdesk.cases.codec import GENESIS, op_hash
from jobdesk.cases.erasing import attachments, erased_subjects, to_blank
from jobdesk.cases.fold import fold
from jobdesk.cases.ops import Kind, NewOp, Op, Subject, fields_set, opened

HOME, SHEET, OTHER = Subject("household", "h1"), Subject("import", "i1"), Subject("case", "c2")


def scene() -> tuple[Desk, list[Op]]:
    desk = Desk("x")
    desk.open_case(name="王某")
    mine = desk.commit(
        [
            opened(CASE, "attachment", "a1", {"digest": "d1"}),
            opened(CASE, "attachment", "a2", {"digest": "shared"}),
            opened(HOME, "member", "m1", {"case": "c1", "name": "王某"}),
            fields_set(HOME, "member", "m1", {"birth_year": 1980}, {}),
            opened(SHEET, "held_row", "r1", {"case": "c1", "cells": {"姓名": "王某"}}),
        ]
    )
    desk.commit(
        [
            opened(HOME, "household", "h1", {"address": "东街"}),
            opened(HOME, "member", "m2", {"case": "c2", "name": "李某"}),
            opened(OTHER, "case", "c2", {"name": "李某"}),
            opened(OTHER, "attachment", "a3", {"digest": "shared"}),
        ]
    )
    desk.commit([NewOp(Kind.ERASED, CASE, {"reason": "request"})])
    return desk, mine


def test_all_that_speaks_of_the_person_and_nothing_else() -> None:
    desk, mine = scene()
    ops = list(desk.log.values())
    assert erased_subjects(ops) == {CASE}
    assert to_blank({CASE}, ops) == [ops[0].op_id, *(op.op_id for op in mine)]


def test_only_content_that_nobody_else_names_goes() -> None:
    desk, _ = scene()
    ops = list(desk.log.values())
    assert attachments(ops, to_blank({CASE}, ops)) == {"d1"}


def test_late_operations_are_blanked_and_blank_ones_left_out() -> None:
    desk, _ = scene()
    gone = set(to_blank({CASE}, desk.log.values()))
    after = [replace(o, payload=None, salt=b"") if o.op_id in gone else o for o in desk.log.values()]
    assert to_blank({CASE}, after) == []
    (late,) = desk.edit(ROOT, phone="1")
    assert to_blank({CASE}, [*after, late]) == [late.op_id]


def test_the_chain_and_the_state_survive() -> None:
    desk, _ = scene()
    gone = set(to_blank({CASE}, desk.log.values()))
    after = [replace(o, payload=None, salt=b"") if o.op_id in gone else o for o in desk.log.values()]
    previous = GENESIS
    for op in after:
        assert op.prev_hash == previous
        previous = op_hash(op)
    assert fold([o for o in after if o.subject == CASE]).erased
    home = fold([o for o in after if o.subject == HOME])
    assert [m.text("name") for m in home.of("member")] == ["李某"]
