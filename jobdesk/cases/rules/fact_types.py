"""What kind of value every fact has: a pack that compares it with another kind is refused by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.reading import Fault
from jobdesk.cases.rules.terms import FIGURE, Compare, Op, leaves

FactType = Literal["number", "flag", "day", "code", "codes"]
"""``rules.type.<name>`` in the strings."""

_DECLARED: Mapping[FactType, str] = {
    "number": """age months_since_graduation monthly_income months_unemployed registered_months
        registered_months_at_hire
        out_of_school_months months_to_retirement months_to_former_retirement social_months
        household_members household_labour_force household_at_work member_age""",
    "day": "birth",
    "code": "sex hukou_kind graduate_kind education retirement_type household_kind",
    "codes": "groups categories household_kinds subsidies had_subsidies",
}
TYPES: Mapping[str, FactType] = MappingProxyType(
    {name: kind for kind, names in _DECLARED.items() for name in names.split()}
)
"""Facts that are not named here are flags (是／否)."""

_OPS: Mapping[FactType, frozenset[Op]] = {
    "number": frozenset({Op.IS, Op.IS_NOT, Op.AT_LEAST, Op.AT_MOST, Op.MORE_THAN, Op.LESS_THAN}),
    "day": frozenset({Op.IS, Op.IS_NOT, Op.AT_LEAST, Op.AT_MOST, Op.MORE_THAN, Op.LESS_THAN}),
    "flag": frozenset({Op.IS, Op.IS_NOT}),
    "code": frozenset({Op.IS, Op.IS_NOT, Op.IN}),
    "codes": frozenset({Op.CONTAINS}),
}


def type_of(fact: str) -> FactType:
    return TYPES.get(fact, "flag")


def fits(compare: Compare) -> bool:
    """Whether the operator and the operand are of the fact's own kind: ``age is "40"`` is not."""
    if compare.op is Op.KNOWN:
        return isinstance(compare.wanted, bool)
    kind, wanted = type_of(compare.fact), compare.wanted
    if compare.op not in _OPS[kind]:
        return False
    match kind:
        case "flag":
            return isinstance(wanted, bool)
        case "number":
            if isinstance(wanted, str):
                return wanted.startswith(FIGURE)
            return isinstance(wanted, int) and not isinstance(wanted, bool)
        case "day":
            return isinstance(wanted, date)
        case "code" | "codes":
            return isinstance(wanted, tuple) if compare.op is Op.IN else isinstance(wanted, str)


def type_faults(packs: PackSet, known: Mapping[str, object]) -> Iterator[Fault]:
    """Every comparison with a value of another kind.

    Args:
        known: the facts there are; a fact that is none is told elsewhere.
    """
    for entry in packs.entries():
        for leaf in leaves(entry.term) if entry.term is not None else ():
            if isinstance(leaf, Compare) and leaf.fact in known and not fits(leaf):
                said = f"{leaf.fact} {leaf.op.value} {_written(leaf.wanted)}"
                name = f"{entry.pack}: {entry.key}"
                yield Fault("wrong_type", f"entry[{entry.index}].test", name, f"{said}|{type_of(leaf.fact)}")


def _written(wanted: object) -> str:
    if isinstance(wanted, bool):
        return str(wanted).lower()
    if isinstance(wanted, tuple):
        return "[" + ", ".join(f'"{w}"' for w in wanted) + "]"  # pyright: ignore[reportUnknownVariableType]
    return f'"{wanted}"' if isinstance(wanted, str) else str(wanted)
