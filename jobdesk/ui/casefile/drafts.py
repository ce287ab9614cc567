"""A form as it was left: the typed values and the versions it was loaded with. Pure: no Qt.

The bases of an edit are what its author saw when the form was loaded, so a draft that comes back after
a kill must bring them along and not take today's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from jobdesk.cases.clock import Stamp
from jobdesk.cases.ops import Json
from jobdesk.cases.state import FieldState, Head, RecordState

_NO_STAMP = Stamp(0, 0, "")


def freeze(record: RecordState, typed: Mapping[str, Json]) -> dict[str, Json]:
    """The body of a draft: what was typed, and for those fields what was known."""
    return {
        "kind": record.kind,
        "id": record.id,
        "typed": dict(typed),
        "known": {n: _known(record, n) for n in typed if n in record.fields},
        "sets": {
            n: {v: list[Json](tags) for v, tags in record.sets[n].items()} for n in typed if n in record.sets
        },
    }


def _known(record: RecordState, name: str) -> dict[str, Json]:
    state = record.fields[name]
    return {"value": state.value, "heads": list[Json](h.op_id for h in state.heads)}


def typed_of(body: Mapping[str, Json]) -> dict[str, Json]:
    """The typed values of a draft."""
    found = body.get("typed")
    return dict(found) if isinstance(found, dict) else {}


def thaw(body: Mapping[str, Json], now: RecordState) -> RecordState:
    """The record as the draft's author saw it: drafted fields as they were, all others as they are now."""
    known = cast("dict[str, dict[str, Any]]", body.get("known") or {})
    sets = cast("dict[str, dict[str, list[str]]]", body.get("sets") or {})
    fields = {n: s for n, s in now.fields.items() if n not in typed_of(body)}
    for name, held in known.items():
        heads = tuple(Head(str(o), held.get("value"), _NO_STAMP, "") for o in held.get("heads") or ())
        fields[name] = FieldState(held.get("value"), heads)
    kept = {n: s for n, s in now.sets.items() if n not in typed_of(body)}
    kept.update({n: {v: tuple(tags) for v, tags in s.items()} for n, s in sets.items()})
    return RecordState(now.kind, now.id, fields, kept, now.opened)


def has_arrived(name: str, typed: Json, loaded: RecordState, now: RecordState) -> bool:
    """Whether what was typed stands in the file by now: it was saved, from here or from elsewhere."""
    if name in now.sets:
        return now.get(name) == typed
    state = now.fields.get(name)
    if state is None:
        return False
    known = {h.op_id for h in loaded.fields[name].heads} if name in loaded.fields else set[str]()
    return any(h.value == typed and h.op_id not in known for h in state.heads)


def renewed(loaded: RecordState, now: RecordState, dirty: Iterable[str]) -> RecordState:
    """What a form knows after the file changed beside it: typed fields as loaded, all others as now."""
    typing = set(dirty)
    fields = {n: s for n, s in now.fields.items() if n not in typing}
    fields.update({n: s for n, s in loaded.fields.items() if n in typing})
    sets = {n: s for n, s in now.sets.items() if n not in typing}
    sets.update({n: s for n, s in loaded.sets.items() if n in typing})
    return RecordState(now.kind, now.id, fields, sets, now.opened)
