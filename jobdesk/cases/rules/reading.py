"""A pack from its raw form (what TOML gives), with every fault named by place.

Faults are values: ``place`` is a path into the file (``entry[3].test.all[1].fact``), ``code`` leads to
``rules.fault.<code>`` in the strings. A pack with faults is never used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from jobdesk.cases.basis import OWN, Source
from jobdesk.cases.rules.pack import Data, Entry, EntryKind, Pack
from jobdesk.cases.rules.terms import FIGURE, All, AnyOf, Compare, Not, Op, Operand, RuleRef, Term

KINDS = frozenset({"rule", "figure", "list", "card", "gap"})
STATUSES = frozenset({"confirmed", "unconfirmed", "lapsed", "own"})
UNITS = frozenset(
    {"year", "month", "day", "working_day", "quarter", "percent", "time", "person", "yuan", "post", "weight"}
)
_COMMON = frozenset(
    {"key", "kind", "valid_from", "valid_to", "region", "status", "source", "sentence", "note", "replaces"}
    | {"test", "value", "unit", "data"}
)
_NEEDS = {"rule": "test", "figure": "value", "list": "data", "card": "data"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a pack. ``name`` is the entry's key where it has one."""

    code: str
    place: str
    name: str = ""
    detail: str = ""


def read_pack(raw: Mapping[str, Any], *, publisher: str = "", digest: str = "") -> tuple[Pack, list[Fault]]:
    """The pack as far as it can be read, and what is wrong with it."""
    faults: list[Fault] = []
    head = {"pack": str, "title": str, "version": int}
    for name, kind in head.items():
        value = raw.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            faults.append(Fault("missing_key", name, detail=name))
    for name in raw:
        if name not in head and name != "entry":
            faults.append(Fault("unknown_key", name, detail=name))
    name = str(raw.get("pack", ""))
    entries: list[Entry] = []
    listed: object = raw.get("entry", [])
    if not isinstance(listed, list):
        faults.append(Fault("entries_not_listed", "entry"))
        listed = []
    for n, one in enumerate(cast("list[Any]", listed)):
        if not isinstance(one, dict):
            faults.append(Fault("not_a_table", f"entry[{n}]"))
            continue
        entry = _Reader(cast("Mapping[str, Any]", one), n, name, faults).entry()
        if entry is not None:
            entries.append(entry)
    version = raw.get("version")
    return (
        Pack(name, str(raw.get("title", "")), version if isinstance(version, int) else 0, tuple(entries),
             publisher, digest),
        faults,
    )  # fmt: skip


