"""Synthetic people for the rules of recognition, in few words."""

from __future__ import annotations

from datetime import date

from jobdesk.cases.facts import CaseFacts, facts
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.situation import Situation
from jobdesk.host import policy_files
from tests.cases.files import File

PACKS = policy_files.shipped()
GOOD: dict[str, Json] = {
    "birth": "1981-04-26", "sex": "2", "local_hukou": True, "hukou_kind": "10", "work_capacity": "able",
    "willingness": "yes", "opened_on": "2026-01-05",
}  # fmt: skip


def registered(since: str = "2026-01-02", source: str = "system", /, **root: Json) -> File:
    """Somebody of whom everything but the category's own facts is known, registered since a day."""
    file = File(**{**GOOD, **root}).prove("birth", *(["graduated_on"] if "graduated_on" in root else []))
    return file.add("registration", since=since, registered=True, source=source)


def at(file: File, day: str, households: tuple[CaseFacts, ...] = ()) -> Situation:
    return Situation(file.facts(), date.fromisoformat(day), PACKS, households)


def household(state: str = "recognised", since: str = "2026-03-01") -> CaseFacts:
    """A 零就业家庭 with the person of ``File`` in it."""
    root: dict[str, Json] = {
        "kind": "zero", "state": state, "since": since, "decided_on": since, "source": "document"
    }  # fmt: skip
    return facts("household-1", root, [("member", "member-1", {"case": "case-1", "since": "2025-01-01"})])
