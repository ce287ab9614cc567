"""概况: identity, contact, places, education, skills and wishes, papers, groups; what is missing by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from jobdesk.cases.history import Entry
from jobdesk.host.strings import text
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words, t
from jobdesk.ui.casefile.conflict_boxes import ConflictBoxes
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.page import Page, Tools, note
from jobdesk.ui.casefile.record_section import RecordSection, SectionPlan
from jobdesk.ui.casefile.retirement_card import RetirementCard
from jobdesk.ui.casefile.root_section import RootSection
from jobdesk.ui.id_remark import region_remark
from jobdesk.ui.kit import Button, Card, Scroll, Text, clear, column, flow, frame, row

PAPERS = ("privacy", "compare", "truth")
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "identity": ("name", "sex", "id_number", "birth", "old_id_number", "nation", "marital", "political"),
    "contact": ("phone", "phone_2", "address", "community"),
    "places": ("hukou_place", "hukou_kind", "insured_place", "work_place"),
    "education": (
        "education", "graduate_kind", "school", "major", "graduated_on", "origin_place", "archive_place",
    ),
    "wishes": (
        "willingness", "work_form", "wish_post", "wish_pay", "wish_area", "training_wish", "skills",
        "certificate_no", "service_needs", "transfer_wish", "transfer_wish_on",
    ),
    "eligibility": (
        "local_hukou", "urban_resident", "resident_since", "work_capacity", "ever_employed", "ever_insured",
        "laid_off_soe", "land_taken", "monthly_income", "retirement_type", "pension_since", "trained_startup",
        "student_loan",
    ),
    "papers": ("notice_on", "compare_on", "truth_on"),
    "health": ("health", "disability", "disability_card"),
    "care": (
        "owner", "tier", "tier_reason", "opened_on", "next_contact", "next_contact_reason", "last_contact",
        "first_round_on", "deceased_on", "note",
    ),
}  # fmt: skip
_WIDE = (
    "address",
    "hukou_place",
    "insured_place",
    "work_place",
    "tier_reason",
    "next_contact_reason",
    "id_number",
)
_SOURCE = ("source", "authority", "number", "checked_on")
GROUPS = SectionPlan(
    FormPlan("group", ("kind", "since", "until", *_SOURCE, "note"), needed=frozenset({"kind"})),
    "section.groups", "add_group", "none_group", note="groups_note", has_restricted=True,
)  # fmt: skip
STATEMENTS = SectionPlan(
    FormPlan("statement", ("kind", "stated_on", "until", "text"), needed=frozenset({"kind", "stated_on"})),
    "section.statements", "add_statement", "none_statement", note="statements_note",
)  # fmt: skip


class OverviewPage(Page):
    """概况."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._missing = flow(gap=6)
        self._percent = Text("", bold=True)
        self._gap_card = Card(column(self._missing, note(t("missing_note")), gap=6), title=t("completeness"),
                              corner=self._percent)  # fmt: skip
        self._region = Text("", "caption", "ink_2", wrap=True)
        self.sections: dict[str, RootSection] = {}
        for key, fields in SECTIONS.items():
            below = {"papers": self._paper_buttons, "identity": lambda: self._region}.get(key, lambda: None)()
            remark = t(f"remark.{key}") if key in ("places", "health", "papers", "eligibility") else ""
            self.sections[key] = RootSection(
                tools, key, fields, wide=[f for f in fields if f in _WIDE], remark=remark, below=below
            )
        self.groups = RecordSection(tools, GROUPS)
        self.statements = RecordSection(tools, STATEMENTS)
        order = ("identity", "contact", "places", "education", "wishes", "eligibility", "papers")
        last = ("health", "care")
        cards: list[QWidget] = [
            self._gap_card,
            *(self.sections[k] for k in order),
            frame(column(self.groups, pad=(2, 4, 2, 4))),
            frame(column(self.statements, pad=(2, 4, 2, 4))),
            *(self.sections[k] for k in last),
        ]
        self.retirement = RetirementCard(tools)
        cards.insert(cards.index(self.sections["eligibility"]) + 1, self.retirement)
        self._others = column(gap=8)
        self._boxes = ConflictBoxes(tools.ctx, self)
        self._shown_fields = {f for fields in SECTIONS.values() for f in fields}
        cards.insert(0, frame(self._others))
        self._scroll = Scroll(column(*cards, None, gap=10, pad=(16, 12, 16, 16)))
        self.setLayout(column(self._scroll))

    def begin(self, case_id: str) -> None:
        for section in self.sections.values():
            section.begin(case_id)
        self.groups.begin()
        self.statements.begin()
        self._scroll.verticalScrollBar().setValue(0)

    def show_file(self, file: CaseFile, words: Words) -> None:
        for section in self.sections.values():
            section.show_file(file, words)
        self.groups.show_file(file, words)
        self.statements.show_file(file, words)
        self.retirement.show_file(file, words)
        root = file.state.root
        remark = region_remark(root.text("id_number") or root.text("old_id_number"))
        self._region.set_text(remark)
        self._region.setVisible(bool(remark))
        self._show_missing(file)
        self._show_other_conflicts(file, words)

    def told(self, entries: Sequence[tuple[str, Entry]]) -> None:
        self.groups.told(entries)
        self.statements.told(entries)

    def open_at(self, detail: str) -> None:
        prove, name = detail.startswith("prove:"), detail.removeprefix("prove:")
        for section in self.sections.values():
            found = section.form.field_named(name)
            if found is not None and prove:
                section.proofs.open(name)
                return
            if found is not None:
                self._scroll.ensureWidgetVisible(found, 0, 120)
                found.editor.setFocus()

    def keep(self) -> None:
        for section in self.sections.values():
            section.keep()
        self.groups.keep()
        self.statements.keep()

    def _show_other_conflicts(self, file: CaseFile, words: Words) -> None:
        """Conflicts of fields that no section types in: the state of help, a merge."""
        root = file.state.root
        with self._boxes.redrawn():
            clear(self._others)
            for box in self._boxes.of(file.state.subject, root, words, but=self._shown_fields):
                self._others.addWidget(box)

    def _show_missing(self, file: CaseFile) -> None:
        layout = self._missing.layout()
        assert layout is not None
        clear(layout)
        self._percent.set_text(
            f"{file.completeness.percent}%", "ok" if file.completeness.percent == 100 else "warn"
        )
        lacking = file.completeness.missing
        said = t("missing_count", count=len(lacking)) if lacking else t("missing_none")
        layout.addWidget(Text(said, "caption", "ink_2"))
        for item in lacking:
            mark = text("app.lapsed") if item.status == "lapsed" else ""
            part, detail = ("overview", item.field) if item.record == "case" else ("plan", "")
            link = Button(text(f"missing.{item.code}"), "link",
                          on_click=lambda p=part, d=detail: self.tools.go(p, d))  # fmt: skip
            link.setToolTip(" ".join(s for s in (item.source.document, item.source.clause, mark) if s))
            layout.addWidget(link)

    def _paper_buttons(self) -> QWidget:
        buttons = [
            Button(t(f"print.{p}"), "quiet", icon="printer", on_click=lambda p=p: self.tools.paper(p))
            for p in PAPERS
        ]
        return frame(
            column(row(Text(t("papers_sign"), "caption", "ink_2"), None), flow(*buttons, gap=8), gap=6)
        )
