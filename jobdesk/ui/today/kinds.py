"""Kinds of lines on this screen: in which filter they stand, and where each is answered. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from jobdesk.cases.due import CONTACT_KINDS, DueKind, DueLine
from jobdesk.services.board import Board

GROUPS: Mapping[str, frozenset[DueKind]] = {
    "contact": CONTACT_KINDS | {DueKind.TRANSFER_WISH, DueKind.UNREACHABLE},
    "step": frozenset({DueKind.STEP, DueKind.NEW_ROUND}),
    "plan": frozenset({DueKind.PROMISE, DueKind.MEASURE, DueKind.PLAN_GOAL, DueKind.PLAN_REVIEW}),
    "claim": frozenset(
        {DueKind.MAY_REGISTER, DueKind.DEREGISTER, DueKind.PREPARE, DueKind.MAY_APPLY, DueKind.CLAIM}
        | {DueKind.PUBLICITY, DueKind.LEAVE, DueKind.PENSION, DueKind.VERIFY}
    ),
    "household": frozenset({DueKind.HOUSEHOLD_JOB, DueKind.HOUSEHOLD_LADDER, DueKind.HOUSEHOLD_REVERIFY}),
    "benefit": frozenset(
        {DueKind.BENEFIT_END, DueKind.SUBSIDY_END, DueKind.WINDOW_END, DueKind.TELL_POLICY}
        | {DueKind.PUBLIC_POST}
    ),
    "notice": frozenset({DueKind.NOTICE}),
    "other": frozenset({DueKind.HELD_ROWS, DueKind.VACANCY, DueKind.ASSIGNED, DueKind.UNWORKABLE}),
}
"""Filters in their order; ``today.group_<name>``."""
_GROUP_OF = {kind: name for name, kinds in GROUPS.items() for kind in kinds}
OF_PEOPLE = frozenset(DueKind) - {DueKind.HELD_ROWS, DueKind.VACANCY}
BY_SERVICE = (
    CONTACT_KINDS
    | GROUPS["notice"]
    | GROUPS["step"]
    | {DueKind.TRANSFER_WISH, DueKind.PROMISE, DueKind.MEASURE}
    | {DueKind.BENEFIT_END, DueKind.SUBSIDY_END, DueKind.WINDOW_END, DueKind.TELL_POLICY}
)
"""Lines that a recorded service answers: the form stands beside them."""
_PARTS: Mapping[DueKind, str] = {
    DueKind.PLAN_GOAL: "plan", DueKind.PLAN_REVIEW: "plan", DueKind.MAY_REGISTER: "job",
    DueKind.DEREGISTER: "job", DueKind.PENSION: "job", DueKind.PREPARE: "recognition",
    DueKind.MAY_APPLY: "recognition", DueKind.CLAIM: "recognition", DueKind.PUBLICITY: "recognition",
    DueKind.LEAVE: "recognition", DueKind.PUBLIC_POST: "subsidy", DueKind.UNREACHABLE: "recognition",
}  # fmt: skip
"""Part of the file where the others of a person are answered."""

Answer = Literal["form", "file", "household", "held", "vacancy", "assigned"]


def group_of(kind: DueKind) -> str:
    """The filter a line belongs to."""
    return _GROUP_OF[kind]


def answer_of(board: Board, line: DueLine) -> Answer:
    """Where a line is answered."""
    if line.kind is DueKind.HELD_ROWS:
        return "held"
    if line.kind is DueKind.VACANCY:
        return "vacancy"
    if line.kind is DueKind.ASSIGNED:
        return "assigned"
    if is_household(board, line):
        return "household"
    return "form" if line.kind in BY_SERVICE else "file"


def detail_of(line: DueLine) -> str:
    """The record of the line, or the question that answers it: 核对 of a field."""
    return f"prove:{dict(line.params)['part']}" if line.kind is DueKind.VERIFY else line.record


def part_of(line: DueLine) -> str:
    """Part of the file where it is answered."""
    return _PARTS.get(line.kind, "overview")


def is_household(board: Board, line: DueLine) -> bool:
    """Whether the line is about a household, not about a person."""
    item = board.items.get(line.subject)
    return item is not None and item.is_household


def enter_key(board: Board, line: DueLine) -> str:
    """Key of the words for what Enter does on a line."""
    answer = answer_of(board, line)
    if answer == "form":
        return "key_record"
    if answer == "file":
        return "key_plan" if part_of(line) == "plan" else "key_file"
    return "key_household" if answer == "household" else "key_handle"
