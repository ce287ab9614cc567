"""What the menu of a file does: end and resume help, hand over, merge, withdraw, print."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from jobdesk.cases.errors import Refused
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.closing import end_help, resume_help
from jobdesk.services.household.naming import called
from jobdesk.services.merging import unmerge
from jobdesk.services.transferring import hand_over
from jobdesk.services.undoing import withdraw_case
from jobdesk.store.called import head_in
from jobdesk.ui.case_words import t
from jobdesk.ui.casefile.ask import Ask, WithdrawAsk, reason_field
from jobdesk.ui.casefile.header import MenuLine
from jobdesk.ui.casefile.hosting import Host
from jobdesk.ui.casefile.merge_ask import MergeAsk
from jobdesk.ui.casefile.move_ask import MOVE_OUT, MoveAsk, person_out
from jobdesk.ui.kit import Choice, DropDown, Field, TextArea
from jobdesk.ui.notices import sentence_of

PAPERS = ("privacy", "compare", "truth", "plan", "policies", "sheet")


class FileActions(QObject):
    """The menu. One question at a time stands between head and tabs."""

    def __init__(self, panel: Host, parent: QObject) -> None:
        super().__init__(parent)
        self._panel = panel
        self._ask: Ask | None = None

    def begin(self) -> None:
        """Another person: an open question is gone with the strip it stood in."""
        self._ask = None

    def reopen(self) -> None:
        """A question that was left with something typed in it stands open again."""
        file = self._panel.file
        if file is not None and MOVE_OUT in file.drafts and not self._panel.ctx.above and self._ask is None:
            self.ask_move_out()

    def menu(self) -> list[MenuLine]:
        """The lines for the file as it stands."""
        file = self._panel.file
        if file is None:
            return []
        is_open = file.summary.help_state == "open"
        is_alias = bool(file.state.root.get("merged_into"))
        lines: list[MenuLine] = [
            (t("end_help"), self.ask_end) if is_open else (t("resume"), self.ask_resume),
            (t("hand_over"), self.ask_hand_over),
            *([] if is_alias or self._panel.ctx.above else [(text("moves.ask_out"), self.ask_move_out)]),
            None,
            *((t(f"print.{p}"), lambda p=p: self.paper(p)) for p in PAPERS),
            None,
        ]
        if is_alias:
            lines.append((t("unmerge"), lambda: self.ask_unmerge(file.case_id)))
        else:
            lines.append((t("merge"), self.ask_merge))
        lines.append((t("withdraw_case"), self.ask_withdraw))
        return lines

    # ---- questions

    def ask_end(self) -> None:
        """结束帮扶 with its reason; recognitions and subsidies are not touched."""
        panel, file = self._panel, self._panel.file
        if file is None:
            return
        table = code_lists.table("end_of_help")
        options = [Choice(e.code, e.name, e.note) for e in table.on(panel.ctx.desk.today)]
        reason, note = DropDown(options, nothing=t("choose")), TextArea(lines=1)
        reason_line = Field(t("reason"), reason, needed=True, label_width=64)
        reason_line.setFocusProxy(reason)

        def answer() -> None:
            try:
                future = end_help(panel.ctx.desk, file.state, reason.value(), note.value())
            except Refused as error:
                reason_line.set_problem(sentence_of(error))
                return
            panel.ctx.save(future, self, t("ended_said", name=file.summary.name), lambda _c: self._close())

        fields = [reason_line, Field(t("remark_line"), note, label_width=64)]
        self._show(Ask(t("end_help"), t("end_help_more"), fields, t("end_help"), answer))

    def ask_resume(self) -> None:
        """重新纳入: the same file is open again."""
        panel, file = self._panel, self._panel.file
        if file is None:
            return
        note, line = reason_field(t("resume_why"))

        def answer() -> None:
            if not note.value():
                line.set_problem(t("reason_needed"))
                return
            future = resume_help(panel.ctx.desk, file.state, note.value())
            panel.ctx.save(future, self, t("resumed_said", name=file.summary.name), lambda _c: self._close())

        self._show(Ask(t("resume"), t("resume_more"), [line], t("resume"), answer))

    def ask_hand_over(self) -> None:
        """转交经办人, with the open measures of the one before."""
        panel, file = self._panel, self._panel.file
        if file is None:
            return
        owner = file.state.root.get("owner")
        options = [Choice(s.id, s.name) for s in file.staff if s.is_active and s.id != owner]
        to = DropDown(options, nothing=t("choose"))
        to_line = Field(t("hand_over_to"), to, needed=True, label_width=64)
        to_line.setFocusProxy(to)
        reason, reason_line = reason_field()

        def answer() -> None:
            if not to.value():
                to_line.set_problem(t("choose_somebody"))
                return
            if not reason.value():
                reason_line.set_problem(t("reason_needed"))
                return
            future = hand_over(panel.ctx.desk, file.state, to.value(), reason.value())
            said = t("handed_said", name=file.summary.name, to=panel.words.who(to.value()))
            panel.ctx.save(future, self, said, lambda _c: self._close())

        more = t("hand_over_more") if options else t("hand_over_nobody")
        self._show(Ask(t("hand_over"), more, [to_line, reason_line], t("hand_over"), answer))

    def ask_move_out(self) -> None:
        """转出到其他站: where to and why; the household that stays is named."""
        panel, file = self._panel, self._panel.file
        if file is None:
            return
        heads = [
            called(head_in(h.state, h.case_names)) for h in file.households
            if any(m.text("case") == file.case_id and not m.text("until") for m in h.state.of("member"))
        ]  # fmt: skip
        self._show(person_out(panel.ctx, file.case_id, file.summary.name, heads))

    def ask_merge(self) -> None:
        """合并到另一份档案: find the other file, give the reason."""
        panel, file = self._panel, self._panel.file
        if file is not None:
            ask = MergeAsk(panel.ctx, file)
            ask.merged.connect(self._merged)
            self._show(ask)

    def _merged(self, kept: str) -> None:
        """The file that holds both, with the cursor on it: the buttons it stood on go with the other."""
        self._panel.show_case(kept)
        self._panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_unmerge(self, alias_id: str) -> None:
        """拆开: both files are as they were."""
        panel = self._panel
        reason, line = reason_field()

        def answer() -> None:
            if not reason.value():
                line.set_problem(t("reason_needed"))
                return
            future = unmerge(panel.ctx.desk, alias_id, reason.value())
            panel.ctx.save(future, self, t("unmerged_said"), lambda _c: self._close())

        self._show(Ask(t("unmerge"), t("unmerge_more"), [line], t("unmerge"), answer))

    def ask_withdraw(self) -> None:
        """录入有误撤回: the whole file, when the person was entered by mistake."""
        panel, file = self._panel, self._panel.file
        if file is None:
            return
        self._show(
            WithdrawAsk(
                panel.ctx, t("withdraw_case"), panel.words,
                lambda reason, others: withdraw_case(
                    panel.ctx.desk, file.case_id, reason, work_of_others=others
                ),
                t("withdrawn_case", name=file.summary.name), sentence=t("withdraw_case_more"),
            )
        )  # fmt: skip

    # ---- paper

    def paper(self, key: str) -> None:
        """Show a printed paper of this person."""
        from jobdesk.ui.casefile.paper_page import PaperPage  # brings reportlab

        panel, file = self._panel, self._panel.file
        if file is None:
            return
        page = panel.paper_page
        if page is None:
            page = PaperPage(panel.ctx)
            page.back.clicked.connect(lambda _checked=False: panel.close_paper())
            panel.take_paper(page)
        page.show_paper(file.case_id, file.summary.name or t("nameless"), key, file.forbids_unmasked)
        panel.show_paper()

    # ---- inside

    def _show(self, ask: Ask) -> None:
        if isinstance(self._ask, MoveAsk):
            self._ask.put_away()
        self._close()
        self._ask = ask
        ask.closed.connect(self._forget)
        self._panel.show_strip(ask)

    def _forget(self) -> None:
        self._ask = None

    def _close(self) -> None:
        ask, self._ask = self._ask, None
        if ask is not None:
            ask.close_ask()
