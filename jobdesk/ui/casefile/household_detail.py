"""One household whole: what the rule says, the drawing, members, the application, the clock, the ladder."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from jobdesk.cases.households import MemberStanding
from jobdesk.cases.ops import Subject
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.household_list import HouseholdRow, HouseholdWhole
from jobdesk.ui.case_words import record_name
from jobdesk.ui.casefile import household_cards as cards
from jobdesk.ui.casefile import household_words as state
from jobdesk.ui.casefile.away import move_words
from jobdesk.ui.casefile.conflict_boxes import ConflictBoxes
from jobdesk.ui.casefile.household_drawing import Figure, HouseholdDrawing
from jobdesk.ui.casefile.household_hand import Hand
from jobdesk.ui.casefile.household_words import t
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Banner, BlankChip, Chip, Text, clear, column, flow, frame
from jobdesk.ui.kit.layouts import Item
from jobdesk.ui.signals import TypedSignal, signal

NO_CLAIM = frozenset({"allowance", "other_hardship"})


class HouseholdDetail(QWidget):
    """Read and act.

    Args:
        acts: False in the person's file: without heading and members, which stand there already.

    Signals:
        asked: (what, record id) that a person wants to do; the owner asks for the rest under ``place_of``.
    """

    asked: TypedSignal[tuple[str, str]] = signal()

    def __init__(self, ctx: Context, acts: bool = True) -> None:
        super().__init__()
        self._ctx, self._acts = ctx, acts
        self.whole: HouseholdWhole | None = None
        self._hand = Hand(ctx, acts, lambda what, record: self.asked.emit((what, record)))
        self._boxes = ConflictBoxes(ctx, self)
        self._body = column(gap=10)
        self.setLayout(self._body)

    def show_whole(self, whole: HouseholdWhole) -> None:
        """Show this household; open questions are put away."""
        self.whole = whole
        self._hand.household = whole.row.id
        self._hand.places.clear()
        with self._boxes.redrawn():
            self._draw(whole)

    def _draw(self, whole: HouseholdWhole) -> None:
        clear(self._body)
        one = whole.row
        if self._acts:
            self._body.addWidget(self._head(one))
        if whole.move is not None:
            self._body.addWidget(Banner("info", move_words(whole.move)))
        if whole.withheld:
            said = text("casefile.withheld_banner", count=whole.withheld)
            self._body.addWidget(Text(said, "caption", "ink_2", wrap=True))
        self._body.addWidget(self._verdict(one))
        self._body.addWidget(self._drawing(one))
        if self._acts:
            self._body.addWidget(cards.members_card(self._hand, one))
        if one.facts.text("kind") not in NO_CLAIM:
            self._body.addWidget(cards.claim_card(self._hand, whole))
        self._body.addWidget(cards.clock_card(self._hand, whole))
        if self._acts:
            self._body.addWidget(self._checks(whole))
            for conflict in self._conflicts(whole):
                self._body.addWidget(conflict)

    def place_of(self, part: str) -> QWidget | None:
        """Where a question of a part is laid out (``head``, ``claim``, ``clock`` …)."""
        return self._hand.places.get(part)

    # ---- parts

    def _head(self, one: HouseholdRow) -> QWidget:
        kind = state.kind_words(one)
        marks: list[QWidget] = [Text(state.title(one), "title")]
        if kind:
            marks.append(Chip(kind, "outline"))
        marks.append(Chip(state.state_words(one), state.state_look(one)))
        lines = [" ".join(p for p in (one.facts.text("community"), one.facts.text("address")) if p)]
        number, filed = one.facts.text("filing_no"), one.facts.text("filed_on")
        if number or filed:
            lines.append(
                t("filing", number=number or t("none"), day=self._hand.day(filed) if filed else t("none"))
            )
        lines.append(one.facts.text("note"))
        place = frame(column(gap=6))
        self._hand.places["head"] = place
        links: list[QWidget] = []
        if self._acts:
            asked = self.whole is not None and self.whole.move is not None
            moves = () if self._ctx.above or asked else ("move_out",)
            acts = ("edit", "file", "papers", *moves, "withdraw")
            links = [self._hand.button(t(what), what) for what in acts]
        shown = [Text(line, "caption", "ink_2", wrap=True) for line in lines if line]
        return frame(column(flow(*marks, gap=8), *shown, flow(*links, gap=12), place, gap=4))

    def _verdict(self, one: HouseholdRow) -> QWidget:
        said, look = state.verdict_words(one)
        link = self._hand.basis(one.standing.basis(), one)
        marks: list[QWidget] = [Text(t("rule_zero"), bold=True), Chip(said, look)]
        if one.standing.verdict.unchecked:
            marks.append(BlankChip(text("basis.unchecked"), text("basis.unchecked_tip")))
        missing = [
            flow(
                Text(who or t("household"), "caption", bold=True),
                *(BlankChip(t("lacks", what=w)) for w in what),
                gap=6,
            )
            for who, what in state.missing_words(one)
        ]
        quiet = Text(t("not_recognition"), "caption", "ink_2", wrap=True)
        return frame(column(flow(*marks, link, gap=8), *missing, quiet, gap=6, pad=(14, 10, 14, 10)), "band")

    def _drawing(self, one: HouseholdRow) -> QWidget:
        drawing = HouseholdDrawing()
        figures = [self._figure(one, m) for m in one.standing.members]
        said = t("drawing_said", members=text("casefile.semicolon").join(map(_in_words, figures)))
        drawing.set_figures(figures, t("drawing"), said)
        key = flow(
            Chip(t("works"), "ok"), Chip(t("unemployed"), "warn"), BlankChip(t("unclear")),
            Chip(t("outside"), "plain"), Text(t("frame_note"), "caption", "ink_3", wrap=False), gap=6,
        )  # fmt: skip
        return frame(column(drawing, key, gap=6))

    def _figure(self, one: HouseholdRow, member: MemberStanding) -> Figure:
        record = member.record
        lives = record.values.get("lives_here")
        relation = record.text("relation")
        return Figure(
            one.name(record.id) or text("casefile.blank"), relation,
            code_lists.table("relation").name_of(relation) if relation else "",
            short_state(member), state.look_of(member), lives if isinstance(lives, bool) else None,
        )  # fmt: skip

    def _checks(self, whole: HouseholdWhole) -> QWidget:
        words = state.words_of(whole, self._ctx.desk.today)
        lines: list[Item] = []
        for record in sorted(whole.state.of("verification"), key=lambda r: (r.text("looked_on"), r.id)):
            parts = [
                words.value("verification", n, record.get(n))
                for n in ("looked_on", "kind", "system", "result", "finding", "staff", "by_whom")
            ]
            lines.append(Text("　".join(p for p in parts if p), "caption", wrap=True, selectable=True))
        entry = whole.packs.on("households.checks", self._ctx.desk.day)
        wanted = entry.data.get("kinds") if entry is not None else None
        looked = {r.text("kind") for r in whole.state.of("verification") if r.text("result")}
        lacking = (
            [code_lists.table("verification_kind").name_of(str(k)) for k in wanted if k not in looked]
            if isinstance(wanted, tuple)
            else []
        )
        if lacking:
            lines.append(flow(BlankChip(t("checks_lack", kinds=t("comma").join(lacking)))))
        if not lines:
            lines.append(Text(t("no_checks"), "caption", "ink_2"))
        add = self._hand.button(t("add_check"), "look_up", icon="plus")
        return self._hand.card("checks", record_name("verification"), *lines, corner=add)

    def _conflicts(self, whole: HouseholdWhole) -> list[QWidget]:
        found: list[QWidget] = []
        subject = Subject("household", whole.row.id)
        words = state.words_of(whole, self._ctx.desk.today)
        for record in whole.state:
            found += self._boxes.of(subject, record, words)
        return found


def _in_words(figure: Figure) -> str:
    away = t("elsewhere") if figure.lives_here is False else ""
    return " ".join(p for p in (figure.name, figure.relation_words, figure.work_words, away) if p)


def short_state(member: MemberStanding) -> str:
    """A word for the drawing."""
    if member.works:
        return t("works")
    if member.why == "counted":
        return t("unemployed")
    return t(f"short_{member.why}")
