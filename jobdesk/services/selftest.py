"""Does this installation work here? One line each: what IT looks at after a roll-out, and a clerk on 关于.

Everything that needs a station is done in a temporary one with an invented person, made where the real one
lies and removed afterwards; the real station file is not opened. Papers are checked by ``reports.selfcheck``,
which the caller brings along.
"""

from __future__ import annotations

import platform
import secrets
import shutil
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jobdesk import __version__
from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import JobdeskError
from jobdesk.cases.ids import id_source
from jobdesk.host import machine_code, selfchecks
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths, nearest_existing
from jobdesk.host.selfchecks import Found, State
from jobdesk.host.settings_file import AppConfig
from jobdesk.host.strings import text
from jobdesk.services.desk import Desk
from jobdesk.services.registering import register
from jobdesk.services.second_folder import look
from jobdesk.store import ledger
from jobdesk.store.check import check_station
from jobdesk.store.cipher import PLAIN_HEADER, versions
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station

NAME = "测试"
"""Of the invented person: looked for in the encrypted file (not there) and on the paper (there)."""
OLDEST_CIPHER = (4, 6)
_FAULTS = (
    JobdeskError,
    OSError,
    ImportError,
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
)
"""A selftest tells of a library that does not load or a broken file instead of ending with it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the answer.

    Attributes:
        name: stable word for ``--json``; ``title`` is what people read.
        code: stable word for what was found.
        numbers: the counts and versions of the sentence, without paths and names: what may leave the machine.
    """

    name: str
    state: State
    code: str
    title: str
    said: str
    numbers: dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Bench:
    """The temporary station with its one invented person, open."""

    station: OpenStation
    desk: Desk
    clock: Clock


Check = tuple[str, Callable[[Bench], Found]]


def selftest(
    config: AppConfig, clock: Clock, papers: Sequence[Check], progress: Callable[[str], None] | None = None
) -> list[Line]:
    """Run every check; never raises for what it finds. Seconds.

    Args:
        papers: checks that need the floor above (fonts, a PDF, an xlsx).
        progress: told the name of each check before it begins.
    """
    paths, key_file = config.paths, Path(config.key_file) if config.key_file else None
    tell = progress or _silent
    return [
        _line("program", selfchecks.program_folder, tell),
        _line("data", lambda: selfchecks.data_folder(paths), tell),
        *_on_a_bench(paths, clock, papers, tell),
        _line("keyring", lambda: selfchecks.keyring(key_file), tell),
        _line("clock", lambda: selfchecks.clock(clock, paths), tell),
        _line("disk", lambda: selfchecks.disk_space(paths), tell),
        _line("second", lambda: _second(paths), tell),
        _line("server", lambda: selfchecks.server(config.policy.value("server")), tell),
        policy_line(config, tell),
    ]


def policy_line(config: AppConfig, tell: Callable[[str], None] | None = None) -> Line:
    """What IT has set for the machine, what of it cannot be used, a used code that still stands there."""
    return _line("policy", lambda: _policy(config), tell or _silent)


def _silent(_name: str) -> None:
    """Nobody listens."""


def all_good(lines: Sequence[Line]) -> bool:
    """Whether nothing is bad; warnings and what is not set up are no fault."""
    return all(line.state != "bad" for line in lines)


def about(lines: Sequence[Line]) -> dict[str, object]:
    """The answer as one object for ``--json``."""
    return {
        "ok": all_good(lines), "version": __version__, "python": platform.python_version(),
        "system": platform.system(),
        "lines": [{"name": x.name, "state": x.state, "code": x.code, "said": x.said} for x in lines],
    }  # fmt: skip


def _line(name: str, check: Callable[[], Found], tell: Callable[[str], None]) -> Line:
    tell(name)
    try:
        found = check()
    except JobdeskError as error:
        said = text(f"error.{error.code}", **error.params)
        return Line(name, "bad", error.code, text(f"selftest.{name}"), said, {})
    except _FAULTS as error:
        found = Found("bad", "fault", {"error": type(error).__name__, "detail": str(error)[:200]})
    numbers = {
        k: v for k, v in found.params.items()
        if isinstance(v, int) or (k in ("sqlite", "cipher", "tls", "backend", "error") and isinstance(v, str))
    }  # fmt: skip
    said = text(f"selftest.found.{found.code}", **found.params)
    return Line(name, found.state, found.code, text(f"selftest.{name}"), said, numbers)


