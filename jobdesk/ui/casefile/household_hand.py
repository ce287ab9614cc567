"""What every part of a household's detail draws with: cards, acts that are asked for, 查看依据, 延期."""

from __future__ import annotations

import functools
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.due import DueLine
from jobdesk.cases.households import MemberStanding
from jobdesk.host.strings import text
from jobdesk.services.household_list import HouseholdRow
from jobdesk.ui import basis_view
from jobdesk.ui.casefile import household_ways
from jobdesk.ui.casefile import household_words as state
from jobdesk.ui.casefile.household_ways import Ways
from jobdesk.ui.casefile.household_words import t
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Text, column, frame, row, show_basis
from jobdesk.ui.kit.layouts import Item


class Hand:
    """One detail's means.

    Args:
        acts: False in the person's file: acts are asked for in the place 家庭.
        asked: (what, record id) that a person wants to do.

    Attributes:
        household: id of the one in sight.
        places: part → where a question about it is laid out.
    """

    def __init__(self, ctx: Context, acts: bool, asked: Callable[[str, str], object]) -> None:
        self.ctx, self.acts, self.asked = ctx, acts, asked
        self.household = ""
        self.places: dict[str, QWidget] = {}

    @property
    def iso(self) -> str:
        """Today."""
        return self.ctx.desk.today.isoformat()

    def card(self, part: str, title: str, *items: Item, corner: QWidget | None = None) -> QWidget:
        """A part with its heading; questions about it are laid out at its foot."""
        place = frame(column(gap=6))
        self.places[part] = place
        head: list[Item] = [Text(title, bold=True), None]
        if corner is not None:
            head.append(corner)
        return frame(column(row(*head), *items, place, gap=8, pad=(14, 10, 14, 12)), "card")

    def button(self, words: str, what: str, record: str = "", kind: str = "link", icon: str = "") -> Button:
        """Asks for an act."""
        return Button(words, kind, icon=icon, on_click=lambda: self.asked(what, record))  # type: ignore[arg-type]

    def put_off(self, line: DueLine) -> list[QWidget]:
        """延期 of one line, and what was said when it was put off before."""
        found: list[QWidget] = []
        if line.postponed:
            said = t("moved", day=self.day(line.original.isoformat()), reason=line.postponed)
            found.append(Text(said, "caption", "ink_3", wrap=True))
        if self.acts:
            found.append(self.button(t("put_off"), "put_off", line.key))
        else:  # in the person's own file: the question opens in the place 家庭
            go = functools.partial(self.ctx.go, "households", line.subject, "put_off", line.key)
            found.append(Button(t("put_off_there"), "link", on_click=go))
        return found

    def basis(
        self, basis: Basis, one: HouseholdRow, ways: Ways | None = None, member: MemberStanding | None = None
    ) -> Button:
        """查看依据 of the verdict, of a line or of a member, with the ways to what it stands on."""
        link = Button(text("basis.link"), "link")
        link.clicked.connect(lambda _c=False: self._show_basis(link, basis, one, ways, member))
        return link

    def _show_basis(
        self, link: Button, basis: Basis, one: HouseholdRow, ways: Ways | None, member: MemberStanding | None
    ) -> None:
        def named(seen: Seen) -> str:
            return one.name(seen.id) if seen.kind == "member" else ""

        def open_member(record: str) -> None:
            found = next(m for m in one.standing.members if m.record.id == record)
            self._show_basis(link, found.labour.basis(), one, (), found)

        go, who = None, state.title(one)
        if member is not None:
            go = household_ways.of_member(member, self.ask_for, self.to_file)
            who = one.name(member.record.id)
        elif ways is None:
            ways = household_ways.of_verdict(one.standing, one.name, open_member, self.ask_for)
        show_basis(link, basis_view.shown(basis, self.day, named, go, who, ways=ways or ()))

    def to_file(self, case_id: str, part: str, detail: str) -> None:
        """Open somebody's file there."""
        self.ctx.go("ledger", case_id, part, detail)

    def ask_for(self, what: str, record: str) -> None:
        """A correction; in the person's own file it opens in the place 家庭."""
        if self.acts:
            self.asked(what, record)
        elif self.household:
            self.ctx.go("households", self.household, what, record)

    def day(self, iso: str) -> str:
        """A day in words; empty where there is none."""
        return state.day_words(iso, self.ctx.desk.today) if iso else ""