class _Reader:
    """One entry."""

    def __init__(self, raw: Mapping[str, Any], n: int, pack: str, faults: list[Fault]) -> None:
        self._raw, self._n, self._pack, self._faults = raw, n, pack, faults
        self._key = raw["key"] if isinstance(raw.get("key"), str) else ""

    def entry(self) -> Entry | None:
        raw, before = self._raw, len(self._faults)
        for name in raw:
            if name not in _COMMON:
                self._fault("unknown_key", name, name)
        kind = str(raw.get("kind", "rule"))
        if kind not in KINDS:
            self._fault("bad_value", "kind", kind)
        if not self._key:
            self._fault("missing_key", "key", "key")
        status = str(raw.get("status", ""))
        if status not in STATUSES:
            self._fault("bad_value", "status", status)
        start, end = self._day("valid_from", needed=True), self._day("valid_to")
        if start and end and end < start:
            self._fault("ends_before_start", "valid_to", f"{start} – {end}")
        source, sentence = self._source(), raw.get("sentence", "")
        ours = source is not None and source.document == OWN.document and kind in ("rule", "figure")
        if ours and source and (status != "own" or not source.clause.startswith(OWN.clause)):
            self._fault("own_unmarked", "status", status)
        if not isinstance(sentence, str) or (not sentence and kind != "gap"):
            self._fault("missing_key", "sentence", "sentence")
        needs = _NEEDS.get(kind)
        if needs and needs not in raw:
            self._fault("missing_key", needs, needs)
        term = self._term(raw["test"], "test") if kind == "rule" and "test" in raw else None
        value, unit = raw.get("value"), str(raw.get("unit", ""))
        if kind == "figure":
            if not isinstance(value, int) or isinstance(value, bool):
                self._fault("bad_value", "value", str(value))
            if unit not in UNITS:
                self._fault("bad_value", "unit", unit)
        data = raw.get("data", {})
        if not isinstance(data, dict):
            self._fault("not_a_table", "data")
            data = {}
        region = str(raw.get("region", ""))
        if not region:
            self._fault("missing_key", "region", "region")
        elif not region.isascii() or not region.isdigit() or len(region) > 12:
            self._fault("bad_value", "region", region)
        if len(self._faults) > before or start is None or source is None:
            return None
        return Entry(
            self._key, cast(EntryKind, kind), start, end, region, cast(Any, status), source, str(sentence),
            term, value if kind == "figure" else None, unit,
            cast("Mapping[str, Data]", _frozen(cast(Any, data))), str(raw.get("note", "")),
            str(raw.get("replaces", "")), self._pack, self._n,
        )  # fmt: skip

    def _source(self) -> Source | None:
        raw = self._raw.get("source")
        if not isinstance(raw, dict):
            self._fault("missing_key", "source", "source")
            return None
        table = cast("dict[str, Any]", raw)
        for name in ("document", "clause"):
            if not isinstance(table.get(name), str) or not table.get(name):
                self._fault("missing_key", f"source.{name}", name)
                return None
        return Source(table["document"], table["clause"])

    def _day(self, name: str, *, needed: bool = False) -> date | None:
        value = self._raw.get(name)
        if value is None:
            if needed:
                self._fault("missing_key", name, name)
            return None
        if type(value) is not date:
            self._fault("bad_value", name, str(value))
            return None
        return value

    def _term(self, raw: object, place: str) -> Term | None:
        if not isinstance(raw, dict):
            self._fault("not_a_test", place)
            return None
        table = cast("dict[str, Any]", raw)
        if "fact" in table:
            return self._compare(table, place)
        if len(table) != 1:
            self._fault("not_a_test", place, ", ".join(table))
            return None
        ((word, inner),) = table.items()
        if word == "rule" and isinstance(inner, str):
            return RuleRef(inner)
        if word == "not":
            part = self._term(inner, f"{place}.not")
            return None if part is None else Not(part)
        if word in ("all", "any") and isinstance(inner, list) and inner:
            found = [self._term(p, f"{place}.{word}[{n}]") for n, p in enumerate(cast("list[object]", inner))]
            parts = tuple(p for p in found if p is not None)
            return All(parts) if word == "all" else AnyOf(parts)
        self._fault("not_a_test", place, word)
        return None

    def _compare(self, raw: Mapping[str, Any], place: str) -> Term | None:
        words = [w for w in raw if w != "fact"]
        if len(words) != 1 or words[0] not in {o.value for o in Op}:
            self._fault("bad_comparison", place, ", ".join(words))
            return None
        op, wanted = Op(words[0]), raw[words[0]]
        listed = isinstance(wanted, list)
        if listed:
            wanted = tuple(str(w) for w in cast("list[object]", wanted))
        if not (listed or isinstance(wanted, str | int | date)) or (op is Op.IN) is not listed:
            self._fault("bad_value", f"{place}.{op.value}", str(wanted))
            return None
        if (
            op in (Op.AT_LEAST, Op.AT_MOST, Op.MORE_THAN, Op.LESS_THAN)
            and isinstance(wanted, str)
            and (not wanted.startswith(FIGURE))
        ):
            self._fault("bad_value", f"{place}.{op.value}", wanted)
            return None
        return Compare(str(raw["fact"]), op, cast(Operand, wanted))

    def _fault(self, code: str, place: str, detail: str = "") -> None:
        self._faults.append(Fault(code, f"entry[{self._n}].{place}", self._key, detail))


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _frozen(v) for k, v in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list):
        return tuple(_frozen(v) for v in cast("list[Any]", value))
    return value
