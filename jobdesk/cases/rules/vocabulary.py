"""Every fact that a pack may name, in one table. A pack that names another is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from jobdesk.cases.rules import facts_person, facts_spells
from jobdesk.cases.rules.engine import judge as _judge
from jobdesk.cases.rules.situation import Reading, Situation
from jobdesk.cases.rules.verdict import Verdict

FACTS: Mapping[str, Callable[[Situation], Reading]] = MappingProxyType(
    {**facts_person.FACTS, **facts_spells.FACTS}
)


def judge(key: str, situation: Situation) -> Verdict:
    """One rule on one situation, with every fact there is."""
    return _judge(key, situation, FACTS)
