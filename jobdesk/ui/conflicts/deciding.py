"""What a person chose in a card, done: keep, take, a third value, 报上级核定, called back, undone."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtWidgets import QWidget

from jobdesk.cases.differing import Why
from jobdesk.cases.errors import JobdeskError
from jobdesk.services import settling_many
from jobdesk.services.conflict_kept import Kept
from jobdesk.services.settling_many import Keep, Take, Third
from jobdesk.services.undoing import Undone, undo_action
from jobdesk.store.station_file import Changes
from jobdesk.ui.conflicts.asking import Chosen
from jobdesk.ui.conflicts.card import QuestionFrame
from jobdesk.ui.conflicts.deeds import Deed
from jobdesk.ui.conflicts.front import ANYBODY, NONE, Front
from jobdesk.ui.conflicts.keeping import Keeping
from jobdesk.ui.conflicts.question import key_of
from jobdesk.ui.conflicts.saying import t
from jobdesk.ui.conflicts.shown import Shown
from jobdesk.ui.conflicts.state import name_of
from jobdesk.ui.conflicts.unsent import Place, Unsent
from jobdesk.ui.conflicts.view import ConflictsView
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Notice
from jobdesk.ui.notices import sentence_of


class Deciding:
    """Has the cards in front.

    Args:
        place: the page; answers come only as long as it stands.
        at: key of who is chosen in the list.
        renew: show the list and who is chosen anew, from what was read.
    """

    def __init__(
        self, ctx: Context, place: QWidget, view: ConflictsView, shown: Shown, at: Callable[[], str],
        renew: Callable[[], object],
    ) -> None:  # fmt: skip
        self._ctx, self._place, self._shown, self._at, self._renew = ctx, place, shown, at, renew
        self._view = view
        self.unsent = Unsent()
        self.keeping = Keeping(ctx, place, self.unsent)
        self.front = Front(
            place, view.person, view.list, self._do, self._typing, self._given_up,
            lambda owner, key: self.unsent.typed((owner, *key)),
        )  # fmt: skip

    # ---- nothing typed is lost

    def read_drafts(self, then: Callable[[], object]) -> None:
        """Whoever comes here finds what they have typed, also what they typed in a file; then go on."""

        def found(changed: Collection[Place]) -> None:
            for card in self.front.cards:
                place: Place = (self.front.owner, *key_of(card.card))
                if place in changed:
                    card.asking.begin_with(self.unsent.typed(place))
            then()

        self.keeping.read(found)

    def hold(self) -> None:
        """Before the list comes anew: what is being typed at this moment is known."""
        self.unsent.drop_blanks()
        for card in self.front.cards:
            if card.asking.typed() or card.asking.composing:
                self._put(card)
        self._shown.kept = self.unsent.lines()

    def take_in(self, kept: Kept) -> None:
        """What became of questions that wait no more: with who is erased or at another station they go at
        once, whatever is typed there; the others are in sight with what was typed before a kill.
        """
        above = self._shown.above
        self.unsent.fill("handed" if above else "here", kept.lines, kept.questions)
        self._leave_out(kept.erased, "gone_erased")
        # above, nothing may be written again of a station that went with all it had
        self._leave_out(kept.left, "gone_left_above" if above else "gone_left", keep=not above)
        self._shown.forget(kept.erased)
        self._shown.kept = self.unsent.lines()

    def _leave_out(self, subjects: Collection[str], words: str, *, keep: bool = False) -> None:
        """``words`` names nobody; whoever was not in sight goes without a word."""
        seen = {line.subject.id for _tab, line in self.unsent.lines()}
        seen = {one for one in subjects if one in seen or one == self.front.owner}
        if self.front.owner in subjects:
            if keep:
                self.hold()
            told = self._shown.told
            if keep and told is not None:
                where = t("left_words") if self.unsent.of([told.subject.id]) else ""
                self.front.goes_for(t("left_from_here", who=name_of(told.subject, told.who)) + where)
            self._clear()
        for place in self.unsent.of(subjects):
            self.keeping.let_go(place, keep=keep)
            self.unsent.forget(place)
        if seen:
            self._ctx.hub.notice.emit(Notice(t(words, count=len(seen)), done=False))

    def _clear(self) -> None:
        """Nobody in front, until who comes next was read."""
        view, shown, ctx = self._view, self._shown, self._ctx
        shown.told, shown.revealed = None, ""
        if view.stack.currentWidget() is view.person:
            view.stack.setCurrentWidget(view.blank)
        for part in (view.person.name, view.person.identity, view.person.pending):
            part.set_text("")
        self.front.show("", [], shown.saying(ctx.desk), ctx.desk.today)

    def _put(self, card: QuestionFrame) -> None:
        owner, shown = self.front.owner, self._shown
        line = shown.line(owner)
        self.unsent.put((owner, *key_of(card.card)), card.asking.typed(), shown.tab, line, card.card.question)

    def _typing(self, card: QuestionFrame) -> None:
        if card not in self.front.cards:
            return  # it is on its way out
        place: Place = (self.front.owner, *key_of(card.card))
        if card.asking.typed():
            self._put(card)
            self.keeping.soon(place)
        else:
            self._forget(place)

    def _forget(self, place: Place) -> None:
        self.unsent.forget(place)
        self.keeping.drop(place)

    def _given_up(self, card: QuestionFrame) -> None:
        """Where only the words had kept the card, it goes with them."""
        if card.gone.text() and not card.asking.typed():
            self.front.own, self.front.field = ANYBODY, NONE
            self._renew()

    # ---- deciding

    def _do(self, card: QuestionFrame, chosen: Chosen) -> None:
        deed, value = chosen.deed, chosen.value
        if self._shown.tab == "settled":
            self._undo(card, deed)
            return
        told, question = self._shown.told, card.card.question
        if told is None or question is None or self.front.owner != self._at():
            self.front.again()
            return  # the list has moved on: the cards of who is chosen now are on their way
        asked = (told.subject, question.difference)
        said = {"name": name_of(told.subject, told.who), "field": card.card.title}
        failed, done = self._failing(card), self._settling(card)
        ctx, desk = self._ctx, self._ctx.desk
        if deed.what == "report":
            future = settling_many.report_up(desk, [asked], str(value or ""))
            ctx.save(future, self._place, t("said_report", **said), done, failed)
            return
        if deed.what == "call_back":
            ctx.ask(
                settling_many.call_back(desk, asked), self._place,
                lambda back: self._undone(back, t("said_called_back", **said)), failed,
            )  # fmt: skip
            return
        answer = Keep() if deed.what == "keep" else Take(deed.op_id) if deed.what == "take" else Third(value)
        words = t(f"said_{deed.what}", value=self._said_value(card, deed), **said)
        if deed.what == "keep" and question.difference.why is Why.BLANK:
            words = t("said_kept_blank", **said)
        if deed.what == "take" and not question.difference.field:
            words = t("said_removed", **said)
        ctx.save(settling_many.settle(desk, asked, answer), self._place, words, done, failed)

    def _said_value(self, card: QuestionFrame, deed: Deed) -> str:
        question = card.card.question
        if question is None or deed.what != "take":
            return ""
        one = question.difference
        head = next((v for v in one.versions if v.op_id == deed.op_id), None)
        saying = self._shown.saying(self._ctx.desk, told=self._shown.told)
        return saying.value(one.record, one.field, head.value) if head else ""

    def _settling(self, card: QuestionFrame) -> Callable[[Changes], object]:
        place: Place = (self.front.owner, *key_of(card.card))

        def settled(_changes: Changes) -> None:
            card.asking.said = True
            self._forget(place)
            self.front.field, self.front.own = NONE, ANYBODY

        return settled

    def _failing(self, card: QuestionFrame) -> Callable[[Exception], object]:
        def failed(error: Exception) -> None:
            if isinstance(error, JobdeskError) and card in self.front.cards:
                card.refuse(sentence_of(error))
                return
            self.front.again()
            self._ctx.hub.trouble.emit(error)

        return failed

    def _undo(self, card: QuestionFrame, deed: Deed) -> None:
        one = self._shown.decision(self._at())
        if one is None:
            return
        desk = self._ctx.desk
        if deed.what == "undo_all":
            which, words = one.standing, t("undone_many", count=len(one.standing))
            future = undo_action(desk, one.action_id)
        else:
            which, words = {one.op_id}, t("undone_handed" if one.crossed else "undone_one")
            future = settling_many.undo_decision(desk, one.op_id)
        self._ctx.ask(future, self._place, lambda done: self._undone(done, words, which), self._failing(card))

    def _undone(self, done: Undone, words: str, which: Collection[str] = ()) -> None:
        """``which``: decisions that were to be taken back; one on which somebody has built since stays. What
        was written with them goes or stays with each and is not counted.
        """
        if done.changes.subjects:
            self.front.own = ANYBODY
        self._ctx.announce(done.changes, "")
        lists = ((op.payload or {}).get("ops") for op in done.changes.ops)
        taken = {str(op_id) for ops in lists if isinstance(ops, list) for op_id in ops}
        many, gone = (len(which), len(taken.intersection(which))) if which else (1, len(taken))
        if not gone:
            words = t("undone_kept") if many == 1 else t("undone_kept_all", count=many)
        elif gone < many:
            words = t("undone_partly", count=gone, kept=many - gone)
        self._ctx.hub.notice.emit(Notice(words, done=bool(gone)))
        if not done.changes.subjects:
            self.front.again()
