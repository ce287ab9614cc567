"""The dated rules in force at a station: those shipped, with the packs that were taken in laid over them.

A pack that was taken in is a signed container kept whole in the station file (its bytes among the blobs,
a record ``rule_pack`` on the station). It is read and proven again whenever the station is opened; one
that cannot be read, or that does not go together with the rest, is left out, the last good one stays in
use, and ``Standing.left_out`` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jobdesk.cases.errors import BadInput
from jobdesk.cases.rules.checking import check
from jobdesk.cases.rules.pack import Pack, PackSet
from jobdesk.cases.rules.vocabulary import FACTS
from jobdesk.cases.working_days import WorkingDays
from jobdesk.host import calendar_file, policy_files
from jobdesk.host.policy_files import PlacedFault
from jobdesk.host.publisher_key import parse_publisher
from jobdesk.host.signed_pack import SignedPack, unpack
from jobdesk.services import pack_names
from jobdesk.services.desk import Desk
from jobdesk.store import local, reads
from jobdesk.store.log import Connection

PROVINCE = "22"
RULES, CALENDAR = "rules", "calendar"


@dataclass(frozen=True, slots=True)
class Taken:
    """A signed container that was taken in, as its record says.

    Attributes:
        kind: ``rules`` or ``calendar``.
        digest: names the bytes among the blobs.
        publisher: ``name=base64 of the key``, as it was trusted when the pack was taken in.
        rolled_back_on: ISO day; empty while it has not been rolled back. ``reason``: why it was.
        taken_by: staff id; ``stamp`` orders them by when they were taken in.
    """

    record: str
    kind: str
    name: str
    title: str
    version: int
    digest: str
    publisher: str
    taken_on: str
    rolled_back_on: str = ""
    reason: str = ""
    taken_by: str = ""
    stamp: tuple[int, int] = (0, 0)

    @property
    def publisher_name(self) -> str:
        return self.publisher.partition("=")[0]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A pack that should be in use and is not.

    Attributes:
        code: ``pack_missing`` (its bytes are not here), ``pack_damaged``, or another code of an error;
            ``pack_faulty`` with ``faults``.
        instead: the older version that stays in use; None when what was shipped stands.
    """

    taken: Taken
    code: str
    instead: Taken | None = None
    faults: tuple[PlacedFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What is in force, and what should be and is not.

    Attributes:
        manifests: record → ``Pack.digest`` of the packs in it.
    """

    packs: PackSet
    in_use: tuple[Taken, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    manifests: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The rule files of one container. ``texts``: pack name → its file and content."""

    packs: tuple[Pack, ...] = ()
    faults: tuple[PlacedFault, ...] = ()
    digest: str = ""
    texts: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]], repr=False)


_KEPT: dict[tuple[object, ...], Standing] = {}
_MOST_KEPT = 16


def packs_of(con: Connection, desk: Desk) -> PackSet:
    """The rules in force here, made once and kept until a pack is taken in or rolled back."""
    return standing(con, desk).packs


def standing(con: Connection, desk: Desk) -> Standing:
    """The rules in force here, and packs that could not be used."""
    taken = taken_in(con, desk, RULES)
    region = region_of(con, desk)
    records = tuple((t.record, t.digest, t.rolled_back_on) for t in taken)
    # a restored file is another replica: what could not be read before may be there again
    key = (str(desk.file.path), desk.file.replica_id, region, records)
    found = _KEPT.get(key)
    if found is None:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        found = _KEPT[key] = _made(con, taken, region)
    pack_names.know(found.packs)
    return found


def forget_standing() -> None:
    """Read every pack anew at the next question: the file was restored or changed from outside."""
    _KEPT.clear()


def region_of(con: Connection, desk: Desk) -> str:
    """Code of the station's place; the province where none was given."""
    code = reads.subject_state(con, desk.station).root.text("code")
    return code if code.isascii() and code.isdigit() and len(code) >= 2 else PROVINCE


def taken_in(con: Connection, desk: Desk, kind: str) -> list[Taken]:
    """Every container of a kind that was taken in, rolled back or not, the first taken first."""
    state = reads.subject_state(con, desk.station)
    found: list[Taken] = []
    for record in state.of("rule_pack"):
        version = record.get("version")
        stamp, by = record.opened or (None, "")
        found.append(
            Taken(
                record.id,
                record.text("kind") or RULES,
                record.text("name"),
                record.text("title"),
                version if isinstance(version, int) else 0,
                record.text("digest"),
                record.text("publisher"),
                record.text("taken_on"),
                record.text("rolled_back_on"),
                record.text("note"),
                by,
                (stamp.ms, stamp.counter) if stamp else (0, 0),
            )
        )
    return sorted((t for t in found if t.kind == kind), key=lambda t: (t.stamp, t.version))


