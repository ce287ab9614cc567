"""Letters to the applicant of a household: 受理回执, 一次性补正告知书, 不予认定告知书, 退出告知书.

They name who applied, the community and the number of members, and nothing of the members themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from jobdesk.cases.claim import Claim
from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import Refused
from jobdesk.host.strings import text
from jobdesk.reports.furniture import Printed
from jobdesk.reports.grid import PORTRAIT, Section, pairs
from jobdesk.reports.recognition_data import day_words, exit_words, limit_of, remedy_words
from jobdesk.reports.recognition_letters import letter_pdf, listed
from jobdesk.services.desk import Desk
from jobdesk.services.household.claiming import claim_of
from jobdesk.services.household_list import HouseholdWhole

RECEIPT, SUPPLEMENT = "household_receipt", "household_supplement"
REFUSAL, EXIT = "household_refusal", "household_exit"
NEEDS: Mapping[str, tuple[str, ...]] = {
    RECEIPT: ("accepted_on", "receipt_no"),
    SUPPLEMENT: ("supplement_on", "supplement_list"),
    REFUSAL: ("refusal_reason", "decided_on"),
    EXIT: ("exited_on", "exit_code"),
}
"""What must be written down before a letter can say it."""


def _t(key: str, **params: object) -> str:
    return text(f"paper.household.{key}", **params)


def _c(key: str, **params: object) -> str:
    return text(f"paper.claim.{key}", **params)


def ready(whole: HouseholdWhole, key: str) -> bool:
    """Whether everything that a letter says stands in the books."""
    return all(whole.row.facts.text(n) for n in NEEDS[key])


def household_letter(whole: HouseholdWhole, key: str, desk: Desk, printed: Printed, clock: Clock) -> bytes:
    """One letter as a PDF.

    Raises:
        Refused: ``claim_paper_not_yet`` when what it says is not written down yet.
    """
    if not ready(whole, key):
        raise Refused("claim_paper_not_yet")
    facts = whole.row.facts
    claim = claim_of(facts, desk, whole.packs)
    makers: Mapping[str, Callable[[], Sequence[str]]] = {
        RECEIPT: lambda: _receipt(claim),
        SUPPLEMENT: lambda: _supplement(claim),
        REFUSAL: lambda: _refusal(claim),
        EXIT: lambda: _exit(claim),
    }
    name, number = facts.text("head_name"), facts.text("receipt_no")
    signers = ("sign_unit", "sign_staff", "sign_received")
    lines = [_c("to_whom", name=name or _c("blank")), *makers[key]()]
    named = (name, number) if number else (name,)
    title = _t(f"{key.removeprefix('household_')}_title")
    filed = _c("filed", number=number) if number else ""
    return letter_pdf(title, _whose(whole), lines, signers, filed, named, printed, clock)


def _whose(whole: HouseholdWhole) -> Section:
    facts, geo = whole.row.facts, PORTRAIT
    count = _t("members", count=len(whole.row.standing.members))
    rows = [
        pairs(geo, (0, 3, 9, _t("head"), facts.text("head_name") or None),
              (9, 12, 18, _c("publicity_community"), facts.text("community") or None),
              (18, 21, 24, _t("count"), count)),
    ]  # fmt: skip
    return Section(_t("letter_household"), rows)


def _receipt(claim: Claim) -> Sequence[str]:
    limit = limit_of(claim)
    return [
        _t("receipt_1", applied=day_words(claim.text("applied_on")),
           accepted=day_words(claim.text("accepted_on")), number=claim.text("receipt_no")),
        _t("receipt_2"),
        _c("receipt_limit", sentence=limit.sentence, source=limit.source, day=day_words(limit.day))
        if limit else _c("receipt_no_limit"),
        _c("receipt_3"),
    ]  # fmt: skip


def _supplement(claim: Claim) -> Sequence[str]:
    return [
        _t("supplement_1", applied=day_words(claim.text("applied_on"))),
        *listed(claim.text("supplement_list")),
        _c("supplement_2"),
    ]


def _refusal(claim: Claim) -> Sequence[str]:
    remedy = remedy_words(claim.text("remedy"), claim.packs, claim.today) or _c("blank")
    return [
        _t("refusal_1", applied=day_words(claim.text("applied_on")), by=_known(claim, "decided_by")),
        _c("refusal_2", on=day_words(claim.text("decided_on")), number=_known(claim, "decision_no")),
        _c("refusal_reason", reason=claim.text("refusal_reason")),
        _c("refusal_remedy", remedy=remedy),
        _c("refusal_3"),
    ]


def _exit(claim: Claim) -> Sequence[str]:
    reason = exit_words(claim.text("exit_code")) or _c("exit_veiled")
    return [
        _t("exit_1", on=day_words(claim.text("exited_on"))),
        _c("exit_reason", reason=reason),
        _c("exit_by", by=_known(claim, "exit_decided_by"), number=_known(claim, "exit_decision_no")),
        _c("exit_2"),
        _c("exit_3"),
    ]


def _known(claim: Claim, name: str) -> str:
    return claim.text(name) or _c("blank")
