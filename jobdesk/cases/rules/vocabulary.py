"""Every fact that a pack may name, in one table. A pack that names another is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from jobdesk.cases.rules import (
    facts_hardship,
    facts_household,
    facts_person,
    facts_policies,
    facts_retirement,
    facts_spells,
    quick,
)
from jobdesk.cases.rules.engine import judge as _judge
from jobdesk.cases.rules.situation import Reading, Situation
from jobdesk.cases.rules.verdict import Outcome, Verdict

FACTS: Mapping[str, Callable[[Situation], Reading]] = MappingProxyType(
    {
        **facts_person.FACTS,
        **facts_spells.FACTS,
        **facts_hardship.FACTS,
        **facts_household.FACTS,
        **facts_policies.FACTS,
        **facts_retirement.FACTS,
    }
)

TABLES: Mapping[str, str] = MappingProxyType(
    {
        **facts_person.TABLES,
        **facts_spells.TABLES,
        **facts_household.TABLES,
    }
)
"""Fact → code list of its values, for facts that hold codes."""


def judge(key: str, situation: Situation) -> Verdict:
    """One rule on one situation, with every fact there is."""
    return _judge(key, situation, FACTS)


def outcome(key: str, situation: Situation) -> Outcome:
    """The same rule's bare answer, many times faster: for lists that ask it of everybody."""
    return quick.outcome(key, situation, FACTS)


def met(key: str, situation: Situation) -> bool:
    """Whether that answer is 符合; faster still, since what is not known decides too."""
    return quick.met(key, situation, FACTS)
