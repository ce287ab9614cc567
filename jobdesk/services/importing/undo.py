"""Taking back a whole import; people on whom work was done since stay as they are and are named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jobdesk.cases import undoing
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, NewOp, Subject
from jobdesk.cases.state import SubjectState
from jobdesk.cases.undoing import Kept
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.store import import_lookups as lookups
from jobdesk.store import reads
from jobdesk.store.import_lookups import RunningImport
from jobdesk.store.log import Connection
from jobdesk.store.search_bulk import end_filling, loosen, tidy, tighten
from jobdesk.store.station_file import Writing

SUBJECTS_AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class KeptSubject:
    """Somebody who stays because of later work.

    Attributes:
        name: as shown; of a post its unit and post.
        work: what was done since, oldest first.
    """

    subject: Subject
    name: str
    work: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """What became of an import that was taken back.

    Attributes:
        withdrawn: people and posts of which everything the import wrote is gone.
        kept: in the order of the import.
    """

    import_id: str
    withdrawn: int
    kept: tuple[KeptSubject, ...]


def undo_import(
    desk: Desk, import_id: str, progress: Callable[[int, int], None] | None = None
) -> UndoneImport:
    """Take an import back. Blocks. Killed in the middle it is finished by ``resuming``.

    Raises:
        BadInput: no import of this id.
        Refused: it was taken back before, or an import is running.
    """
    state = desk.read(lambda con: reads.subject_state(con, Subject("import", import_id))).result()
    if not state.exists:
        raise BadInput("import_unknown", import_id=import_id)
    if state.root.text("state") == "undone":
        raise Refused("import_undone_already")

    def begin(w: Writing) -> None:
        if lookups.running_imports(w.con):
            raise Refused("import_running")
        lookups.put_plan(w.con, RunningImport(import_id, desk.actor, lookups.TAKING_BACK, 0), b"")
        # the plan is this file's own: the journal and other PCs of the station learn of it by the import
        op = change(state.subject, w.state(state.subject).root, {"state": "undoing"})
        w.append(desk.actor, [op] if op else [])

    desk.write(begin).result()
    return take_back(desk, import_id, progress)


def take_back(desk: Desk, import_id: str, progress: Callable[[int, int], None] | None = None) -> UndoneImport:
    """Take back whatever of an import still stands; can be done again after a kill."""
    found = desk.read(lambda con: _subjects(con, import_id)).result()
    own = desk.read(lambda con: lookups.op_ids_of_import(con, import_id)).result()
    kept: list[KeptSubject] = []
    gone = 0
    for start in range(0, len(found), SUBJECTS_AT_A_TIME):
        part = found[start : start + SUBJECTS_AT_A_TIME]
        stays = desk.write(lambda w, p=part: _withdraw(w, desk, import_id, p, own)).result()
        kept += stays
        gone += len(part) - len(stays)
        if progress is not None:
            progress(min(start + SUBJECTS_AT_A_TIME, len(found)), len(found))
    desk.write(lambda w: _finish(w, desk, import_id)).result()
    return UndoneImport(import_id, gone, tuple(kept))


def _subjects(con: Connection, import_id: str) -> list[Subject]:
    found = [Subject(*s) for s in lookups.subjects_of_import(con, import_id)]
    return [s for s in found if s.kind != "import"]


def _withdraw(
    w: Writing, desk: Desk, import_id: str, subjects: list[Subject], import_ops: frozenset[str]
) -> list[KeptSubject]:
    ids = [s.id for s in subjects]
    ops = lookups.ops_of_subjects(w.con, ids)
    pointing: dict[Subject, SubjectState] = {
        s: reads.subject_state(w.con, s) for s in reads.referring_subjects(w.con, ids) if s.kind != "import"
    }
    kept: list[KeptSubject] = []
    todo: list[NewOp] = []
    loosen(w.con)
    for subject in subjects:
        plan = undoing.undo_import(
            import_id, subject, ops.get(subject.id, ()), pointing, import_ops=import_ops
        )
        todo += plan.ops
        if plan.kept:
            root = reads.subject_state(w.con, subject).root
            name = root.text("name") or " ".join(t for t in (root.text("unit"), root.text("post")) if t)
            kept.append(KeptSubject(subject, name, tuple(sorted(plan.kept, key=lambda k: k.at))))
    for start in range(0, len(todo), MAX_OPS_PER_ACTION):
        w.append(desk.actor, todo[start : start + MAX_OPS_PER_ACTION])
    tighten(w.con)
    return kept


def _finish(w: Writing, desk: Desk, import_id: str) -> None:
    """Held rows of other imports that this one settled wait again; the import itself says undone."""
    end_filling(w.con)
    tidy(w.con)
    own = Subject("import", import_id)
    for kind, subject_id in lookups.subjects_of_import(w.con, import_id):
        subject = Subject(kind, subject_id)
        if kind == "import" and subject != own:
            ops = lookups.ops_of_subjects(w.con, [subject_id]).get(subject_id, [])
            plan = undoing.undo_import(import_id, subject, ops)
            w.append(desk.actor, plan.ops)
    state = w.state(own)
    if state.exists:
        op = change(own, state.root, {"state": "undone"})
        w.append(desk.actor, [op] if op else [])
    lookups.drop_plan(w.con, import_id)
