"""家庭: households of which this person is or was a member; members without a file hold a line only."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import RecordState
from jobdesk.host.strings import text
from jobdesk.services.case_files import CaseFile
from jobdesk.services.household.joining import join
from jobdesk.services.household.naming import called
from jobdesk.services.household_list import HouseholdWhole, load_household
from jobdesk.services.households import HouseholdView, found_household
from jobdesk.services.undoing import withdraw_record
from jobdesk.store.called import head_in
from jobdesk.store.station_file import Changes
from jobdesk.ui.above import refused_above, stations_only
from jobdesk.ui.case_words import Words, label, record_name, span, t
from jobdesk.ui.casefile.ask import Ask, WithdrawAsk, withdraw_draft
from jobdesk.ui.casefile.conflict_boxes import ConflictBoxes
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.household_detail import HouseholdDetail
from jobdesk.ui.casefile.page import Page, Tools, mark_chip, note
from jobdesk.ui.casefile.person_finder import PersonFinder
from jobdesk.ui.casefile.record_editor import RecordEditor, Saver, draft_name
from jobdesk.ui.casefile.record_state import PROVENANCE
from jobdesk.ui.kit import Button, Icon, Scroll, Text, clear, column, flow, frame, row, rule
from jobdesk.ui.kit.chips import BlankChip
from jobdesk.ui.notices import sentence_of

HOUSEHOLD = FormPlan(
    "household", ("head_name", "kind", "address", "community", "since", "until", *PROVENANCE, "note"),
    wide=frozenset({"address"}),
)  # fmt: skip
MEMBER = FormPlan(
    "member",
    (
        "name",
        "relation",
        "birth_year",
        "state",
        "hukou_kind",
        "lives_here",
        "hukou_here",
        "able",
        "willing",
        "since",
        "until",
    ),
    needed=frozenset({"name"}),
)
FILED = FormPlan("member", ("relation", "state", "lives_here", "hukou_here", "since", "until"))


class HouseholdPage(Page):
    """家庭."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._file: CaseFile | None = None
        self._words = Words(tools.ctx.desk.today)
        self._editors: dict[str, RecordEditor] = {}
        self.boxes = ConflictBoxes(tools.ctx, self)
        self._tried_drafts = False
        self._new = column(gap=8)
        self._list = column(gap=12)
        self._add = Button(t("add_household"), "link", icon="plus", on_click=self.add)
        line = frame(
            row(Icon("info", "ink_2"), (note(text("app.not_the_register")), 1), pad=(10, 6, 10, 6)), "soft"
        )
        stations_only(tools.ctx, self._add)
        head = row(Text(t("households"), bold=True), None, self._add)
        self._scroll = Scroll(
            column(line, head, note(t("household_note")), self._new, self._list, None, gap=10,
                   pad=(16, 12, 16, 16))
        )  # fmt: skip
        self.setLayout(column(self._scroll))

    def begin(self, case_id: str) -> None:
        self.keep()
        for editor in self._editors.values():
            editor.deleteLater()
        self._editors.clear()
        self._tried_drafts = False
        clear(self._new)
        clear(self._list)

    def show_file(self, file: CaseFile, words: Words) -> None:
        self._file, self._words = file, words
        self._draw()
        if not self._tried_drafts:
            self._tried_drafts = True
            if draft_name("household", "") in file.drafts:
                self.add()

    def keep(self) -> None:
        for editor in self._editors.values():
            editor.keep()

    # ---- what can be done

    def add(self) -> None:
        """Write a household down; this person is its first member."""
        file = self._file
        if file is None or refused_above(self.ctx):
            return

        def saver(_loaded: RecordState, values: Mapping[str, Json], _reason: str) -> Future[Changes]:
            return found_household(self.ctx.desk, {**values, "state": "found"}, [{"case": file.case_id}])

        root = file.state.root
        usual: dict[str, Json] = {"source": "self"}
        usual |= {n: root.get(n) for n in ("address", "community") if root.get(n)}
        self._open("new", HOUSEHOLD, RecordState("household", "", {}), Subject("household", ""), saver, usual)

    def edit(self, view: HouseholdView) -> None:
        """Correct the household itself."""
        self._open(view.state.subject.id, HOUSEHOLD, view.state.root, view.state.subject, None, {})

    def add_member(self, view: HouseholdView) -> None:
        """Somebody without a file: name, relation, birth year and state only."""
        record = RecordState("member", "", {})
        self._open(f"{view.state.subject.id}/m", MEMBER, record, view.state.subject, None, {})

    def edit_member(self, view: HouseholdView, member: RecordState) -> None:
        plan = FILED if member.get("case") else MEMBER
        self._open(member.id, plan, member, view.state.subject, None, {})

    def add_filed(self, view: HouseholdView, place: QWidget) -> None:
        """Somebody who has a file."""
        subject = view.state.subject
        known = [str(m.get("case")) for m in view.state.of("member") if m.get("case")]
        finder = PersonFinder(self.ctx, t("member_person"), known)

        def answer() -> None:
            if finder.person is None:
                finder.field.set_problem(t("merge_choose"))
                return
            future = join(self.ctx.desk, subject.id, {"case": finder.person.case_id})
            said = t("saved_record", what=record_name("member"))
            self.ctx.save(future, self, said, lambda _c: ask.close_ask(), failed)

        def failed(error: Exception) -> None:
            """Who lives in another household of the kind is added in 家庭, with the reason."""
            if isinstance(error, Refused):
                ask.say(sentence_of(error))
            else:
                self.ctx.hub.trouble.emit(error)

        ask = Ask(t("add_filed"), t("add_filed_more"), [finder], t("add"), answer)
        layout = place.layout()
        assert layout is not None
        layout.addWidget(ask)

    def withdraw_member(self, view: HouseholdView, member: RecordState, place: QWidget) -> None:
        """A member written down by mistake; who left has an end instead."""
        what = record_name("member")
        ask = WithdrawAsk(
            self.ctx, t("withdraw_title", what=what), self._words,
            lambda reason, others: withdraw_record(
                self.ctx.desk, view.state.subject, [("member", member.id)], reason, work_of_others=others
            ),
            t("withdrawn_record", what=what), sentence=t("withdraw_member_more"),
            draft=withdraw_draft(view.state.subject.id, member.id),
        )  # fmt: skip
        layout = place.layout()
        assert layout is not None
        layout.addWidget(ask)

    # ---- inside

    def _open(
        self, name: str, plan: FormPlan, record: RecordState, subject: Subject, saver: Saver | None,
        usual: Mapping[str, Json],
    ) -> None:  # fmt: skip
        file = self._file
        if file is None or name in self._editors:
            return
        part = subject.id if not record.id and subject.id else ""
        editor = RecordEditor(
            self.ctx, self.tools.looks, plan, record, subject, file.case_id, saver=saver, draft_part=part
        )
        self._editors[name] = editor
        editor.closed.connect(lambda: self._close(name))
        editor.start(file, self._words, usual)
        if name == "new":
            self._new.addWidget(editor)
        else:
            self._draw()

    def _close(self, name: str) -> None:
        editor = self._editors.pop(name, None)
        if editor is not None:
            editor.hide()
            editor.deleteLater()
        self._draw()

    def _draw(self) -> None:
        file = self._file
        if file is None:
            return
        with self.boxes.redrawn([editor for name, editor in self._editors.items() if name != "new"]):
            clear(self._list)
            for view in file.households:
                self._list.addWidget(_HouseholdCard(self, view, file, self._words, self._editors))
        if not file.households:
            self._list.addWidget(
                frame(
                    row(Text(t("none_household"), "caption", "ink_2", wrap=True), pad=(12, 10, 12, 10)),
                    "soft",
                )
            )


