"""Layouts and synonyms as data: which header means which of our fields.

A *target* names a field of :mod:`jobdesk.cases.schema` as ``record.field``; the second and further
record of the same kind in a row is ``record#2.field``. Besides:

- ``hint.serial``, ``hint.age``: read, compared, never written;
- ``skip``: known and not taken;
- ``record.field=code``: a column of ticks, a tick means the code;
- ``record.field+``: the text goes in with the column's name before it (``合同期限：1年``);
- ``benefit.period``: from and until in one cell; ``case.school_major``: two texts in one cell.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jobdesk.cases.schema import field as schema_field
from jobdesk.host import assets
from jobdesk.services.importing.tables import bare_key, label_key

_FOLDER = "layouts"
_FILES = (
    "ledger_3",
    "ledger_4",
    "ledger_5",
    "ledger_6",
    "ledger_12",
    "new_employment_template",
    "graduate_tracking",
    "graduate_real_name",
    "vacancies",
)
PSEUDO = frozenset({"skip", "hint.serial", "hint.age", "benefit.period", "case.school_major"})


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """One column of a known layout; ``paper`` names the code list suggested for circled codes in it."""

    header: str
    target: str
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A known sheet. ``kind`` is the subject its rows become (``case`` or ``vacancy``)."""

    id: str
    title: str
    titles: tuple[str, ...]
    kind: str
    status: str
    note: str
    document: str
    columns: Mapping[str, LayoutColumn]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every header we know.

    Attributes:
        synonyms: header key → target.
        paper: target → code list suggested for circled codes.
        other_person: beginnings of headers that speak of somebody else (家属姓名).
    """

    layouts: tuple[Layout, ...]
    synonyms: Mapping[str, str]
    paper: Mapping[str, str]
    other_person: tuple[str, ...]
    known: frozenset[str]

    def knows(self, key: str) -> bool:
        return key in self.known


@dataclass(frozen=True, slots=True)
class Reading:
    """Figures and words for reading cells, from ``layouts/reading.toml``."""

    pivot: int
    yes: frozenset[str]
    no: frozenset[str]
    none: frozenset[str]
    male: frozenset[str]
    female: frozenset[str]
    restricted: tuple[str, ...]
    sensitive: tuple[str, ...]
    terms: Mapping[str, Mapping[str, str]]


@functools.cache
def vocabulary() -> Vocabulary:
    """Loaded once.

    Raises:
        ValueError: a target that the schema does not know: a fault of the data.
    """
    layouts = tuple(_layout(assets.toml(f"{_FOLDER}/{name}.toml")) for name in _FILES)
    raw = assets.toml(f"{_FOLDER}/synonyms.toml")
    synonyms: dict[str, str] = {}
    for entry in raw["field"]:
        check_target(entry["target"])
        for header in entry["headers"]:
            synonyms.setdefault(label_key(header), entry["target"])
    known = set(synonyms)
    paper: dict[str, str] = {}
    for layout in layouts:
        for key, column in layout.columns.items():
            known.update((key, *key.split("/"), bare_key(key.rpartition("/")[2])))
            if column.paper:
                paper.setdefault(column.target, column.paper)
    known.discard("")
    return Vocabulary(layouts, synonyms, paper, tuple(raw["other_person"]), frozenset(known))


@functools.cache
def reading() -> Reading:
    raw = assets.toml(f"{_FOLDER}/reading.toml")
    words = raw["words"]
    return Reading(
        pivot=raw["dates"]["two_digit_year_pivot"],
        yes=frozenset(words["yes"]),
        no=frozenset(words["no"]),
        none=frozenset(words["none"]),
        male=frozenset(words["male"]),
        female=frozenset(words["female"]),
        restricted=tuple(words["restricted"]["parts"]),
        sensitive=tuple(words["sensitive"]["parts"]),
        terms=raw["terms"],
    )


def _layout(raw: Mapping[str, Any]) -> Layout:
    columns: dict[str, LayoutColumn] = {}
    for entry in raw["column"]:
        check_target(entry["target"])
        column = LayoutColumn(entry["header"], entry["target"], entry.get("paper", ""))
        columns[label_key(entry["header"])] = column
    return Layout(
        id=raw["id"],
        title=raw["title"],
        titles=tuple(raw["titles"]),
        kind=raw["kind"],
        status=raw["status"],
        note=raw["note"],
        document=raw["source"]["document"],
        columns=columns,
    )


def check_target(target: str) -> None:
    """Raises:
    ValueError: neither one of ours nor a field of the schema.
    """
    if target in PSEUDO:
        return
    record, name, _, _ = split_target(target)
    if schema_field(record, name) is None:
        raise ValueError(target)


def split_target(target: str) -> tuple[str, str, int, str]:
    """``service#2.channel=phone`` → (service, channel, 2, phone); a trailing ``+`` is taken off."""
    record, _, rest = target.partition(".")
    record, _, number = record.partition("#")
    name, _, code = rest.partition("=")
    return record, name.rstrip("+"), int(number or 1), code


def nth(target: str, number: int) -> str:
    """The same field in the record's ``number``-th occurrence in a row."""
    record, dot, rest = target.partition(".")
    base = record.partition("#")[0]
    return f"{base}{dot}{rest}" if number == 1 else f"{base}#{number}{dot}{rest}"


def best_layout(labels: Iterable[str], titles: Iterable[str], known: Vocabulary) -> Layout | None:
    """The layout whose columns the header has, at least six in ten of them; a title decides a tie."""
    keys = {label_key(label) for label in labels if label}
    bare = {bare_key(label) for label in labels if label}
    title_text = label_key("".join(titles))
    best: tuple[float, Layout] | None = None
    for layout in known.layouts:
        wanted = set(layout.columns)
        tops = {key.partition("/")[0] for key in wanted}
        here = sum(1 for key in wanted if key in keys or bare_key(key) in bare)
        share = here / max(1, min(len(wanted), max(len(tops), len(keys))))
        named = any(label_key(title) in title_text for title in layout.titles)
        score = share + (0.2 if named else 0)
        if share >= (0.4 if named else 0.6) and (best is None or score > best[0]):
            best = (score, layout)
    return best[1] if best else None