def working_days_of(con: Connection, desk: Desk) -> WorkingDays:
    """The shipped calendar with those that were taken in, the older version first."""
    return _calendars(con, desk)[0]


def unusable(con: Connection, desk: Desk) -> tuple[LeftOut, ...]:
    """Rule packs and calendars that should be in use and are not."""
    return (*standing(con, desk).left_out, *_calendars(con, desk)[1])


def _calendars(con: Connection, desk: Desk) -> tuple[WorkingDays, tuple[LeftOut, ...]]:
    """One that cannot be read or does not join is left out: its years are guessed then (``LeftOut.instead``
    is None for a calendar, what else is known of other years stands beside it).
    """
    made = calendar_file.working_days()
    left: list[LeftOut] = []
    held = [t for t in taken_in(con, desk, CALENDAR) if not t.rolled_back_on]
    for one in sorted(held, key=_age):
        try:
            made = made.with_years(calendar_file.of_pack(opened(con, one).files))
        except BadInput as error:
            left.append(LeftOut(one, error.code))
        except ValueError:
            left.append(LeftOut(one, "calendar_short"))
    return made, tuple(left)


def opened(con: Connection, taken: Taken) -> SignedPack:
    """The container of a record, proven again byte by byte.

    Raises:
        BadInput: ``pack_missing``, ``pack_damaged`` or what else its reader says.
    """
    data = local.blob(con, taken.digest)
    if data is None:
        raise BadInput("pack_missing", path=taken.name)
    if local.digest(data) != taken.digest:
        raise BadInput("pack_damaged", path=taken.name)
    return unpack(data, taken.kind, [parse_publisher(taken.publisher)], taken.name)


def rule_files(pack: SignedPack) -> Unpacked:
    """Its rule files as packs, or every fault in them."""
    packs: list[Pack] = []
    faults: list[PlacedFault] = []
    texts: dict[str, tuple[str, str]] = {}
    for file, data in pack.files.items():
        content = data.decode("utf-8", errors="replace")
        made, found = policy_files.parse(file, content, publisher=pack.publisher.text, digest=pack.digest)
        faults += found
        if made is not None:
            packs.append(made)
            texts[made.name] = (file, content)
    return Unpacked(tuple(packs), tuple(faults), pack.digest, texts)


def laid_over(region: str, packs: Iterable[Pack]) -> PackSet:
    """What is shipped with these over it. Of two packs of one name the higher version counts."""
    by_name = {p.name: p for p in policy_files.shipped().packs}
    for pack in packs:
        held = by_name.get(pack.name)
        if held is None or pack.version >= held.version:
            by_name[pack.name] = pack
    return PackSet(tuple(by_name.values()), region)


def _made(con: Connection, taken: list[Taken], region: str) -> Standing:
    """Of each name the newest that can be read; then, while the set has faults, without the last taken."""
    candidates: dict[str, list[Taken]] = {}
    for one in taken:
        if not one.rolled_back_on:
            candidates.setdefault(one.name, []).append(one)
    wanted = {name: max(found, key=_age) for name, found in candidates.items()}
    left: dict[str, tuple[str, tuple[PlacedFault, ...]]] = {}
    chosen: dict[str, tuple[Taken, Unpacked]] = {}

    def choose(name: str) -> None:
        chosen.pop(name, None)
        for one in sorted(candidates[name], key=_age, reverse=True):
            if one.record in left:
                continue
            try:
                files = rule_files(opened(con, one))
            except BadInput as error:
                left[one.record] = (error.code, ())
                continue
            if not files.faults:
                chosen[name] = (one, files)
                return
            left[one.record] = ("pack_faulty", files.faults)

    for name in candidates:
        choose(name)
    while True:
        packs = laid_over(region, [p for _, files in chosen.values() for p in files.packs])
        faults = check(packs, FACTS.keys()) if chosen else []
        if not faults:
            break
        last = max(chosen.values(), key=lambda c: c[0].stamp)[0]
        left[last.record] = ("pack_faulty", tuple(PlacedFault(last.name, 0, f) for f in faults))
        choose(last.name)
    out = tuple(
        LeftOut(one, left[one.record][0], chosen[name][0] if name in chosen else None, left[one.record][1])
        for name, one in wanted.items()
        if one.record in left
    )
    manifests = {t.record: files.digest for t, files in chosen.values()}
    return Standing(packs, tuple(t for t, _ in chosen.values()), out, manifests)


def _age(taken: Taken) -> tuple[int, tuple[int, int]]:
    return taken.version, taken.stamp
