"""Which operations may tell a restricted fact (domain.md §11.14), and how a desk keeps it in one of its own.

What is restricted stays with the stations until there are roles above them (sync-protocol M-9.6). Desk and
server ask the same function. ``CODES`` is what ``resources/codes`` marks as restricted, spelled out: the
server has no resources, and both sides of one version must say the same. A test walks schema and code lists,
so that a new code is never forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from jobdesk.cases import schema
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, RULES, Json, Kind, NewOp, Op, Shape

CODES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "absence_kind": frozenset({"custody"}),
        "deregistration_reason": frozenset({"25"}),
        "end_of_help": frozenset({"imprisoned"}),
        "groups": frozenset({"drug_recovery", "released"}),
        "hardship_system": frozenset({"11"}),
        "member_state": frozenset({"inmate"}),
        "paper_hardship": frozenset({"⑧"}),
        "paper_unemployment": frozenset({"⒀"}),
        "person_category": frozenset({"80"}),
        "recognition_exit": frozenset({"custody"}),
        "unemployment_reason": frozenset({"12"}),
    }
)
"""Code list → its restricted codes."""

WORDS = (
    "刑满", "刑释", "假释", "监外执行", "戒毒", "社区矫正", "服刑", "判刑", "劳教", "劳动教养", "收监",
    "监狱", "看守所",
)  # fmt: skip
"""What gives it away in words: a cell kept as it was typed, a note, a reason, the evidence of a verdict."""

WITHHELD = b"withheld"
"""Stands for the salt where only the header is told. The salt itself would give it away: codes are few."""

WHOLE = frozenset({"held_row"})
"""Records that may tell anything: the rows of a sheet as they came, which nobody has understood yet."""
_POINT = frozenset({"group", "absence"})
"""Records that are about the code itself: what else stands there (paper, place, days) tells it too."""

_WORDS = re.compile("|".join(WORDS))
_SPEAKING = frozenset(c for codes in CODES.values() for c in codes if c.replace("_", "").isalpha())
"""Codes that mean the same wherever they stand, in nested values too; numbers mean what their field says."""
_FIELDS = [f for fields in schema.RECORDS.values() for f in fields if f.table in CODES]
_BY_NAME: Mapping[str, frozenset[str]] = {
    f.name: frozenset(c for g in _FIELDS if g.name == f.name for c in CODES[g.table]) for f in _FIELDS
}
"""Name of a field → restricted codes of all lists behind fields of that name: for values nobody declared."""


def tells(payload: Mapping[str, Json] | None) -> bool:
    """Whether this body may tell a restricted fact. Nothing is told by a body that is not there."""
    if payload is None:
        return False
    record = payload.get("record")
    if record in WHOLE or _loosely("reason", payload.get("reason")):
        return True
    return bool(_telling(str(record), payload))


def says(text: str) -> bool:
    """Whether words of somebody may give a restricted fact away."""
    return _WORDS.search(text) is not None


def may_tell(record: str, name: str) -> bool:
    """Whether a field can hold a restricted code at all; of a group all say something."""
    declared = schema.field(record, name)
    return record == "group" or record in WHOLE or (declared is not None and declared.table in CODES)


def without(op: Op) -> Op:
    """The operation as a desk above the stations is told it: chain, places and digests hold. The salt says
    that something is withheld; of what an erasure blanked there is none.
    """
    return replace(op, payload=None, salt=WITHHELD, body=b"")


def is_withheld(op: Op) -> bool:
    """Whether this is only the header of what somebody else has whole."""
    return op.payload is None and op.salt == WITHHELD


def composed(new: Iterable[NewOp], limit: int = MAX_OPS_PER_ACTION) -> list[NewOp]:
    """The same action with restricted values in operations of their own, so that desks above see the rest.

    An action has room for so many operations: what would be too much stays together, and is withheld whole.
    """
    todo = list(new)
    room = limit - len(todo)
    done: list[NewOp] = []
    for op in todo:
        parts = _apart(op) if room > 0 else (op,)
        room -= len(parts) - 1
        done += parts
    return done


def _telling(record: str, payload: Mapping[str, Json]) -> list[str]:
    """Names of the fields by which it tells."""
    found: list[str] = []
    for part in ("set", "add", "drop"):
        values = payload.get(part)
        if isinstance(values, dict):
            found += [n for n, v in values.items() if n not in found and _value_tells(record, n, v, values)]
    return found


def _value_tells(record: str, name: str, value: Json, beside: Mapping[str, Json]) -> bool:
    if value is None or isinstance(value, bool):
        return False
    declared = schema.field(record, name)
    codes = CODES.get(declared.table, frozenset[str]()) if declared is not None else _BY_NAME.get(name)
    if record == "proof" and name == "value":  # what was proved of another field
        codes = _BY_NAME.get(str(beside.get("field", "")), frozenset[str]())
    return _any_of(value, codes or frozenset[str]()) or _loosely(name, value)


def _any_of(value: Json, codes: frozenset[str]) -> bool:
    if isinstance(value, list):  # a set, or pairs of a value and who added it
        return any(_any_of(v, codes) for v in value)
    return str(value) in codes


def _loosely(name: str, value: Json) -> bool:
    """By words and nested values, whatever field it is."""
    if isinstance(value, str):
        return value in _SPEAKING or _WORDS.search(value) is not None
    if isinstance(value, list):
        return any(_loosely(name, v) for v in value)
    if isinstance(value, dict):
        return _named(value) or any(
            _loosely(n, v) or _any_of(v, _BY_NAME.get(n, frozenset[str]())) for n, v in value.items()
        )
    return False


def _named(value: Mapping[str, Json]) -> bool:
    """A fact of a kept verdict: its name and its value stand side by side."""
    name = next((n for k in ("field", "fact", "name") if isinstance(n := value.get(k), str)), "")
    codes = _BY_NAME.get(name.rpartition(".")[2])
    return codes is not None and any(_any_of(v, codes) for v in value.values())


def _apart(op: NewOp) -> Sequence[NewOp]:
    """What may be seen, then what may not; the operation itself where it cannot be parted."""
    payload, shape = op.payload, RULES[op.kind].shape
    record = str(payload.get("record"))
    if shape not in (Shape.OPEN, Shape.SET) or record in WHOLE or _loosely("", payload.get("reason")):
        return (op,)
    names = _telling(record, payload)
    if not names or (record in _POINT and "kind" in names):
        return (op,)
    plain, kept = dict(payload), {k: payload[k] for k in ("record", "id", "import") if k in payload}
    for part in ("set", "bases", "add", "drop"):
        values = payload.get(part)
        if isinstance(values, dict):
            rest = {n: v for n, v in values.items() if n not in names}
            mine = {n: v for n, v in values.items() if n in names}
            plain[part] = rest
            if mine or part == "set":
                kept[part] = mine
            if part in ("add", "drop") and not rest:
                del plain[part]
    if shape is Shape.SET and not any(plain.get(p) for p in ("set", "add", "drop")):
        return (op,)
    values = kept["set"]
    if isinstance(values, dict):
        bases = kept.get("bases")
        known = bases if isinstance(bases, dict) else {}
        kept["bases"] = {n: known.get(n, []) for n in values}
    kind = op.kind if op.kind is Kind.RECORD_CORRECTED else Kind.FIELDS_SET
    return (replace(op, payload=plain), NewOp(kind, op.subject, kept))
