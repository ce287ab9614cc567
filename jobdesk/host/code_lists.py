"""Loads ``resources/codes/*.toml`` into tables, each once.

The service types and their outcomes stand in ``resources/templates/service_types.toml`` with what
else is known of them, and are tables (``service_type``, ``outcome``) here too.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any, cast

from jobdesk.cases.codes import CodeEntry, CodeTable, Status
from jobdesk.host import assets

SERVICE_TYPES = "templates/service_types.toml"
_DERIVED = {"service_type": "type", "outcome": "outcome"}


class UnknownTable(LookupError):
    """No code list of this name: a fault of the program or of a policy pack."""


_besides: dict[str, CodeTable] = {}


def table(table_id: str) -> CodeTable:
    """The code list of this name, with what rule packs in use add to it.

    Raises:
        UnknownTable: there is none.
    """
    return _besides.get(table_id) or _shipped(table_id)


def name_besides(table_id: str, names: Mapping[str, str]) -> None:
    """What packs in use add to a list, in the place of what they added before. Shipped names stay."""
    shipped = _shipped(table_id)
    taken = {n for e in shipped.entries for n in (e.name, *e.aliases)}
    more: list[CodeEntry] = []
    for code, name in names.items():
        if shipped.get(code) is None:
            free = name if name and name not in taken else f"{name}（{code}）"
            taken.add(free)
            more.append(CodeEntry(code, free))
    if more:
        _besides[table_id] = replace(shipped, entries=(*shipped.entries, *more))
    else:
        _besides.pop(table_id, None)


@functools.cache
def _shipped(table_id: str) -> CodeTable:
    if table_id in _DERIVED:
        raw = assets.toml(SERVICE_TYPES)
        return _table(table_id, {**raw, "entry": raw[_DERIVED[table_id]], "name": raw["names"][table_id]})
    try:
        raw = assets.toml(f"codes/{table_id}.toml")
    except assets.MissingAsset:
        raise UnknownTable(table_id) from None
    return _table(table_id, raw)


@functools.cache
def table_ids() -> tuple[str, ...]:
    files = assets.path("codes").glob("*.toml")
    return tuple(sorted([PurePosixPath(f.name).stem for f in files] + list(_DERIVED)))


@functools.cache
def suggestions_for_circled_codes() -> tuple[CodeTable, ...]:
    """The paper lists a clerk may pick for a sheet whose ①② no 填表说明 explains; a neighbour's."""
    return tuple(table(name) for name in table_ids() if name.startswith("paper_"))


def _table(table_id: str, raw: dict[str, Any]) -> CodeTable:
    source = raw["source"]
    return CodeTable(
        id=table_id,
        name=raw["name"],
        entries=tuple(_entry(entry) for entry in raw["entry"]),
        document=source["document"],
        clause=source.get("clause", ""),
        status=cast(Status, raw["status"]),
        note=raw.get("note", ""),
    )


def _entry(raw: dict[str, Any]) -> CodeEntry:
    return CodeEntry(
        code=raw["code"],
        name=raw["name"],
        valid_from=cast("date | None", raw.get("valid_from")),
        valid_to=cast("date | None", raw.get("valid_to")),
        restricted=raw.get("restricted", False),
        sensitive=raw.get("sensitive", False),
        status=cast("Status | None", raw.get("status")),
        note=raw.get("note", ""),
        aliases=tuple(raw.get("aliases", ())),
    )
