"""Making, opening and resetting the practice station: a folder of its own, a key file inside it.

The key lies beside the file it opens because everybody in it is invented; the first page and the header
say so. A half-made station never bears the name: it is built in another folder and renamed.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from jobdesk.cases.clock import Clock, FixedClock, today
from jobdesk.cases.errors import Refused
from jobdesk.cases.ids import id_source, seeded_ids
from jobdesk.host import assets, policy_files
from jobdesk.host.calendar_file import working_days
from jobdesk.host.disk import disk_errors
from jobdesk.host.paths import PRACTICE_FOLDER, StationPaths
from jobdesk.services.desk import Desk
from jobdesk.services.practice.catching_up import CatchingUp
from jobdesk.services.practice.county_list import take_county_list
from jobdesk.services.practice.foreign import OtherDesk
from jobdesk.services.practice.homes import Homes
from jobdesk.services.practice.ledger_import import import_ledger
from jobdesk.services.practice.matters import Matters
from jobdesk.services.practice.mornings import Mornings
from jobdesk.services.practice.people import People
from jobdesk.services.practice.roster import Roster
from jobdesk.services.practice.year import Year
from jobdesk.store import reads
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station

SEED = 1311
KEY_NAME = "practice.key"
Progress = Callable[[int, int], None]
"""(steps done, steps in all), called on the thread that makes the station."""
_MAKING = ".making"
_OWN_FILES = (
    "station.*",
    "keyslots*.json",
    "keyslots.json.bak",
    "jobdesk.toml",
    "sheets-*.pdf",
    KEY_NAME,
    "journal/*",
    "backups/*",
    "backups/.*",
    "logs/*",
)
_OWN_FOLDERS = ("journal", "backups", "logs")


def key_file_of(paths: StationPaths) -> Path:
    """The key file of the practice station."""
    return paths.practice().data / KEY_NAME


def has_practice(paths: StationPaths) -> bool:
    """Whether there is one."""
    return paths.practice().station.exists()


def open_practice(
    paths: StationPaths, clock: Clock, *, title: str = "practice", progress: Progress | None = None
) -> OpenStation:
    """Open the practice station, made first where there is none.

    Raises:
        FileLocked: another window has it open.
        Trouble: the folder cannot be written, or the file is damaged (``reset_practice`` makes another).
    """
    if not has_practice(paths):
        return make_practice(paths, clock, progress=progress)
    own = paths.practice()
    key = open_with_key_file(own.keyslots, key_file_of(paths))
    return open_station(own, key, clock, id_source(clock), title=title)


def make_practice(
    paths: StationPaths, clock: Clock, *, seed: int = SEED, progress: Progress | None = None
) -> OpenStation:
    """Make the practice station as of the clock's today and open it.

    Args:
        paths: of the real station; the practice one lies in a folder below.
        seed: the same seed and day give the same people and the same year.

    Raises:
        Refused: ``station_exists``.
        Trouble: the folder cannot be written.
    """
    own = paths.practice()
    if own.station.exists():
        raise Refused("station_exists", path=str(own.data))
    making = StationPaths(own.data.with_name(PRACTICE_FOLDER + _MAKING))
    with disk_errors(own.data):
        _remove(making)
        _remove(own)
        making.data.mkdir(parents=True)
    _fill(making, clock, seed, progress)
    with disk_errors(own.data):
        if own.data.exists():  # something of somebody else lies there: it stays
            for made in list(making.data.iterdir()):
                made.replace(own.data / made.name)
            making.data.rmdir()
        else:
            making.data.replace(own.data)
    return open_practice(paths, clock)


def reset_practice(
    paths: StationPaths, clock: Clock, *, seed: int = SEED, progress: Progress | None = None
) -> OpenStation:
    """Remove the practice station and make it anew. Nobody may have it open.

    Raises:
        FileLocked: another window has it open.
        Refused: ``not_practice``: the file in the folder does not say that it is one.
    """
    own = paths.practice()
    if own.station.exists():
        station = open_practice(paths, clock, title="reset")
        try:
            subject = Desk(station.file, "", working_days()).station
            root = station.file.read(lambda con: reads.subject_state(con, subject)).result().root
            if root.get("practice") is not True:
                raise Refused("not_practice", path=str(own.data))
        finally:
            station.close()
        with disk_errors(own.data):
            _remove(own)
    return make_practice(paths, clock, seed=seed, progress=progress)


def _remove(paths: StationPaths) -> None:
    """Our own files by name, then the folders where nothing else lies in them."""
    if not paths.data.is_dir():
        return
    for pattern in _OWN_FILES:
        for found in paths.data.glob(pattern):
            if found.is_file() or found.is_symlink():
                found.unlink()
    for name in (*_OWN_FOLDERS, ""):
        with contextlib.suppress(OSError):
            (paths.data / name).rmdir()


def _fill(paths: StationPaths, clock: Clock, seed: int, progress: Progress | None) -> None:
    now = today(clock)
    start = working_days().add(now - timedelta(days=365), 0)
    moving = FixedClock.at(start.year, start.month, start.day, 8, 0)
    ids = seeded_ids(seed, moving)
    words = assets.toml("samples/practice.toml")
    station_words = words["station"]
    values = {n: station_words[n] for n in ("name", "code", "region")} | {"practice": True}
    station, _code, first = create_station(
        paths, NewStation(values, words["staff"]["first"]), moving, ids, key_file=paths.data / KEY_NAME
    )
    try:
        rng = random.Random(seed)
        year = Year(rng, words, moving, working_days(), start, now, [first])
        people = People(rng, words, now)
        roster = Roster(year, people)
        matters = Matters(year, people, roster)
        desk = Desk(station.file, first, working_days(), practice=True)
        matters.hire(desk)
        roster.draw_all()
        Homes(year, people, roster).plan_all()
        matters.plan_all()
        Mornings(year, people, policy_files.shipped()).plan_all()
        matters.plan_leaving()
        CatchingUp(year).plan_all()
        OtherDesk(year, people, moving, ids).plan_all(roster.lives)
        station.file.folds_kept = 1000  # everybody is worked on again and again
        known = [life.person for life in roster.lives]
        name = words["ledger"]["name"]
        year.interludes.append((now - timedelta(days=12), lambda: import_ledger(desk, people, known, name)))
        graduates = [p for p in known if p.age(now) <= 25][:9]
        day = now - timedelta(days=4)
        year.interludes.append((day, lambda: take_county_list(desk, graduates, people)))
        year.run(station.file, progress)
    finally:
        station.close()
