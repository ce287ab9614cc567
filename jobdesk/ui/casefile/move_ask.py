"""The questions of moving: a reason, a station, an ID number. They stand on the page, never in a dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, cast

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QWidget

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json
from jobdesk.host.strings import text
from jobdesk.services.case_files import DRAFT
from jobdesk.services.moving.asking import ask_household_out, ask_in, ask_out
from jobdesk.store.sync_moves import KnownStation
from jobdesk.ui.casefile.kept_ask import KeptAsk
from jobdesk.ui.casefile.station_finder import StationFinder
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed, Notice
from jobdesk.ui.kit import Field, Text, TextInput
from jobdesk.ui.notices import sentence_of

MOVE_OUT = "move_out"
"""Name of the draft of 转出 within the drafts of a file."""


def reason_line(width: int = 64) -> tuple[TextInput, Field]:
    """A line for the reason that the other station reads."""
    line = TextInput(placeholder=text("moves.reason_hint"))
    field = Field(text("moves.reason"), line, needed=True, label_width=width)
    field.setFocusProxy(line)
    return line, field


class MoveAsk(KeptAsk):
    """A question that ends in a word to another station. A refusal stands beside its field.

    Args:
        send: called with the reason; the future of what was written.
        said: the toast; what comes after is the caller's.
        draft: key under which what is typed is kept until it is sent or given up.
    """

    def __init__(
        self, ctx: Context, title: str, sentence: str, do: str, send: Callable[[str], Future[Any]], said: str,
        done: Callable[[Any], object] | None = None, above: Sequence[QWidget] = (), label_width: int = 64,
        draft: str = "",
    ) -> None:  # fmt: skip
        self._ctx, self._send, self._said, self._done = ctx, send, said, done
        self._sending = False
        self.reason, self.reason_field = reason_line(label_width)
        super().__init__(title, sentence, [*above, self.reason_field], do, self._answer)
        self.reason.returnPressed.connect(self._answer)
        self.keep_under(ctx, draft, self.draft)
        self.reason.typed.connect(lambda _words: self.reason_field.set_problem(None))
        for line in (self.reason, *self.typing()):
            line.typed.connect(lambda _words: self.soon())
            line.left.connect(self.keep)

    # ---- nothing typed is lost

    def typing(self) -> Sequence[TextInput]:
        """Lines besides the reason."""
        return ()

    def typed(self) -> dict[str, Json]:
        """What stands in the question now; blanks are left out."""
        return {"reason": self.reason.value()} if self.reason.value() else {}

    def bring_back(self, body: Mapping[str, Json]) -> bool:
        typed = body.get("typed")
        if not isinstance(typed, dict) or self.typed():
            return False
        self.put_back(typed)
        return True

    def put_back(self, typed: Mapping[str, Any]) -> None:
        """As it was left."""
        self.reason.set_value(str(typed.get("reason") or ""))

    def draft(self) -> Mapping[str, Json] | None:
        """None when nothing was typed."""
        typed = self.typed()
        return {"typed": typed} if typed else None

    # ---- answering

    def _answer(self) -> None:
        if self._sending:
            return
        self.say("")
        self.reason_field.set_problem(None)
        try:
            future = self._send(self.reason.value())
        except Refused as refused:
            self._refused(refused)
            return
        self._sending = True
        self._ctx.ask(future, self, self._sent, self._failed)

    def _sent(self, result: Any) -> None:
        self.forget()
        self._ctx.hub.notice.emit(Notice(self._said))
        self._ctx.hub.changed.emit(Changed(whole=True))
        if self._done is not None:
            self._done(result)
        self.close_ask()

    def _failed(self, error: Exception) -> None:
        self._sending = False
        if isinstance(error, Refused):
            self._refused(error)
        else:
            self._ctx.hub.trouble.emit(error)

    def _refused(self, refused: Refused) -> None:
        held = self.window().focusWidget()
        field = self.beside(str(refused.params.get("field", "")), sentence_of(refused))
        if field is None:
            self.say(sentence_of(refused))
        elif self.isAncestorOf(held):  # else somebody went on elsewhere meanwhile
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def beside(self, name: str, sentence: str) -> QWidget | None:
        """Say it beside its field, where it is answered; None where that field is not here."""
        if name != "reason":
            return None
        self.reason_field.set_problem(sentence)
        return self.reason


class MoveOutAsk(MoveAsk):
    """转出到其他站: where to and why; of one person or a whole household."""

    def __init__(
        self, ctx: Context, title: str, sentences: Sequence[str], send: Callable[[str, str], Future[Any]],
        draft: str,
    ) -> None:  # fmt: skip
        self.finder = StationFinder(ctx)
        more = [Text(s, "caption", "ink_2", wrap=True) for s in sentences[1:]]
        super().__init__(
            ctx, title, sentences[0], text("moves.send"),
            lambda reason: send(self.finder.station.stream if self.finder.station else "", reason),
            text("moves.sent"), above=(*more, self.finder), draft=draft,
        )  # fmt: skip
        self.finder.chosen.connect(lambda _s: self.reason.setFocus(Qt.FocusReason.OtherFocusReason))
        self.finder.chosen.connect(lambda _s: self.soon())
        if more:
            self.setFocusProxy(self.finder)

    def typing(self) -> Sequence[TextInput]:
        return (self.finder.line,)

    def typed(self) -> dict[str, Json]:
        found, station = super().typed(), self.finder.station
        if station is not None:
            found["to"] = [station.stream, station.name, station.under]
        elif self.finder.line.value():
            found["words"] = self.finder.line.value()
        return found

    def put_back(self, typed: Mapping[str, Any]) -> None:
        super().put_back(typed)
        self.finder.line.set_value(str(typed.get("words") or ""))
        to = typed.get("to")
        if isinstance(to, list):
            self.finder.take(KnownStation(*(str(part) for part in cast("list[object]", to))))
        else:
            self.finder.look()

    def _appear(self) -> None:
        super()._appear()
        self.finder.setFocus(Qt.FocusReason.OtherFocusReason)

    def beside(self, name: str, sentence: str) -> QWidget | None:
        if name == "to":
            self.finder.field.set_problem(sentence)
            return self.finder.line
        return super().beside(name, sentence)


class MoveInAsk(MoveAsk):
    """请求转入: an ID number and a reason; nothing of the file is seen."""

    KEY = "moves/in"

    def __init__(self, ctx: Context) -> None:
        self.number = TextInput(width=220)
        self.number_field = Field(text("moves.number"), self.number, needed=True, label_width=84)
        self.number_field.setFocusProxy(self.number)
        super().__init__(
            ctx, text("moves.ask_in_title"), text("moves.ask_in_more"), text("moves.send"),
            lambda reason: ask_in(ctx.desk, self.number.value(), reason), text("moves.sent"),
            above=(self.number_field,), label_width=84, draft=self.KEY,
        )  # fmt: skip
        self.number.typed.connect(lambda _words: self.number_field.set_problem(None))
        self.number.returnPressed.connect(self._onward)

    def _onward(self) -> None:
        """Enter goes on to what is missing yet, and sends what is whole."""
        if self.number.value() and not self.reason.value():
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._answer()

    def typing(self) -> Sequence[TextInput]:
        return (self.number,)

    def typed(self) -> dict[str, Json]:
        return super().typed() | ({"number": self.number.value()} if self.number.value() else {})

    def put_back(self, typed: Mapping[str, Any]) -> None:
        super().put_back(typed)
        self.number.set_value(str(typed.get("number") or ""))

    def beside(self, name: str, sentence: str) -> QWidget | None:
        self.number_field.set_problem(sentence if name == "number" else None)
        return self.number if name == "number" else super().beside(name, sentence)


def person_out(ctx: Context, case_id: str, name: str, heads: Sequence[str]) -> MoveOutAsk:
    """The question of a person's file; ``heads`` of the households that stay."""
    nobody = text("moves.nameless")
    stays = [text("moves.ask_out_household", head=head) for head in heads]
    sentences = [text("moves.ask_out_more"), *stays]
    title = text("moves.ask_out_title", who=name or nobody)
    return MoveOutAsk(
        ctx, title, sentences, lambda to, reason: ask_out(ctx.desk, case_id, to, reason),
        f"{DRAFT}{case_id}/{MOVE_OUT}",
    )  # fmt: skip


def household_out(ctx: Context, household_id: str, count: int, draft: str) -> MoveOutAsk:
    """The question of a whole household; ``count`` members with a file."""
    sentences = [text("moves.ask_whole_more", count=count), text("moves.ask_out_more")]
    return MoveOutAsk(
        ctx, text("moves.ask_whole_title"), sentences,
        lambda to, reason: ask_household_out(ctx.desk, household_id, to, reason), draft,
    )  # fmt: skip
