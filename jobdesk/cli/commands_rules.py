"""``jobdesk rules``: check files, show what holds on a day, take a pack in, roll it back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from jobdesk.cases.clock import today
from jobdesk.cases.codes import Status
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cli.commands import Answer
from jobdesk.cli.place import Place
from jobdesk.host import policy_files, publishers
from jobdesk.host.fact_words import figure_words, term_words
from jobdesk.host.fault_words import fault_words
from jobdesk.host.policy_files import PlacedFault
from jobdesk.host.signed_pack import SUFFIX, kind_word, read_pack
from jobdesk.host.strings import has, text
from jobdesk.services.pack_effects import Effects, effects
from jobdesk.services.policies import CALENDAR, PROVINCE, RULES, standing
from jobdesk.services.rule_packs import Offered, load_packs, offer, roll_back, take_in

_STATUS: Mapping[Status, str] = {
    "confirmed": "basis.confirmed", "unconfirmed": "app.unconfirmed", "own": "app.own_figure",
    "lapsed": "app.lapsed",
}  # fmt: skip


def rules(place: Place, args: argparse.Namespace) -> Answer:
    """Run the act that was named."""
    return _ACTS[args.act](place, args)


def _check(place: Place, args: argparse.Namespace) -> Answer:
    """Every fault with file and line; exit code 2 when there is one. Files lie over what is shipped."""
    files: dict[str, str] = {}
    for given in args.files:
        files |= _texts(place, given)
    base = policy_files.shipped().packs if files else ()
    if not files:
        files = {p.name: p.read_text(encoding="utf-8") for p in policy_files.shipped_files()}
    faults = policy_files.check_all(files, base)
    lines = [fault_words(f) for f in faults]
    lines.append(
        text("cli.rules.bad", count=len(faults)) if faults else text("cli.rules.good", count=len(files))
    )
    return Answer({"files": sorted(files), "faults": [_fault(f) for f in faults]}, lines, 2 if faults else 0)


def _texts(place: Place, given: Path) -> Mapping[str, str]:
    if given.suffix.casefold() == SUFFIX:
        pack = read_pack(given, RULES, publishers.in_force(place.config))
        return {name: data.decode("utf-8", errors="replace") for name, data in pack.files.items()}
    try:
        return {given.name: given.read_text(encoding="utf-8")}
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("rules_file_unreadable", path=str(given)) from error


def _fault(placed: PlacedFault) -> Mapping[str, object]:
    fault = placed.fault
    return {"file": placed.file, "line": placed.line, "code": fault.code, "entry": fault.name,
            "place": fault.place, "detail": fault.detail}  # fmt: skip


def _show(place: Place, args: argparse.Namespace) -> Answer:
    try:
        on = date.fromisoformat(args.on) if args.on else today(place.clock)
    except ValueError as error:
        raise BadInput("rules_day", given=args.on) from error
    packs = _packs(place, args.region)
    if not args.key:
        keys = sorted(packs.keys())
        return Answer({"keys": keys}, list(keys))
    if not packs.versions(args.key):
        raise BadInput("rule_unknown", key=args.key)
    entry = packs.on(args.key, on)
    if entry is None:
        lines = [text("cli.rules.none_on", key=args.key, day=on.isoformat())]
        gap = packs.gap(args.key, on)
        if gap is not None:
            lines += _lines(gap, packs, on)
        data = {"key": args.key, "on": on.isoformat(), "entry": None, "gap": _entry(gap, on) if gap else None}
        return Answer(data, lines)
    return Answer(
        {"key": args.key, "on": on.isoformat(), "entry": _entry(entry, on)}, _lines(entry, packs, on)
    )


def _packs(place: Place, region: str) -> PackSet:
    """What is in force at the station of this place, or what is shipped where there is none."""
    if region or not place.paths.station.exists():
        return PackSet(policy_files.shipped().packs, region or PROVINCE)
    with place.reading("rules") as session:
        desk = session.desk
        return desk.read(lambda con: standing(con, desk).packs).result()


def _entry(entry: Entry, on: date) -> Mapping[str, object]:
    return {
        "kind": entry.kind, "sentence": entry.sentence, "document": entry.source.document,
        "clause": entry.source.clause, "status": entry.status_on(on), "region": entry.region,
        "valid_from": entry.valid_from.isoformat(),
        "valid_to": entry.valid_to.isoformat() if entry.valid_to else None,
        "value": entry.value, "unit": entry.unit, "pack": entry.pack, "note": entry.note,
        "data": json.loads(_written(dict(entry.data))),
    }  # fmt: skip


def _lines(entry: Entry, packs: PackSet, on: date) -> list[str]:
    version = next((p.version for p in packs.packs if p.name == entry.pack), 0)
    lines = [
        text("cli.rules.head", key=entry.key, sentence=entry.sentence),
        text("cli.rules.source", document=entry.source.document, clause=entry.source.clause,
             status=text(_STATUS[entry.status_on(on)])),
        text("cli.rules.period", since=entry.valid_from.isoformat(),
             until=entry.valid_to.isoformat() if entry.valid_to else text("cli.rules.open_end"),
             region=entry.region, pack=entry.pack, version=version),
    ]  # fmt: skip
    if entry.value is not None:
        lines.append(figure_words(entry))
    if entry.term is not None:
        lines.append(text("cli.rules.test", test=term_words(entry.term, packs, on, lambda iso: iso)))
    lines += [text("cli.rules.data", name=name, value=_written(value)) for name, value in entry.data.items()]
    return [*lines, entry.note] if entry.note else lines


def _written(value: object) -> str:
    """As a pack writes it."""
    return json.dumps(value, ensure_ascii=False, default=dict)


def _list(place: Place, args: argparse.Namespace) -> Answer:
    with place.reading("rules") as session:
        here = load_packs(session.desk).result()
    out = {o.taken.record for o in here.left_out}
    calendars = [c for c in here.calendars if not c.rolled_back_on and c.record not in out]
    used = [*here.now.in_use, *calendars]
    taken = {p.name for p in here.now.packs.packs if p.digest}
    lines = [
        text("cli.rules.pack_line", name=t.name, version=t.version, publisher=t.publisher_name,
             taken_on=t.taken_on)
        for t in used
    ]  # fmt: skip
    lines += [
        text("cli.rules.shipped_line", name=p.title, version=p.version)
        for p in here.now.packs.packs
        if p.name not in taken
    ]
    lines += [
        text(
            f"cli.rules.left_out{'_calendar' if o.taken.kind == CALENDAR else ''}",
            name=o.taken.name,
            version=o.taken.version,
            why=_why(o.code),
        )
        for o in here.left_out
    ]
    data = {
        "in_use": [{"kind": t.kind, "name": t.name, "version": t.version, "taken_on": t.taken_on,
                    "publisher": t.publisher_name} for t in used],
        "left_out": [{"kind": o.taken.kind, "name": o.taken.name, "version": o.taken.version, "why": o.code}
                     for o in here.left_out],
        "shipped": {p.name: p.version for p in here.now.packs.packs if p.name not in taken},
    }  # fmt: skip
    return Answer(data, lines, 2 if here.left_out else 0)


def _why(code: str) -> str:
    key = f"packs.why.{code}"
    return text(key) if has(key) else code


def _take(place: Place, args: argparse.Namespace) -> Answer:
    opened = place.reading("rules") if args.effects else place.session(writable=True, title="rules")
    with opened as session:
        desk = session.desk
        offered = offer(desk, args.file, publishers.in_force(place.config)).result()
        if offered.refusal is not None:
            return _refused(offered)
        pack = offered.pack
        data: dict[str, object] = {"kind": pack.kind, "name": pack.name, "version": pack.version,
                                   "publisher": pack.publisher.name}  # fmt: skip
        lines: list[str] = []
        if offered.packs is not None:
            now = desk.read(lambda con: standing(con, desk).packs).result()
            found = effects(desk, now, offered.packs).result()
            data["effects"], lines = _effects(found)
        if not args.effects:
            take_in(desk, offered).result()
            lines.append(text("cli.rules.taken", kind=kind_word(pack.kind), name=pack.name,
                              version=pack.version, publisher=pack.publisher.name))  # fmt: skip
    return Answer({**data, "taken": not args.effects}, lines)


def _refused(offered: Offered) -> Answer:
    refusal = offered.refusal
    assert refusal is not None
    if not offered.faults:
        raise refusal
    lines = [text(f"error.{refusal.code}", **refusal.params), *(fault_words(f) for f in offered.faults)]
    return Answer({"taken": False, "faults": [_fault(f) for f in offered.faults]}, lines, 3)


def _effects(found: Effects) -> tuple[Mapping[str, object], list[str]]:
    """Counts only: whom it concerns is shown in the program, behind its lock."""
    head = text("cli.rules.changes", entries=len(found.entries), people=found.people,
                households=found.households, count=len(found.changes))  # fmt: skip
    lines = [
        text("cli.rules.change_line", name=str(n), key=key, before=text(f"outcome.{a.value}"),
             after=text(f"outcome.{b.value}"))
        for (key, a, b), n in found.counts().items()
    ]  # fmt: skip
    data = {
        "entries": [e.key for e in found.entries], "people": found.people, "households": found.households,
        "changes": [{"key": k, "before": a.value, "after": b.value, "count": n}
                    for (k, a, b), n in found.counts().items()],
    }  # fmt: skip
    return data, [head, *lines]


def _rollback(place: Place, args: argparse.Namespace) -> Answer:
    with place.session(writable=True, title="rules") as session:
        desk = session.desk
        here = load_packs(desk).result()
        held = [t for t in here.history if t.name == args.name and not t.rolled_back_on]
        if not held:
            raise Refused("nothing_to_roll_back", name=args.name)
        last = max(held, key=lambda t: t.version)
        kind = CALENDAR if last.kind == CALENDAR else RULES
        roll_back(desk, kind, args.name, args.reason).result()
    line = text("cli.rules.rolled_back", name=last.name, version=last.version)
    return Answer({"name": last.name, "version": last.version}, [line])


_ACTS: Mapping[str, Callable[[Place, argparse.Namespace], Answer]] = {
    "check": _check, "show": _show, "list": _list, "take": _take, "rollback": _rollback,
}  # fmt: skip
