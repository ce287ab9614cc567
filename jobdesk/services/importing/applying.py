"""Carrying an import out: a verified backup, the plan kept, part by part with room for other saves.

Each part is a transaction that also moves the plan on, so that a kill at any moment leaves an import
that ``resuming`` finishes. Cancelling takes back what was applied.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.host.collector import without_collector
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.services.importing.here import look
from jobdesk.services.importing.memory import remember
from jobdesk.services.importing.plan_ops import Action, Origin, PlanMaker
from jobdesk.services.importing.preview import Preview
from jobdesk.services.importing.undo import take_back
from jobdesk.services.importing.verdicts import Counts, Verdict
from jobdesk.store import import_lookups as lookups
from jobdesk.store.import_lookups import RunningImport
from jobdesk.store.log import Connection
from jobdesk.store.open_station import OpenStation
from jobdesk.store.reads import last_position
from jobdesk.store.safekeeping import back_up
from jobdesk.store.search_bulk import begin_filling, end_filling
from jobdesk.store.station_file import Writing
from jobdesk.store.writable import erased

Progress = Callable[[int, int], None]
"""Called with parts done and parts in all."""

PARTS_AT_ONCE = 4
"""Own figure: actions (of at most 500 operations) of one transaction; a save in between waits that long."""
BACKUP_REASON = "before-import"


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did.

    Attributes:
        import_id: None where there was nothing to write: the same file a second time.
        held: rows that wait with this import.
        cancelled: it was taken back on the way.
    """

    import_id: str | None
    counts: Counts
    held: int = 0
    cancelled: bool = False


def before_import(station: OpenStation) -> Callable[[], object]:
    """The verified backup that goes before an import, as ``apply`` wants it."""
    return lambda: back_up(station, BACKUP_REASON).result()


def apply(
    desk: Desk,
    preview: Preview,
    *,
    backup: Callable[[], object] | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Applied:
    """Import what the preview shows. Blocks; call it beside the window's thread.

    Args:
        backup: see :func:`before_import`; called before the first write, not where nothing is written.
        cancelled: asked between parts; True takes back what was applied.

    Raises:
        Refused: another import has not come to its end, or people of this preview came in since.
    """
    desk.read(lambda con: _refuse_stale(con, preview)).result()
    import_id = desk.new_id()
    maker = PlanMaker(desk, preview, Origin(import_id, desk.today, desk.new_id))
    parts = desk.read(lambda con: [packed_action(a) for a in maker.actions(con)]).result()
    remember(desk, preview.read_file.plans)
    if not parts:
        return Applied(None, preview.counts)
    if backup is not None:
        backup()
    running = RunningImport(import_id, desk.actor, 0, len(parts))
    body = joined(parts)
    del parts
    desk.write(lambda w: _begin(w, running, body)).result()
    finished = run(desk, running, body, progress, cancelled)
    held = sum(r.verdict is Verdict.HELD and not r.waiting for r in preview.rows)
    return Applied(import_id, preview.counts, held if finished else 0, not finished)


def _refuse_stale(con: Connection, preview: Preview) -> None:
    if lookups.running_imports(con):
        raise Refused("import_running")
    here = preview.judge.here
    if last_position(con) == here.position:
        return
    fresh = [r.values for r in preview.rows if r.verdict is Verdict.NEW]
    numbers = {str(n) for v in fresh if (n := v.get("case.id_number") or v.get("case.old_id_number"))}
    preview.judge.give_keys()
    now = look(con, numbers, (), (r.key for r in preview.rows))
    if any(now.with_number(n) for n in numbers) or now.memory.keys() - here.memory.keys():
        raise Refused("import_stale")


def run(
    desk: Desk,
    running: RunningImport,
    body: bytes,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> bool:
    """Write the parts that are not yet written, then say that the import is applied.

    False when it was cancelled and taken back.
    """
    parts = islice(parts_of(body), running.done, None)
    done = running.done
    while batch := list(islice(parts, PARTS_AT_ONCE)):
        if cancelled is not None and cancelled():
            desk.write(lambda w: lookups.move_plan(w.con, running.import_id, lookups.TAKING_BACK)).result()
            take_back(desk, running.import_id, progress)
            return False
        done += len(batch)
        with without_collector():
            actions = [unpacked_action(part) for part in batch]
            desk.write(lambda w, a=actions, n=done: _write(w, running, a, n)).result()
        if progress is not None:
            progress(done, running.total)
    desk.write(lambda w: _finish(w, running)).result()
    return True


def _begin(w: Writing, running: RunningImport, body: bytes) -> None:
    lookups.put_plan(w.con, running, body)
    if running.total > PARTS_AT_ONCE:
        begin_filling(w.con)


def _write(w: Writing, running: RunningImport, actions: list[Action], number: int) -> None:
    """Several actions and how far the plan is, all or nothing."""
    for action in actions:
        if action.new:
            w.append_new(running.actor, action.ops, w.new_id())
        elif not erased(w.con, {op.subject.id for op in action.ops}):  # while the import waited
            w.append(running.actor, action.ops)
    lookups.move_plan(w.con, running.import_id, number)


def _finish(w: Writing, running: RunningImport) -> None:
    subject = Subject("import", running.import_id)
    op = change(subject, w.state(subject).root, {"state": "applied"}, import_id=running.import_id)
    if op is not None:
        w.append(running.actor, [op])
    lookups.drop_plan(w.con, running.import_id)
    if running.total > PARTS_AT_ONCE:
        end_filling(w.con)


# ---------------------------------------------------------------------- the plan as bytes


def packed_action(action: Action) -> bytes:
    """One action, small."""
    ops = [[op.kind.value, op.subject.kind, op.subject.id, op.payload] for op in action.ops]
    return zlib.compress(json.dumps([action.new, ops], ensure_ascii=False).encode(), 1)


def unpacked_action(data: bytes) -> Action:
    """What ``packed_action`` made."""
    new, ops = json.loads(zlib.decompress(data))
    return Action(new, [NewOp(Kind(kind), Subject(sk, si), payload) for kind, sk, si, payload in ops])


def joined(parts: Iterable[bytes]) -> bytes:
    """Parts behind each other, each after its length."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def parts_of(body: bytes) -> Iterator[bytes]:
    """What ``joined`` made."""
    at = 0
    while at < len(body):
        end = at + 4 + int.from_bytes(body[at : at + 4], "big")
        yield body[at + 4 : end]
        at = end
