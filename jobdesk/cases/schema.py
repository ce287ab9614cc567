"""What a subject can hold: record kinds, their fields, and what each field needs.

A *subject* is the unit of folding and of scope (one person's file, one household, one import …).
It has one root record, whose kind is the subject's kind and whose id is the subject's id, and any
number of child records, each with an id of its own. Fields hold JSON scalars: text, whole numbers,
booleans; dates are ISO text of stated precision (``2026``, ``2026-03``, ``2026-03-15``). Field
labels stand in the string catalogue under ``field.<record>.<field>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from jobdesk.cases.schema_fields import Field, FieldType
from jobdesk.cases.schema_records import CLAIM, PROVENANCE, RECORDS

__all__ = [
    "CHILDREN", "CLAIM", "MAIN_DAY", "MOVES", "PROVENANCE", "RECORDS", "SHAPES", "Field", "FieldType",
    "day_of", "field", "fits", "is_critical",
]  # fmt: skip

_CASE_CHILDREN = """registration recognition group employment benefit subsidy plan measure review service
statement placement attachment postponement verification absence business public_post override escalation
proof"""

CHILDREN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "case": frozenset(_CASE_CHILDREN.split()),
        "household": frozenset(
            {"member", "rung", "verification", "attachment", "postponement", "escalation"}
        ),
        "vacancy": frozenset({"escalation"}),
        "walk_in": frozenset({"escalation"}),
        "station": frozenset({"staff", "setting", "rule_pack", "escalation"}),
        "assignment": frozenset({"assigned", "escalation"}),
        "import": frozenset({"held_row", "escalation"}),
    }
)
"""Subject kind → record kinds it may hold besides its own root."""

_BY_NAME = {kind: {f.name: f for f in fields} for kind, fields in RECORDS.items()}

MOVES: Mapping[tuple[str, str], Mapping[str | None, frozenset[str]]] = MappingProxyType(
    {
        ("case", "help_state"): {
            None: frozenset({"open", "ended"}),
            "open": frozenset({"ended"}),
            "ended": frozenset({"open"}),
        }
    }
)
"""Status fields: value known before → values it may move to. Other moves stay visible proposals."""
SAID_WITH: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("case", "help_state"): (
            "help_reason",
            "help_note",
            "help_changed_on",
            "next_contact",
            "next_contact_reason",
        )
    }
)
"""Status fields: what is written together with them and says nothing without them."""


def field(record: str, name: str) -> Field | None:
    """The declaration, or None when this version of the program does not know the field."""
    return _BY_NAME.get(record, {}).get(name)


_SHAPE: Mapping[FieldType, type] = {FieldType.BOOL: bool, FieldType.INT: int, FieldType.SET: list}
SHAPES: Mapping[str, Mapping[str, type]] = MappingProxyType(
    {
        kind: {f.name: _SHAPE.get(f.type, str) for f in fields if f.type is not FieldType.JSON}
        for kind, fields in RECORDS.items()
    }
)
"""Record kind → field → what its values are; a field that takes any value is not here."""
_NONE: Mapping[str, type] = MappingProxyType({})


def fits(record: str, name: str, value: object) -> bool:
    """Whether a value is what the field takes. Nobody's program writes another; what a broken or wicked one
    wrote is kept as a version and never shown as the value (``fold_record``), so that whoever reads a text,
    a number or a yes need not ask again. Whether a text is a code or a date is not asked here.
    """
    wanted = SHAPES.get(record, _NONE).get(name)
    if wanted is None or value is None:
        return True
    if type(value) is not wanted:
        return False
    return wanted is not list or all(type(v) is str for v in cast("list[object]", value))


def is_critical(record: str, name: str) -> bool:
    """Whether concurrent versions of this field wait for a person (ID number, name, birth, disability)."""
    declared = field(record, name)
    return declared is not None and declared.critical


def day_of(record: str, values: Mapping[str, object]) -> str | None:
    """The date by which a record is listed (ISO text of any precision), or None."""
    name = MAIN_DAY.get(record)
    value = values.get(name) if name else None
    return value if isinstance(value, str) else None


MAIN_DAY: Mapping[str, str] = MappingProxyType(
    {
        "registration": "since", "recognition": "since", "group": "since", "employment": "since",
        "benefit": "since", "subsidy": "since", "plan": "agreed_on", "measure": "due",
        "review": "reviewed_on", "service": "served_on", "statement": "stated_on", "placement": "since",
        "attachment": "added_on", "postponement": "until", "walk_in": "came_on", "vacancy": "checked_on",
        "import": "imported_on", "member": "since", "case": "opened_on",
        "verification": "looked_on", "absence": "since", "business": "since", "public_post": "since",
        "override": "stated_on", "proof": "looked_on", "rung": "since", "rule_pack": "taken_on",
        "assignment": "received_on", "assigned": "answered_on",
    }
)  # fmt: skip
