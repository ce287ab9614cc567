"""Loads ``resources/policy/*.toml`` and rule packs that were taken in, with faults by file and line."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.rules.checking import check
from jobdesk.cases.rules.fact_types import type_faults
from jobdesk.cases.rules.figure_units import unit_faults
from jobdesk.cases.rules.pack import Pack, PackSet
from jobdesk.cases.rules.reading import Fault, read_pack
from jobdesk.cases.rules.stale_words import stale_words
from jobdesk.cases.rules.terms import FIGURE, Compare, Op, leaves
from jobdesk.cases.rules.vocabulary import FACTS, TABLES
from jobdesk.host import assets, code_lists

_ENTRY = re.compile(r"^entry\[(\d+)\]\.?(.*)$")


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault with the file and line where a person finds it. ``line`` 0: the file as a whole."""

    file: str
    line: int
    fault: Fault


@functools.cache
def shipped(region: str = "22") -> PackSet:
    """The packs that came with the program. They were checked when it was built."""
    packs = [read_pack(tomllib.loads(p.read_text(encoding="utf-8")))[0] for p in shipped_files()]
    return PackSet(tuple(packs), region)


def shipped_files() -> tuple[Path, ...]:
    """In the order of their names."""
    return tuple(sorted(assets.path("policy").glob("*.toml")))


def parse(
    file: str, content: str, *, publisher: str = "", digest: str = ""
) -> tuple[Pack | None, list[PlacedFault]]:
    """One pack file. The pack is None when it has any fault: a broken pack is never used in part."""
    try:
        raw = tomllib.loads(content)
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"line (\d+)", str(fault))
        line = int(found[1]) if found else len(content.splitlines())
        return None, [PlacedFault(file, line, Fault("not_toml", "", detail=str(fault)))]
    pack, faults = read_pack(raw, publisher=publisher, digest=digest)
    return (None if faults else pack), [PlacedFault(file, line_of(content, f.place), f) for f in faults]


def check_all(files: Mapping[str, str], base: Iterable[Pack] = (), region: str = "22") -> list[PlacedFault]:
    """Every fault of these files, each alone and then together with ``base``."""
    packs: dict[str, Pack] = {p.name: p for p in base}
    texts: dict[str, tuple[str, str]] = {}
    faults: list[PlacedFault] = []
    for file, content in files.items():
        pack, found = parse(file, content)
        faults += found
        if pack is not None:
            packs[pack.name], texts[pack.name] = pack, (file, content)
    return faults or check_set(PackSet(tuple(packs.values()), region), texts)


def check_set(packs: PackSet, texts: Mapping[str, tuple[str, str]]) -> list[PlacedFault]:
    """Every fault of a set as a whole. ``texts``: pack name → its file and content, for the line."""
    found: list[PlacedFault] = []
    faults = (
        *check(packs, FACTS.keys()), *type_faults(packs, FACTS), *unit_faults(packs, shipped().entries()),
        *_codes(packs), *stale_words(packs),
    )  # fmt: skip
    for fault in faults:
        name = fault.name.split(":")[0]
        file, content = texts.get(name, (name, ""))
        found.append(PlacedFault(file, line_of(content, fault.place), fault))
    return found


def _codes(packs: PackSet) -> Iterator[Fault]:
    """Codes that no list of the program has: a rule that compares with one can never be met."""
    for entry in packs.entries():
        for leaf in leaves(entry.term) if entry.term is not None else ():
            table = TABLES.get(leaf.fact) if isinstance(leaf, Compare) else None
            if table is None or not isinstance(leaf, Compare):
                continue
            wanted = leaf.wanted if isinstance(leaf.wanted, tuple) else (leaf.wanted,)
            known = code_lists.table(table)
            if leaf.op is Op.KNOWN or (isinstance(leaf.wanted, str) and leaf.wanted.startswith(FIGURE)):
                continue
            for code in wanted:
                if not isinstance(code, str) or known.get(code) is None:
                    name = f"{entry.pack}: {entry.key}"
                    yield Fault("unknown_code", f"entry[{entry.index}].test", name, f"{code}（{table}）")


def line_of(content: str, place: str) -> int:
    """The line of a place like ``entry[3].test.all[1].fact``: of its key, else of its entry."""
    match = _ENTRY.match(place)
    lines = content.splitlines()
    if match is None:
        begins = (place, f"[{place}]")
        return next((n for n, line in enumerate(lines, 1) if line.startswith(begins)), 0) if place else 0
    heads = [n for n, line in enumerate(lines, 1) if line.strip() == "[[entry]]"]
    index = int(match[1])
    if index >= len(heads):
        return 0
    start = heads[index]
    end = heads[index + 1] if index + 1 < len(heads) else len(lines) + 1
    key = match[2].split(".")[0].split("[")[0]
    pattern = re.compile(rf"^\s*{re.escape(key)}\s*[.=]|^\[entry\.{re.escape(key)}[.\]]") if key else None
    if pattern is not None:
        for n in range(start, end - 1):
            if pattern.match(lines[n]):
                return n + 1
    return start
