"""The same question of many people: choose who, one answer, one action that is undone as one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt

from jobdesk.cases.differing import Difference
from jobdesk.cases.errors import JobdeskError
from jobdesk.cases.ops import MAX_OPS_PER_ACTION
from jobdesk.services.conflict_board import Line, Same
from jobdesk.services.settling_many import Settled, settle_many
from jobdesk.ui.case_words import label
from jobdesk.ui.conflicts.same import SameCard, answer_for, same_of
from jobdesk.ui.conflicts.saying import Saying, t
from jobdesk.ui.conflicts.view import SameView
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Segments, Text, Tick, clear, frame, row
from jobdesk.ui.kit.choices import Choice
from jobdesk.ui.notices import sentence_of


class Together(QObject):
    """Wires the page. ``left`` is called when it was done or left."""

    def __init__(self, ctx: Context, view: SameView, left: Callable[[], object]) -> None:
        super().__init__(view)
        self._ctx, self.view, self._left = ctx, view, left
        self.key = ""
        self.ticks: dict[str, Tick] = {}
        self.said: list[Text] = []
        self.answers: Segments | None = None
        self._group: Same | None = None
        self._card: SameCard | None = None
        view.back.clicked.connect(lambda _on=False: self.leave())
        view.all.toggled.connect(self._tick_all)
        view.do.clicked.connect(lambda _on=False: self.do())

    @property
    def is_open(self) -> bool:
        return bool(self.key)

    def take_focus(self) -> None:
        """Onto the answers: left and right choose, Tab goes on to who takes part."""
        if self.answers is not None:
            self.answers.setFocus(Qt.FocusReason.OtherFocusReason)

    def close(self) -> None:
        self.key = ""

    def leave(self) -> None:
        self.close()
        self._left()

    def show_group(self, group: Same, saying: Saying) -> None:
        """The group as it stands now; ticks of those who are still in it stay."""
        again = group.key == self.key
        off = {k for k, tick in self.ticks.items() if not tick.isChecked()} if again else set[str]()
        chosen = self.answers.value() if again and self.answers is not None else ""
        self.key, self._group, self._card = group.key, group, same_of(group, saying)
        view, card = self.view, self._card
        view.sentence.set_sentence(card.sentence)
        clear(view.answers)
        options = [Choice(d.what, d.words) for d in card.answers]
        offered = {d.what for d in card.answers}
        self.answers = Segments(options, chosen if chosen in offered else card.suggested)
        self.answers.chosen.connect(self._chose)
        view.answers.addWidget(self.answers)
        view.answers.addStretch(1)
        clear(view.people)
        self.ticks = {}
        self.said = [Text(p.said(self.answers.value()), "body", "ink_2", wrap=True) for p in card.people]
        for one, said in zip(card.people, self.said, strict=True):
            tick = Tick(one.name, one.subject not in off)
            tick.toggled.connect(self._ticked)
            self.ticks[one.subject] = tick
            view.people.addWidget(frame(row(tick, (said, 1), gap=16, pad=(0, 4, 4, 4))))
        width = max((tick.sizeHint().width() for tick in self.ticks.values()), default=0)
        for tick in self.ticks.values():
            tick.setMinimumWidth(width)  # the values of all begin in one line
        view.problem.setVisible(False)
        self._count()

    def _chosen(self) -> list[str]:
        return [k for k, tick in self.ticks.items() if tick.isChecked()]

    def _asked(self) -> list[tuple[Line, Difference]]:
        """All questions of whoever is ticked."""
        chosen = set(self._chosen())
        return [part for part in (self._group.parts if self._group else ()) if part[0].subject.id in chosen]

    def _tick_all(self, on: bool) -> None:
        for tick in self.ticks.values():
            tick.blockSignals(True)
            tick.setChecked(on)
            tick.blockSignals(False)
        self._count()

    def _ticked(self, _on: bool) -> None:
        self._count()

    def _chose(self, answer: str) -> None:
        """Beside each name: what this answer does there."""
        for one, said in zip(self._card.people if self._card else (), self.said, strict=True):
            said.set_text(one.said(answer))
        self._count()

    def _count(self) -> None:
        count, left = len(self._chosen()), len(self.ticks) - len(self._chosen())
        view, too_many = self.view, len(self._asked()) > MAX_OPS_PER_ACTION
        view.do.set_text(t("same_do", count=count))
        unanswered = self.answers is None or not self.answers.value()
        view.do.refuse(
            t("same_none") if not count else t("same_most") if too_many
            else t("same_unanswered") if unanswered else ""
        )  # fmt: skip
        said = t("same_count", count=count, left=left) if left else t("same_count_all", count=count)
        if unanswered:
            said = t("same_unanswered")
        view.count.set_text(t("same_most") if too_many else said)
        view.all.blockSignals(True)
        view.all.setChecked(not left)
        view.all.blockSignals(False)

    def do(self) -> None:
        """Answer for everybody who is ticked."""
        answer = self.answers.value() if self.answers is not None else ""
        if not answer:
            return
        self.view.do.refuse(t("same_doing"))  # once: a double click would ask again
        answered = [((line.subject, one), answer_for(one, answer)) for line, one in self._asked()]
        self._ctx.ask(settle_many(self._ctx.desk, answered), self, self._done, self._failed)

    def _done(self, done: Settled) -> None:
        group = self._group
        field = label(group.record, group.field) if group else ""
        count = len({s.id for s in done.changes.subjects})
        key = "said_many_missed" if done.missed else "said_many"
        words = t(key, count=count, field=field, missed=done.missed)
        self.close()
        self._ctx.announce(done.changes, words)
        self._left()

    def _failed(self, error: Exception) -> None:
        self._count()
        if not isinstance(error, JobdeskError):
            self._ctx.hub.trouble.emit(error)
            return
        self.view.problem.set_text(sentence_of(error))
        self.view.problem.setVisible(True)