def _on_a_bench(
    paths: StationPaths, clock: Clock, papers: Sequence[Check], tell: Callable[[str], None]
) -> list[Line]:
    """The checks that need a station; when it cannot be made, that is the one line."""
    done: list[Line] = []
    try:
        with _bench(paths, clock) as bench:
            checks: list[Check] = [("encryption", _encryption), ("case", _case), *papers]
            for name, check in checks:
                done.append(_line(name, lambda check=check: check(bench), tell))
    except _FAULTS as error:

        def again(error: Exception = error) -> Found:
            raise error

        done.append(_line("station", again, tell))
    return done


@contextmanager
def _bench(paths: StationPaths, clock: Clock) -> Generator[Bench]:
    # not mkdtemp: on Windows it takes a folder without rights for a name that is taken, and tries for ever
    folder = nearest_existing(paths.data) / f".selftest-{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700)
    except OSError:  # told by the line on the data folder
        folder = Path(tempfile.mkdtemp(prefix="jobdesk-selftest-"))
    try:
        places, key_file, ids = StationPaths(folder / "data"), folder / "key", id_source(clock)
        new = NewStation({"name": NAME, "code": "220102001"}, NAME)
        station, _, staff = create_station(places, new, clock, ids, key_file=key_file)
        try:
            yield Bench(station, Desk(station.file, staff, working_days()), clock)
        finally:
            station.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _encryption(bench: Bench) -> Found:
    """The cipher's version, and that nothing of what was written can be read in the file."""
    register(bench.desk, {"name": NAME, "phone": "19900000001"}).result()
    found = bench.desk.read(versions).result()
    shown = {"cipher": found.cipher, "sqlite": found.sqlite}
    if not found.cipher or tuple(int(p) for p in found.cipher.split(".")[:2]) < OLDEST_CIPHER:
        return Found("bad", "cipher_old", shown)
    for file in bench.station.paths.data.rglob("*"):
        if file.is_file() and _plain(file.read_bytes()):
            return Found("bad", "cipher_plain", shown)
    return Found("ok", "cipher_good", shown)


def _plain(content: bytes) -> bool:
    marks = (PLAIN_HEADER, NAME.encode(), NAME.encode("utf-16-le"), b"19900000001")
    return any(mark in content for mark in marks)


def _case(bench: Bench) -> Found:
    """A person is saved, read back through a second opening of the file, and the file proves sound."""
    word = secrets.token_hex(8)
    case = register(bench.desk, {"name": NAME, "address": word}).result().case_id
    station = bench.station
    reader = open_station(station.paths, station.key, bench.clock, id_source(bench.clock), writable=False)
    try:
        query = ledger.LedgerQuery(text=word, state="")
        ids = Desk(reader.file, "", working_days()).read(lambda con: ledger.find_ids(con, query).ids).result()
        wrong = [r.name for r in check_station(reader, backups=False) if not r.ok]
    finally:
        reader.close()
    if list(ids) != [case]:
        return Found("bad", "case_lost")
    return Found("bad", "case_unsound", {"checks": " ".join(wrong)}) if wrong else Found("ok", "case_good")


def _second(paths: StationPaths) -> Found:
    standing = look(paths.second, paths.data)
    states: dict[str, State] = {"good": "ok", "same_disk": "warn", "none": "unset"}
    return Found(states.get(standing, "bad"), f"second_{standing}", {"path": str(paths.second or "")})


def _policy(config: AppConfig) -> Found:
    policy = config.policy
    if policy.complaints:
        said = "".join(c.said for c in policy.complaints)
        return Found("warn", "policy_bad", {"count": len(policy.complaints), "said": said})
    if policy.enrolment is not None and machine_code.is_used(config.paths.data, policy.enrolment.text):
        return Found("warn", "policy_code_left", {"where": machine_code.WHERE})
    count = len(policy.values) + len(policy.publishers) + (policy.enrolment is not None)
    return Found("ok", "policy_good", {"count": count}) if count else Found("unset", "policy_none")
