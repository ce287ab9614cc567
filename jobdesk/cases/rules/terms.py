"""What a rule tests, as a tree: comparisons of named facts, joined by all, any, not, and other rules.

In a pack (TOML)::

    test = { all = [
      { rule = "registration.may_register" },
      { fact = "unemployed_months", at_least = "figure:hardship.JL2.months" },
      { any = [ { fact = "sex", is = "2" }, { not = { fact = "age", less_than = 50 } } ] },
    ] }
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

FIGURE = "figure:"
"""A text value that begins so names a figure of a pack."""

Operand: TypeAlias = "str | int | bool | date | tuple[str, ...]"


class Op(StrEnum):
    """How a fact is compared; ``op.<name>`` in the strings."""

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    CONTAINS = "contains"
    """A fact that holds several codes holds this one."""
    KNOWN = "known"
    """Whether anything is known of it; never unknown itself."""


@dataclass(frozen=True, slots=True)
class Compare:
    """One fact against one value. ``wanted`` of ``IN`` is a tuple of texts."""

    fact: str
    op: Op
    wanted: Operand


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Term


@dataclass(frozen=True, slots=True)
class RuleRef:
    """Another rule by key, as it stands on the same day."""

    key: str


Term: TypeAlias = "Compare | All | AnyOf | Not | RuleRef"


def leaves(term: Term) -> Iterator[Compare | RuleRef]:
    """Comparisons and references in the order in which they are written."""
    match term:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield term


def figures_of(term: Term) -> Iterator[str]:
    """Keys of the figures that a term names."""
    for leaf in leaves(term):
        if isinstance(leaf, Compare) and isinstance(leaf.wanted, str) and leaf.wanted.startswith(FIGURE):
            yield leaf.wanted.removeprefix(FIGURE)
