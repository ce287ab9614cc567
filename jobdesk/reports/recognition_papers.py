"""Which paper of an application is printed how; keys are ``<paper>:<id of the recognition>``."""

from __future__ import annotations

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import Refused
from jobdesk.reports.furniture import Printed
from jobdesk.reports.month_data import PersonSheet
from jobdesk.reports.recognition_data import ClaimPaper, claim_paper
from jobdesk.reports.recognition_form import form_pdf
from jobdesk.reports.recognition_letters import (
    exit_pdf,
    person_publicity_pdf,
    promise_pdf,
    receipt_pdf,
    refusal_pdf,
    supplement_pdf,
)
from jobdesk.services.desk import Desk
from jobdesk.store.log import Connection

PREFIX = "claim_"
_LETTERS = {
    "claim_form": form_pdf,
    "claim_promise": promise_pdf,
    "claim_receipt": receipt_pdf,
    "claim_supplement": supplement_pdf,
    "claim_refusal": refusal_pdf,
    "claim_exit": exit_pdf,
}
PUBLICITY = "claim_publicity"
CLAIM_PAPERS = (*_LETTERS, PUBLICITY)


def recognition_paper(
    con: Connection, desk: Desk, case_id: str, key: str, person: PersonSheet, printed: Printed, mask: bool
) -> bytes:
    """One paper as a PDF.

    Raises:
        Refused: ``paper_unknown``; ``claim_paper_not_yet`` when what it says is not written down yet,
            ``claim_paper_no_publicity``.
    """
    paper, _, record = key.partition(":")
    return draw(paper, person, claim_paper(con, desk, case_id, record), printed, desk.clock, mask)


def draw(
    paper: str, person: PersonSheet, claim: ClaimPaper, printed: Printed, clock: Clock, mask: bool
) -> bytes:
    """The same from plain values."""
    if paper == PUBLICITY:
        return person_publicity_pdf(person, claim, printed, clock)
    if paper not in _LETTERS:
        raise Refused("paper_unknown", paper=paper)
    return _LETTERS[paper](person, claim, printed, clock, mask)
