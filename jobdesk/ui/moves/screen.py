"""转入转出: answer other stations, ask them, see who left, decide whether two files are one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

from jobdesk.cases.errors import Refused
from jobdesk.services.drafting import drafts_left
from jobdesk.services.merging import unmerge
from jobdesk.services.moving import answering, asking, pairing
from jobdesk.services.moving.reading import Moves, load_moves
from jobdesk.store.local import Draft
from jobdesk.store.station_file import Changes
from jobdesk.ui.casefile.ask import Ask
from jobdesk.ui.casefile.move_ask import MoveAsk, MoveInAsk
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo, Notice
from jobdesk.ui.kit import Text, clear, column
from jobdesk.ui.moves.cards import MoveCard, t
from jobdesk.ui.moves.handing import HandAsk
from jobdesk.ui.moves.state import TABS, first_tab, sections, waiting
from jobdesk.ui.moves.view import AskPlace, CardView, MovesView

DRAFTS = "moves/"
"""Prefix of the drafts of the questions of this place."""


class MovesScreen(Screen):
    """The place ``moves``; ``part`` of a GoTo is a tab."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.found = Moves()
        self.view = MovesView()
        self.setLayout(column(self.view, gap=0))
        self.cards: list[CardView] = []
        self._ask: Ask | None = None
        self._fresh = True
        self._wanted = ""
        self._left: set[str] = set()
        """Keys of questions that were left with something typed in them and did not come back yet."""
        view = self.view
        view.tabs.chosen.connect(lambda _key: self._show())
        view.ask_in.clicked.connect(lambda _on=False: self.ask_in())
        view.to_sync.clicked.connect(lambda _on=False: ctx.go("sync"))
        ctx.hub.changed.connect(self._changed)
        ctx.desk_changed.connect(lambda _desk: self.read())

    def arrive(self, where: GoTo) -> None:
        """Read anew, at the tab that is meant or the first one where something waits."""
        self._wanted = where.part if where.part in TABS else ""
        self._fresh = True
        self.ctx.ask(drafts_left(self.ctx.desk, DRAFTS), self, self._left_open)
        self.read()

    def leave(self) -> None:
        """What is typed is kept."""
        if isinstance(self._ask, MoveAsk):
            self._ask.keep()

    def read(self) -> None:
        """Everything once more."""
        self.ctx.ask(load_moves(self.ctx.desk), self, self._loaded)

    def ask_in(self) -> None:
        """请求转入, over the cards."""
        self._open(MoveInAsk(self.ctx), self.view.ask_place)

    # ---- inside

    def _left_open(self, drafts: Sequence[Draft]) -> None:
        self._left = {d.key for d in drafts}
        self._reopen()

    def _reopen(self) -> None:
        """One question that was left, where it can be asked here and now."""
        if self._ask is not None or not self._left or not self.found.own or self._fresh:
            return
        if MoveInAsk.KEY in self._left:
            self._left.discard(MoveInAsk.KEY)
            self.ask_in()
            return
        for view in self.cards:
            for verb in view.buttons:
                if _key(view.card, verb) in self._left:
                    self._left.discard(_key(view.card, verb))
                    self._do(view, verb)
                    return

    def _loaded(self, found: Moves) -> None:
        self.found = found
        numbers = waiting(found)
        for key in TABS:
            self.view.tabs.set_count(key, numbers[key])
        if self._fresh:
            self.view.tabs.set_at(self._wanted or first_tab(found))
            self._fresh = False
        self.view.ask_in.setVisible(bool(found.own))
        self.view.tabs.setVisible(bool(found.own))
        if self._ask is None:
            self._show()

    def _show(self) -> None:
        view, tab = self.view, self.view.tabs.at()
        self._close()
        if any(card.isAncestorOf(self.window().focusWidget()) for card in self.cards):
            view.tabs.take_focus()  # what goes away would hand the cursor from card to card, and scroll along
        clear(view.cards)
        self.cards = []
        if not self.found.own:
            view.stack.setCurrentWidget(view.above if self.found.above else view.alone)
            return
        shown = sections(tab, self.found, self.ctx.desk.today)
        for section in shown:
            view.cards.addWidget(Text(section.title, "strong", "ink_2"))
            for card in section.cards:
                made = CardView(card)
                for verb, button in made.buttons.items():
                    button.clicked.connect(lambda _on=False, c=made, v=verb: self._do(c, v))
                self.cards.append(made)
                view.cards.addWidget(made)
        view.stack.setCurrentWidget(view.page if shown else view.nothing[tab])
        self._reopen()

    def _do(self, view: CardView, verb: str) -> None:
        card, desk = view.card, self.ctx.desk
        at_once: Mapping[str, Callable[[], Future[Any]]] = {
            "accept_take": lambda: answering.accept(desk, card.id),
            "accept_give": lambda: answering.accept(desk, card.id),
            "carry_out": lambda: answering.carry_out(desk, card.id),
            "known": lambda: answering.acknowledge(desk, card.id),
            "take_back": lambda: asking.take_back(desk, card.id),
            "not_twin": lambda: pairing.not_the_same(desk, card.id),
        }
        if verb in at_once:
            future: Future[Any] = at_once[verb]()
            self.ctx.ask(future, self, lambda result: self._done(result, _said(verb, card)))
        elif verb == "register":
            self.ctx.go("register")
        elif verb == "open_file":
            self.ctx.go("households" if card.kind == "household" else "ledger", card.subject)
        elif verb == "hand":
            self._open(HandAsk(self.ctx, card, self.found.staff), view.ask)
        else:
            self._open(self._question(card, verb), view.ask)

    def _question(self, card: MoveCard, verb: str) -> MoveAsk:
        ctx, desk = self.ctx, self.ctx.desk
        send: Mapping[str, tuple[str, str, str, Callable[[str], Future[Any]], str]] = {
            "refuse": ("refuse_title", "", "refuse_do",
                       lambda r: answering.refuse(desk, card.id, r), "refused"),
            "ask_back": ("ask_back_title", "ask_back_more", "send",
                         lambda r: asking.ask_for(desk, card.subject, r), "sent"),
            "give_twin": ("give_twin_title", "give_twin_more", "give_twin",
                          lambda r: pairing.give_to_theirs(desk, card.id, r), "given"),
            "ask_twin": ("ask_twin_title", "ask_twin_more", "send",
                         lambda r: asking.ask_for(desk, card.into, r, into=card.subject), "sent"),
            "unmerge": ("unmerge_title", "unmerge_more", "unmerge",
                        lambda r: unmerge(desk, card.into, _given(r)), "unmerged"),
        }  # fmt: skip
        title, more, do, job, said = send[verb]
        words = t(said, station=card.station) if said == "given" else t(said)
        told = partial(self._told, said=words) if verb == "unmerge" else self._told
        ask = MoveAsk(ctx, t(title), t(more) if more else "", t(do), job, words, told, draft=_key(card, verb))
        if verb == "unmerge":
            ask.reason.setPlaceholderText("")  # no other station hears it
        return ask

    def _done(self, result: object, said: str) -> None:
        self._told(result)
        self.ctx.hub.notice.emit(Notice(said))
        self.ctx.hub.changed.emit(Changed(whole=True))

    def _told(self, result: object, said: str = "") -> None:
        """Every screen is told what moved. A move is not taken back: 撤销 comes with what is ``said``."""
        self._ask = None
        if isinstance(result, Changes) and result.subjects:
            self.ctx.announce(result, said)
        self.read()

    def _open(self, ask: Ask, place: AskPlace) -> None:
        self._close()
        self._ask = ask
        ask.closed.connect(self._closed)
        ask.closed.connect(place.hide)
        place.take(ask)

    def _closed(self) -> None:
        self._ask = None

    def _close(self) -> None:
        ask, self._ask = self._ask, None
        if isinstance(ask, MoveAsk):
            ask.put_away()
        elif ask is not None:
            ask.close_ask()

    def _changed(self, _changed: Changed) -> None:
        if self.isVisible():
            self.read()


def _key(card: MoveCard, verb: str) -> str:
    """Of the draft of a question about a matter."""
    return f"{DRAFTS}{verb}/{card.id}/{card.subject}"


def _said(verb: str, card: MoveCard) -> str:
    words = {"accept_take": "taken", "known": "noted", "take_back": "taken_back", "not_twin": "not_twin_said"}
    return t(words[verb]) if verb in words else t("given", station=card.station)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused("move_reason_needed", field="reason")
    return reason.strip()
