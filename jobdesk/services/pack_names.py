"""Names that rule packs give: a county's own policy card is called by its title wherever its code stands."""

from __future__ import annotations

from jobdesk.cases.hardship import PREFIX as HARDSHIP
from jobdesk.cases.hardship import is_category
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.policy_cards import PREFIX as POLICIES
from jobdesk.host import code_lists, policy_files

_known: PackSet | None = None


def know(packs: PackSet) -> None:
    """Let the lists of policies and categories know what these packs add. Once for each set."""
    global _known
    if packs is _known:
        return
    _known = packs
    shipped = set(policy_files.shipped().keys())
    cards: dict[str, str] = {}
    for key in packs.keys(POLICIES):
        for entry in packs.versions(key):
            title = entry.data.get("title")
            if entry.kind == "card" and isinstance(title, str):
                cards[key.removeprefix(POLICIES)] = title
    code_lists.name_besides("policy", cards)
    named: dict[str, str] = {}
    for key in packs.keys(HARDSHIP):
        if is_category(key) and key not in shipped:
            named[key.removeprefix(HARDSHIP)] = packs.versions(key)[-1].sentence.partition("：")[0]
    code_lists.name_besides("hardship", named)
