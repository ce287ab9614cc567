"""认定, 就业 and 补贴: facts typed by hand as dated records, each with where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLayout

from jobdesk.cases.history import Entry
from jobdesk.host.strings import text
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.page import Page, Tools, note
from jobdesk.ui.casefile.record_section import RecordSection, SectionPlan
from jobdesk.ui.kit import Icon, Scroll, column, frame, row

_SOURCE = ("source", "authority", "number", "checked_on")


def _plan(kind: str, fields: tuple[str, ...], needed: str = "", **words: str) -> SectionPlan:
    form = FormPlan(kind, (*fields, *_SOURCE, "note"), needed=frozenset(needed.split()))
    return SectionPlan(form, f"section.{kind}", f"add_{kind}", f"none_{kind}", **words)  # type: ignore[arg-type]


REGISTRATION = _plan(
    "registration",
    ("since", "until", "reason", "end_reason", "kind", "registered_on", "application_no", "by_promise"),
    note="registration_note",
)
EMPLOYMENT = _plan(
    "employment",
    ("since", "until", "unit", "form", "evidence_kind", "evidence", "registered_on", "end_reason"),
)
PLACEMENT = SectionPlan(
    FormPlan(
        "placement",
        ("unit", "post", "since", "until", "form", "industry", "contract", "insured", "place", "pay",
         "unit_code", "verified_on", "verified_how", *_SOURCE, "note"),
        needed=frozenset({"unit", "since"}),
    ),
    "section.placement", "add_placement", "none_placement", note="placement_note",
)  # fmt: skip
RECOGNITION = _plan(
    "recognition",
    ("category", "state", "since", "until", "main", "category_text", "exit_reason"),
    "category",
    note="recognition_note",
)
VERIFICATION = SectionPlan(
    FormPlan(
        "verification",
        ("kind", "looked_on", "result", "system", "finding", "staff", "by_whom", "note"),
        needed=frozenset({"kind", "looked_on", "result"}),
    ),
    "section.verification", "add_verification", "none_verification", note="verification_note",
)  # fmt: skip
ABSENCE = _plan("absence", ("kind", "since", "until", "place"), "kind since", note="absence_note")
BUSINESS = _plan("business", ("name", "form", "role", "since", "until", "unit_code", "first_time"), "name")
BENEFIT = _plan("benefit", ("since", "until"))
SUBSIDY = _plan(
    "subsidy",
    ("kind", "policy", "applied_on", "first_approved", "since", "until", "months_before", "amount", "payer",
     "basis_document", "extension", "extension_confirmed_by", "extension_confirmed_on"),
    "kind",
    note="subsidy_note",
)  # fmt: skip
PUBLIC_POST = _plan(
    "public_post",
    ("kind", "unit", "post", "contract_no", "since", "until", "basis_document", "months_before",
     "attendance_on", "verified_on", "exit_plan_on", "exit_plan", "end_reason"),
    "kind since",
    note="public_post_note",
)  # fmt: skip


class FactsPage(Page):
    """A page of record sections, each saying that it is not the register."""

    def __init__(self, tools: Tools, plans: Sequence[SectionPlan]) -> None:
        super().__init__(tools)
        self.sections = {p.form.kind: RecordSection(tools, p) for p in plans}
        line = frame(
            row(Icon("info", "ink_2"), (note(text("app.not_the_register")), 1), pad=(10, 6, 10, 6)), "soft"
        )
        self._top = column(gap=18)
        self._scroll = Scroll(
            column(line, self._top, *self.sections.values(), None, gap=18, pad=(16, 12, 16, 16))
        )
        self.setLayout(column(self._scroll))

    def insert_top(self, content: QLayout) -> None:
        """Put something above the records, below what was put there before."""
        self._top.addLayout(content)

    def begin(self, case_id: str) -> None:
        for section in self.sections.values():
            section.begin()
        self._scroll.verticalScrollBar().setValue(0)

    def show_file(self, file: CaseFile, words: Words) -> None:
        for section in self.sections.values():
            section.show_file(file, words)

    def told(self, entries: Sequence[tuple[str, Entry]]) -> None:
        for section in self.sections.values():
            section.told(entries)

    def open_at(self, detail: str) -> None:
        """A record id, or ``add:<kind>``."""
        if detail.startswith("add:") and detail[4:] in self.sections:
            self.sections[detail[4:]].add()
            return
        for section in self.sections.values():
            section.edit(detail)

    def keep(self) -> None:
        for section in self.sections.values():
            section.keep()
