"""Rule packs and calendars from outside: read, taken in, rolled back; each act an operation on the station.

A file is refused when it is unsigned, of a publisher nobody here trusts, damaged, not newer than the one
in use, or faulty in itself or together with the rest; whatever was in use stays in use.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from jobdesk.cases.errors import BadInput, Refused
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.reading import Fault
from jobdesk.host import calendar_file, policy_files
from jobdesk.host.policy_files import PlacedFault
from jobdesk.host.publisher_key import PublisherKey
from jobdesk.host.signed_pack import SignedPack, read_whole, unpack
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change, opening
from jobdesk.services.policies import (
    CALENDAR,
    RULES,
    LeftOut,
    Standing,
    Taken,
    laid_over,
    rule_files,
    standing,
    taken_in,
    unusable,
    working_days_of,
)
from jobdesk.store import local, reads
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes, Writing


@dataclass(frozen=True, slots=True)
class Offered:
    """A signed file that was read and proven, before it is taken in.

    Attributes:
        data: the bytes of the whole file, as they will be kept.
        title: the titles of its packs; for a calendar the years it covers.
        before: the version in use that it would take the place of.
        packs: the rules as they would be in force; None for a calendar.
        faults: by file and line; with any the pack is refused.
        refusal: why it cannot be taken in; None when it can.
    """

    pack: SignedPack
    data: bytes = field(repr=False)
    title: str
    before: Taken | None = None
    packs: PackSet | None = None
    faults: tuple[PlacedFault, ...] = ()
    refusal: Refused | None = None


def offer(desk: Desk, path: Path, keys: Iterable[PublisherKey]) -> Future[Offered]:
    """Read a signed file of rules or a calendar and see whether it can be taken in.

    Raises:
        BadInput: damaged, unsigned, of an unknown publisher, or of another kind.
        Trouble: the file cannot be read.
    """
    known = tuple(keys)

    def job(con: Connection) -> Offered:
        data = read_whole(path)
        pack = unpack(data, None, known, path.name)
        if pack.kind == CALENDAR:
            return _offered_calendar(con, desk, pack, data)
        if pack.kind != RULES:
            unpack(data, RULES, known, path.name)  # says which kind it is and which was wanted
        return _offered_rules(con, desk, pack, data)

    return desk.read(job)


def _offered_rules(con: Connection, desk: Desk, pack: SignedPack, data: bytes) -> Offered:
    now = standing(con, desk)
    before = next((t for t in now.in_use if t.name == pack.name), None)
    files = rule_files(pack)
    title = "、".join(p.title for p in files.packs)
    faults = list(files.faults)
    if not pack.files:
        faults.append(PlacedFault(pack.name, 0, Fault("no_files", "")))
    if not faults:
        faults += _older_inside(files.packs, now)
    packs = None
    if not faults:
        others = [p for p in _taken_packs(now) if before is None or p.digest != _digest_of(now, before)]
        packs = laid_over(now.packs.region, [*others, *files.packs])
        faults += policy_files.check_set(packs, files.texts)
    return Offered(pack, data, title, before, packs, tuple(faults), _refusal(pack, before, faults))


def _offered_calendar(con: Connection, desk: Desk, pack: SignedPack, data: bytes) -> Offered:
    held = [t for t in taken_in(con, desk, CALENDAR) if not t.rolled_back_on and t.name == pack.name]
    before = max(held, key=lambda t: t.version, default=None)
    faults: list[PlacedFault] = []
    title = ""
    try:
        days = calendar_file.of_pack(pack.files)
        years = dict.fromkeys((days.known_from.year, days.known_through.year))
        title = "–".join(map(str, years))
        known = working_days_of(con, desk)
        too_late = days.known_from > known.known_through + timedelta(days=1)
        if too_late or days.known_through <= calendar_file.working_days().known_through:
            faults.append(PlacedFault(pack.name, 0, Fault("calendar_short", "", detail=title)))
    except BadInput as error:
        faults.append(PlacedFault(str(error.params.get("path", "")), 0, Fault(error.code, "")))
    return Offered(pack, data, title, before, None, tuple(faults), _refusal(pack, before, faults))


def _refusal(pack: SignedPack, before: Taken | None, faults: list[PlacedFault]) -> Refused | None:
    if before is not None and pack.version <= before.version:
        return Refused("pack_older", name=pack.name, version=pack.version, in_use=before.version)
    if faults:
        return Refused("pack_faulty", name=pack.name, count=len(faults))
    return None


def _older_inside(packs: Iterable[policy_files.Pack], now: Standing) -> list[PlacedFault]:
    """A pack inside the container whose own version is lower than that of the same name in use."""
    held = {p.name: p.version for p in now.packs.packs}
    return [
        PlacedFault(p.name, 0, Fault("older_pack", "version", p.name, f"{p.version} < {held[p.name]}"))
        for p in packs
        if p.version < held.get(p.name, 0)
    ]


def _taken_packs(now: Standing) -> list[policy_files.Pack]:
    return [p for p in now.packs.packs if p.digest]


def _digest_of(now: Standing, taken: Taken) -> str:
    return now.manifests.get(taken.record, "")


def take_in(desk: Desk, offered: Offered) -> Future[Changes]:
    """Put it to use from now on.

    Raises:
        Refused: ``pack_older``, ``pack_faulty``; also when another one was taken in meanwhile.
    """
    if offered.refusal is not None:
        raise offered.refusal
    pack = offered.pack

    def job(w: Writing) -> Changes:
        held = [t for t in taken_in(w.con, desk, pack.kind) if t.name == pack.name and not t.rolled_back_on]
        newest = max(held, key=lambda t: t.version, default=None)
        if newest is not None and newest.version >= pack.version:
            raise Refused("pack_older", name=pack.name, version=pack.version, in_use=newest.version)
        values: dict[str, Json] = {
            "kind": pack.kind, "name": pack.name, "title": offered.title, "version": pack.version,
            "digest": local.put_blob(w.con, offered.data), "publisher": pack.publisher.text,
            "taken_on": desk.today.isoformat(),
        }  # fmt: skip
        op = opening(desk.station, "rule_pack", w.new_id(), values)
        return w.append(desk.actor, [op])

    return desk.write(job)


def roll_back(desk: Desk, kind: str, name: str, reason: str) -> Future[Changes]:
    """退回: the newest version of that name goes out of use; the one before it, or what is shipped, comes in.

    Raises:
        Refused: ``rollback_needs_reason``, or ``nothing_to_roll_back``: none of that name is in use.
    """
    if not reason.strip():
        raise Refused("rollback_needs_reason")

    def job(w: Writing) -> Changes:
        held = [t for t in taken_in(w.con, desk, kind) if t.name == name and not t.rolled_back_on]
        newest = max(held, key=lambda t: (t.version, t.stamp), default=None)
        if newest is None:
            raise Refused("nothing_to_roll_back", name=name)
        record = reads.subject_state(w.con, desk.station).records["rule_pack", newest.record]
        values: dict[str, Json] = {"rolled_back_on": desk.today.isoformat(), "note": reason.strip()}
        op = change(desk.station, record, values, reason=reason.strip())
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)


@dataclass(frozen=True, slots=True)
class PacksHere:
    """Everything about packs that the settings show.

    Attributes:
        history: rule packs and calendars ever taken in, the newest first, with those rolled back.
        left_out: of both kinds, what should be in use and is not.
    """

    now: Standing
    history: tuple[Taken, ...]
    calendars: tuple[Taken, ...]
    left_out: tuple[LeftOut, ...] = ()


def load_packs(desk: Desk) -> Future[PacksHere]:
    """What is in use, what was, and what could not be used."""

    def job(con: Connection) -> PacksHere:
        every = [*taken_in(con, desk, RULES), *taken_in(con, desk, CALENDAR)]
        ordered = tuple(sorted(every, key=lambda t: (t.stamp, t.version), reverse=True))
        calendars = tuple(t for t in ordered if t.kind == CALENDAR)
        return PacksHere(standing(con, desk), ordered, calendars, unusable(con, desk))

    return desk.read(job)
