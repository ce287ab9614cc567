"""Typed values of a row → the records they make: the file itself and its child records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobdesk.cases.ops import Json
from jobdesk.host.strings import text
from jobdesk.services.importing import layouts
from jobdesk.services.importing.cells import Json as CellJson

SUBSTANCE: Mapping[str, frozenset[str]] = {
    "registration": frozenset({"since", "until", "reason", "registered", "kind"}),
    "recognition": frozenset({"category", "category_text"}),
    "placement": frozenset({"unit", "since", "post", "form"}),
    "benefit": frozenset({"since", "until"}),
    "service": frozenset({"served_on", "content", "type"}),
    "subsidy": frozenset({"kind", "since"}),
    "group": frozenset({"kind"}),
    "employment": frozenset({"unit", "since", "form"}),
}
"""Without one of these a record would say nothing: its texts go into the note of the file instead."""


@dataclass(slots=True)
class Block:
    """One child record as a row gives it; ``targets`` names for each field where it stands in the row."""

    kind: str
    number: int
    values: dict[str, Json] = field(default_factory=dict[str, Json])
    targets: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class RowFacts:
    """What a row says: values of the file itself, and its child records in order."""

    root: dict[str, Json]
    blocks: list[Block]


def facts_of_row(values: Mapping[str, CellJson], subject_kind: str = "case") -> RowFacts:
    """Sort the values of a row by record. A post has no child records."""
    prefix = f"{subject_kind}."
    cut = len(prefix)
    root: dict[str, Json] = {}
    rest: list[tuple[str, CellJson]] = []
    for target, value in values.items():
        if target.startswith(prefix):
            root[target[cut:]] = list[Json](value) if isinstance(value, list) else value
        else:
            rest.append((target, value))
    blocks = _blocks(rest, root) if rest and subject_kind == "case" else []
    return RowFacts(root, blocks)


def _blocks(rest: list[tuple[str, CellJson]], root: dict[str, Json]) -> list[Block]:
    found: dict[tuple[str, int], Block] = {}
    for target, value in rest:
        kind, name, number, _ = layouts.split_target(target)
        block = found.get((kind, number))
        if block is None:
            block = found[kind, number] = Block(kind, number)
        block.values[name] = list[Json](value) if isinstance(value, list) else value
        block.targets[name] = target
    kept: list[Block] = []
    for block in found.values():
        substance = SUBSTANCE.get(block.kind)
        if substance is None:
            continue
        if substance & block.values.keys():
            kept.append(block)
            continue
        said = [v for n, v in block.values.items() if isinstance(v, str) and n in ("note", "contract")]
        if said:
            root["note"] = "；".join([*([str(root["note"])] if root.get("note") else []), *said])
    return kept


def opening_values(block: Block) -> dict[str, Json]:
    """The values a new record is opened with: what a ledger says is never more than that."""
    values = dict(block.values)
    if block.kind == "recognition":
        values["state"] = "ledger"
    if block.kind == "service":
        values.setdefault("late_reason", text("import.late_reason"))
    else:
        values["source"] = "ledger"
    return values