class _HouseholdCard(QFrame):
    def __init__(
        self, page: HouseholdPage, view: HouseholdView, file: CaseFile, words: Words,
        editors: Mapping[str, RecordEditor],
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "card")
        self._page, self._view, self._file, self._words, self._editors = page, view, file, words, editors
        root = view.state.root
        household_id = view.state.subject.id
        if household_id in editors:
            self.setLayout(column(editors[household_id]))
            editors[household_id].show()
            return
        title = called(head_in(view.state, view.case_names))
        kind = words.value("household", "kind", root.get("kind"))
        head = row(
            Text(title, bold=True), *([mark_chip(kind, "outline")] if kind else []), None,
            Button(t("correct"), "link", on_click=lambda: page.edit(view)), gap=8,
        )  # fmt: skip
        place = " ".join(p for p in (root.text("community"), root.text("address")) if p)
        said = [words.value("household", n, root.get(n)) for n in PROVENANCE]
        names = [t("source"), *(label("household", n) for n in PROVENANCE[1:])]
        source = t("dot").join(
            t("provenance_part", label=n, value=v) for n, v in zip(names, said, strict=True) if v
        )
        body = column(head, gap=6, pad=(14, 10, 12, 12))
        for line in (place, span(words, root.values()), source, root.text("note")):
            if line:
                body.addWidget(note(line))
        body.addWidget(rule())
        for member in view.state.of("member"):
            body.addWidget(self._member(member))
        foot = frame(column(gap=6))
        body.addWidget(
            flow(
                Button(t("add_member"), "link", icon="plus", on_click=lambda: page.add_member(view)),
                Button(t("add_filed"), "link", icon="plus", on_click=lambda: page.add_filed(view, foot)),
                gap=12,
            )
        )
        adding = editors.get(f"{household_id}/m")
        if adding is not None:
            body.addWidget(adding)
            adding.show()
        body.addWidget(foot)
        standing = HouseholdDetail(page.ctx, acts=False)

        def show(whole: HouseholdWhole | None) -> None:
            if whole is not None:
                standing.show_whole(whole)

        page.ctx.ask(load_household(page.ctx.desk, household_id), standing, show)
        link = Button(
            text("households.in_place"), "link", icon="home",
            on_click=lambda: page.ctx.go("households", household_id),
        )  # fmt: skip
        body.addWidget(standing)
        body.addWidget(flow(link))
        for box in page.boxes.of(view.state.subject, root, words):
            body.addWidget(box)
        self.setLayout(body)

    def _member(self, member: RecordState) -> QWidget:
        editor = self._editors.get(member.id)
        if editor is not None:
            return editor  # shown where it is laid out: before, it would be a window of its own
        page, view = self._page, self._view
        case_id = member.text("case")
        name = view.case_names.get(case_id) or member.text("name")
        who: QWidget = Text(name, bold=True) if name else BlankChip(t("blank"))
        marks: list[QWidget] = []
        if case_id and view.person(member) == self._file.case_id:
            marks.append(mark_chip(t("this_person"), "accent"))
        elif case_id:
            marks.append(Button(t("open_file"), "link", on_click=lambda: page.ctx.go("ledger", case_id)))
        if view.again(member, page.ctx.desk.today.isoformat()):
            marks.append(mark_chip(t("same_person"), "warn"))
        relation = self._words.value("member", "relation", member.get("relation"))
        about = [
            t("birth_year", year=str(member.get("birth_year"))) if member.get("birth_year") else "",
            self._words.value("member", "state", member.get("state")),
            span(self._words, member.values()),
            text("households.file_at", station=view.away[case_id]) if case_id in view.away else "",
        ]
        place = frame(column(gap=6))
        shown = Text(relation, tone="ink_2") if relation else BlankChip(label("member", "relation"))
        line = row(
            who, shown, *marks, None,
            Button(t("correct"), "link", on_click=lambda: page.edit_member(view, member)),
            Button(t("withdraw"), "link", on_click=lambda: page.withdraw_member(view, member, place)), gap=8,
        )  # fmt: skip
        parts: list[QWidget] = [note("  ".join(p for p in about if p))] if any(about) else []
        parts += page.boxes.of(view.state.subject, member, self._words)
        return frame(column(line, *parts, place, gap=2))
