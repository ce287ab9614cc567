"""A set of packs as a whole: overlaps, undeclared gaps, references to nothing, circles, by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from jobdesk.cases.rules.pack import PLACE, Entry, PackSet
from jobdesk.cases.rules.policy_cards import faults_of
from jobdesk.cases.rules.reading import Fault
from jobdesk.cases.rules.terms import RuleRef, figures_of, leaves

_DAY = timedelta(days=1)


def check(packs: PackSet, words: Collection[str]) -> list[Fault]:
    """Every fault of the set, in the order of the packs. ``words`` are the facts that can be read."""
    faults: list[Fault] = []
    groups: dict[tuple[str, str], list[Entry]] = {}
    known: dict[str, Entry] = {}
    by_key: dict[str, list[Entry]] = {}
    for entry in packs.entries():
        by_key.setdefault(entry.key, []).append(entry)
        groups.setdefault((entry.key, entry.region), []).append(entry)
        if entry.kind != "gap" or entry.key not in known:
            known[entry.key] = entry
    for entries in groups.values():
        faults += _periods(sorted(entries, key=lambda e: e.valid_from))
    places = {(e.key, e.pack, e.region) for e in packs.entries() if not e.replaces}
    for entry in packs.entries():
        faults += _references(entry, known, words)
        faults += _uncovered(entry, by_key)
        if entry.replaces and not any(
            key == entry.key and pack == entry.replaces and entry.region.startswith(region)
            for key, pack, region in places
        ):
            faults.append(_fault("replaces_unknown", entry, entry.replaces))
    return [*faults, *faults_of(packs), *_circles(packs)]


def _periods(entries: list[Entry]) -> Iterator[Fault]:
    """An entry that names the pack it replaces may lie over that pack's; nothing else may overlap."""
    base = [e for e in entries if not e.replaces]
    for first, second in pairwise(base):
        if first.valid_to is None or second.valid_from <= first.valid_to:
            yield _fault("overlap", second, f"{first.pack}: {first.valid_from} – {first.valid_to or '…'}")
        elif second.valid_from > first.valid_to + _DAY:
            yield _fault("gap", second, f"{first.valid_to + _DAY} – {second.valid_from - _DAY}")
    over = [e for e in entries if e.replaces]
    for first, second in pairwise(over):
        if first.valid_to is None or second.valid_from <= first.valid_to:
            yield _fault("overlap", second, f"{first.pack}: {first.valid_from} – {first.valid_to or '…'}")


def _references(entry: Entry, known: Mapping[str, Entry], words: Collection[str]) -> Iterator[Fault]:
    for key, _years in PLACE.findall(entry.sentence):
        if key not in known or known[key].kind not in ("figure", "gap") or entry.kind == "figure":
            yield Fault("unknown_figure", f"entry[{entry.index}].sentence", f"{entry.pack}: {entry.key}", key)
    if entry.term is None:
        return
    for leaf in leaves(entry.term):
        if isinstance(leaf, RuleRef):
            if leaf.key not in known or known[leaf.key].kind not in ("rule", "gap"):
                yield _fault("unknown_rule", entry, leaf.key)
        elif leaf.fact not in words:
            yield _fault("unknown_fact", entry, leaf.fact)
    for key in figures_of(entry.term):
        if key not in known or known[key].kind not in ("figure", "gap"):
            yield _fault("unknown_figure", entry, key)


def _uncovered(entry: Entry, by_key: Mapping[str, list[Entry]]) -> Iterator[Fault]:
    """Days of an entry on which something it refers to neither stands nor is declared a gap, anywhere that
    the entry holds for.
    """
    for key in _referred(entry):
        if key not in by_key:
            continue  # told as unknown
        holding = [e for e in by_key[key] if entry.region.startswith(e.region)]
        for first, last in _days_without(entry, sorted(holding, key=lambda e: e.valid_from)):
            yield _fault("uncovered", entry, f"{key}: {first} – {last or '…'}")


def _referred(entry: Entry) -> Iterable[str]:
    found = [key for key, _years in PLACE.findall(entry.sentence)]
    if entry.term is not None:
        found += [leaf.key for leaf in leaves(entry.term) if isinstance(leaf, RuleRef)]
        found += figures_of(entry.term)
    return dict.fromkeys(found)


def _days_without(entry: Entry, holding: list[Entry]) -> Iterator[tuple[date, date | None]]:
    """Spans of an entry's days that none of these, in the order of their start, covers."""
    day = entry.valid_from
    for other in holding:
        if entry.valid_to is not None and day > entry.valid_to:
            return
        if other.valid_from > day:
            last = other.valid_from - _DAY
            yield day, last if entry.valid_to is None else min(last, entry.valid_to)
        if other.valid_to is None or other.status == "lapsed":
            return
        day = max(day, other.valid_to + _DAY)
    if entry.valid_to is None or day <= entry.valid_to:
        yield day, entry.valid_to


def _circles(packs: PackSet) -> Iterator[Fault]:
    """Rules that lead back to themselves, each circle told once, by its members in order."""
    leads: dict[str, set[str]] = {}
    first: dict[str, Entry] = {}
    for entry in packs.entries():
        first.setdefault(entry.key, entry)
        if entry.term is not None:
            found = leads.setdefault(entry.key, set())
            found.update(leaf.key for leaf in leaves(entry.term) if isinstance(leaf, RuleRef))
    done: set[str] = set()

    def walk(key: str, path: tuple[str, ...]) -> Iterator[Fault]:
        if key in path:
            yield _fault("circle", first[key], " → ".join((*path[path.index(key) :], key)))
            return
        if key in done:
            return
        for other in sorted(leads.get(key, ())):
            yield from walk(other, (*path, key))
        done.add(key)

    for key in leads:
        yield from walk(key, ())


def _fault(code: str, entry: Entry, detail: str) -> Fault:
    return Fault(code, f"entry[{entry.index}]", f"{entry.pack}: {entry.key}", detail)
