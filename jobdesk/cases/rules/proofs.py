"""已核对: a field of the file that somebody saw confirmed by 省系统 or 文书, without changing it.

A proof says which value was confirmed, and holds only while just that value stands: when it is changed
the proof is void, when the change is taken back it holds again. Only a proven date starts a legal clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.ops import Json

KIND = "proof"
SOURCES = frozenset({"system", "document"})
"""省系统 and 文书: only these start a legal clock (domain.md §11.21)."""

PROVABLE: Mapping[str, str] = MappingProxyType(
    {
        "graduated_on": "graduation", "graduate_kind": "graduation", "education": "graduation",
        "birth": "identity", "sex": "identity", "hukou_kind": "hukou", "local_hukou": "hukou",
        "urban_resident": "residence", "work_capacity": "capacity", "retirement_type": "insurance",
        "pension_since": "pension", "ever_insured": "insurance", "ever_employed": "insurance",
        "laid_off_soe": "soe", "land_taken": "land", "monthly_income": "income", "deceased_on": "death",
        "student_loan": "loan",
    }
)  # fmt: skip
"""Fields of the file that can be confirmed → the paper that usually does it (``proof.paper_<name>``)."""


def said(value: Json) -> str:
    """A value as a proof writes it down."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None or isinstance(value, list | dict) else str(value)


def proof_of(facts: CaseFacts, name: str, iso: str) -> Rec | None:
    """The latest proof of what stands in a field, as known on an ISO day; None while it is not confirmed."""
    if KIND not in facts.records:
        return None
    value = said(facts.root.get(name))
    if not value:
        return None
    found = [
        r
        for r in facts.records[KIND]
        if r.text("field") == name
        and r.text("value") == value
        and r.text("source") in SOURCES
        and "" < r.text("looked_on") <= iso
    ]
    return max(found, key=lambda r: (r.text("looked_on"), r.id), default=None)
