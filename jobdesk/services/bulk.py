"""The same change to many people: assigned, given a tier, put on a list or taken off it, and taken back.

Many people are several actions in several transactions, so that a save of somebody else passes between
them; what was done is one set for undo.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from jobdesk.cases.errors import Refused, Trouble
from jobdesk.cases.facts import lists_of
from jobdesk.cases.ops import Json, NewOp
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import change
from jobdesk.services.undoing import undo_action
from jobdesk.store.merged import pairs
from jobdesk.store.reads import case_state
from jobdesk.store.station_file import Changes, Writing

T = TypeVar("T")
CHUNK = 250
"""Own figure: people in one action; some 0.3 s of the writing thread."""

Progress = Callable[[int, int], bool]
"""Called with (done, total) after each action, on another thread; False stops."""
Values = Callable[[RecordState], dict[str, Json]]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What was done.

    Attributes:
        changed: people whose file was changed; ``asked`` were to be.
        actions: ids in order, for ``undo_set``.
        stopped: the trouble that ended it early, None when it went through or was cancelled.
    """

    asked: int
    changed: int
    actions: tuple[str, ...]
    stopped: Trouble | None = None


def assign(
    desk: Desk, case_ids: Sequence[str], staff_id: str, progress: Progress | None = None
) -> Future[Bulk]:
    """These people are somebody's from now on; an empty id leaves them without."""
    return _each(desk, case_ids, lambda _: {"owner": staff_id or None}, "", progress)


def set_tier(
    desk: Desk, case_ids: Sequence[str], tier: str, reason: str, progress: Progress | None = None
) -> Future[Bulk]:
    """Give a tier with its reason.

    Raises:
        Refused: no reason was given.
    """
    if not reason.strip():
        raise Refused("tier_reason_needed")
    return _each(desk, case_ids, lambda _: {"tier": tier, "tier_reason": reason}, reason, progress)


def put_on_list(
    desk: Desk, case_ids: Sequence[str], name: str, progress: Progress | None = None
) -> Future[Bulk]:
    """Add to a list by name; a new name makes a new list."""

    def on(root: RecordState) -> dict[str, Json]:
        return {"lists": list[Json](sorted({*lists_of(root.values()), name}))}

    return _each(desk, case_ids, on, "", progress)


def take_off_list(
    desk: Desk, case_ids: Sequence[str], name: str, progress: Progress | None = None
) -> Future[Bulk]:
    """Remove from a list; somebody with two files from that of both."""

    def off(root: RecordState) -> dict[str, Json]:
        return {"lists": list[Json](sorted(lists_of(root.values()) - {name}))}

    return _each(desk, case_ids, off, "", progress, whole=True)


@dataclass(frozen=True, slots=True)
class BulkUndone:
    """How many actions were taken back, and how many values stay because somebody has written since."""

    actions: int
    kept: int


def undo_set(desk: Desk, actions: Sequence[str]) -> Future[BulkUndone]:
    """Take a whole set back, the last action first."""

    def job() -> BulkUndone:
        kept = sum(len(undo_action(desk, action).result().kept) for action in reversed(actions))
        return BulkUndone(len(actions), kept)

    return desk.file.work.aside(job)


def _each(
    desk: Desk, case_ids: Sequence[str], values: Values, reason: str, progress: Progress | None,
    *, whole: bool = False,
) -> Future[Bulk]:  # fmt: skip
    """With ``whole`` the files that were merged into these change too."""
    ids = list(case_ids)
    kept: dict[str, str] = {}

    def chunk(part: Sequence[str]) -> Changes:
        def job(w: Writing) -> Changes:
            ops: list[NewOp] = []
            also = pairs(w.con, part) if whole else {}
            kept.update(also)
            for case_id in dict.fromkeys([*part, *also]):
                root = case_state(w.con, case_id).root
                op = change(case_subject(case_id), root, values(root), reason=reason or None)
                if op is not None:
                    ops.append(op)
            return w.append(desk.actor, ops)

        return desk.write(job).result()

    def people_of(done: Changes) -> int:
        return len({kept.get(op.subject.id, op.subject.id) for op in done.ops})

    return desk.file.work.aside(lambda: in_actions(ids, CHUNK, chunk, people_of, progress))


def in_actions(
    todo: Sequence[T], together: int, chunk: Callable[[Sequence[T]], Changes],
    people_of: Callable[[Changes], int], progress: Progress | None,
) -> Bulk:  # fmt: skip
    """Action after action, so many of ``todo`` in each; what stands before a trouble or a stop stays."""
    changed, actions = 0, list[str]()
    for start in range(0, len(todo), together):
        try:
            done = chunk(todo[start : start + together])
        except Trouble as trouble:
            return Bulk(len(todo), changed, tuple(actions), trouble)
        if done.subjects:
            changed += people_of(done)
            actions.append(done.action_id)
        if progress is not None and not progress(min(start + together, len(todo)), len(todo)):
            break
    return Bulk(len(todo), changed, tuple(actions))
