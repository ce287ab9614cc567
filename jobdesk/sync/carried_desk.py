"""What a desk does with a stick: take out, bring back. For the window and the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import BadInput, JobdeskError, Refused
from jobdesk.protocol.sealing import answer_key, exchange_public, recipient_of
from jobdesk.store import sync_facts
from jobdesk.store.station_file import StationFile
from jobdesk.sync import carried_files, carried_in, carried_out
from jobdesk.sync.carried_in import Brought
from jobdesk.sync.carried_out import Outgoing
from jobdesk.sync.exchange import Progress, nobody_listens


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A file that stands on the stick."""

    path: Path
    made: Outgoing


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one answer: ``brought``, or why it was not read."""

    path: Path
    brought: Brought | None = None
    problem: JobdeskError | None = None


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """What a folder held for this PC.

    Attributes:
        others: answers for other PCs; out: files on their way out that have no answer here yet.
    """

    read: tuple[Read, ...]
    others: int = 0
    out: int = 0


def take_out(file: StationFile, clock: Clock, folder: Path) -> TakenOut:
    """Write what there is to the stick. Killed in between, the list shows a file that was never whole.

    Raises:
        Refused: ``sync_not_enrolled``. Trouble: the stick is full, read-only, gone, or lies.
    """
    made = carried_out.compose(file, clock)
    path = carried_files.write_file(folder, made.file.name, made.data)
    carried_out.written(file, made.file.exchange, path.name)
    return TakenOut(path, made)


def bring_back(
    file: StationFile, clock: Clock, where: Path, *,
    progress: Callable[[Progress], None] = nobody_listens, stopped: Callable[[], bool] = lambda: False,
) -> BroughtBack:  # fmt: skip
    """Read one answer, or every answer for this PC in a folder, the oldest first.

    Raises:
        Refused: ``sync_not_enrolled``. Trouble: the stick cannot be read, or the station file is in trouble.
    """
    if not where.is_dir():
        return BroughtBack((_read(file, clock, where, progress, stopped),))
    mine = _recipient(file)
    found = carried_files.look_through(where)
    answers = [f for f in found if f.envelope is not None and f.comes_back]
    ours = [f.path for f in answers if f.envelope is not None and f.envelope.recipient == mine]
    broken = [Read(f.path, problem=BadInput(f.problem)) for f in found if f.problem == "carried_damaged"]
    answered = {f.envelope.exchange for f in answers if f.envelope is not None}
    out = [f for f in found if f.goes_out and f.envelope is not None and f.envelope.exchange not in answered]
    read = [_read(file, clock, path, progress, stopped) for path in _oldest_first(file, ours)]
    return BroughtBack((*read, *broken), len(answers) - len(ours), len(out))


def _read(
    file: StationFile, clock: Clock, path: Path, progress: Callable[[Progress], None],
    stopped: Callable[[], bool],
) -> Read:  # fmt: skip
    try:
        data = carried_files.read_file(path)
        brought = carried_in.take(file, data, clock, path.name, progress=progress, stopped=stopped)
    except (BadInput, Refused) as problem:
        if problem.code in ("sync_not_enrolled", "sync_running"):
            raise
        return Read(path, problem=problem)
    return Read(path, brought)


def _oldest_first(file: StationFile, paths: list[Path]) -> list[Path]:
    """By the number in them, so that none is met before the one it follows."""
    facts = file.read(sync_facts.all_facts).result()

    def number(path: Path) -> tuple[int, str]:
        try:
            return carried_in.opened(carried_files.read_file(path), facts)[0].number, path.name
        except BadInput:
            return 0, path.name

    return sorted(paths, key=number)


def _recipient(file: StationFile) -> bytes:
    key = file.read(lambda con: sync_facts.get(con, "device_key")).result()
    if not key:
        raise Refused("sync_not_enrolled")
    return recipient_of(exchange_public(answer_key(bytes.fromhex(key))))
