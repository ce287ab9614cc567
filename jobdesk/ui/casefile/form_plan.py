"""Which fields a form of the file has, and which of them may stay blank. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OPTIONAL = frozenset(
    (
        "old_id_number", "phone_2", "political", "health", "disability", "disability_card", "retirement_type",
        "certificate_no", "tier_reason", "next_contact_reason", "last_contact", "first_round_on",
        "deceased_on", "note", "until", "end_reason", "exit_reason", "category_text",
        "months_before", "companions", "policy", "applied_on", "basis_document", "extension",
        "extension_confirmed_by", "extension_confirmed_on", "exit_plan_on", "exit_plan", "attendance_on",
        "verified_on", "contract_no", "amount", "payer",
        "outcome_text", "late_reason", "group_event", "round", "next_contact", "result", "reason", "done_on",
        "urban_resident", "resident_since", "laid_off_soe", "land_taken", "monthly_income", "pension_since",
        "trained_startup", "student_loan", "transfer_wish", "transfer_wish_on", "objection", "review_result",
        "system", "finding", "by_whom", "application_no", "registered_on", "by_promise", "evidence",
        "role", "place", "authority", "number",
        "owner_text", "step", "promise_done_on", "barrier_text", "verified_how", "industry", "unit_code",
    )
)  # fmt: skip
"""Fields whose blank lacks nothing: they are not dashed as 未填."""


@dataclass(frozen=True, slots=True)
class FormPlan:
    """Which fields a form has.

    Attributes:
        kind: record kind; ``fields`` in the order of the page.
        wide: fields that take a whole line besides long texts and sets.
        needed: marked with a star.
        hints: field → key of a quiet sentence under it.
    """

    kind: str
    fields: tuple[str, ...]
    wide: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    hints: Mapping[str, str] = field(default_factory=dict[str, str])
