"""A card of 转入转出 and its buttons. Pure: no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jobdesk.host.strings import text

Verb = Literal[
    "accept_take", "accept_give", "refuse", "take_back", "known", "carry_out", "ask_back", "open_file",
    "give_twin", "ask_twin", "not_twin", "unmerge", "register", "hand",
]  # fmt: skip
Look = Literal["primary", "quiet", "danger", "bare", "link"]


def t(key: str, **params: object) -> str:
    """A text of this place."""
    return text(f"moves.{key}", **params)


@dataclass(frozen=True, slots=True)
class Do:
    """A button of a card."""

    verb: Verb
    look: Look = "quiet"

    @property
    def words(self) -> str:
        return t(self.verb)


@dataclass(frozen=True, slots=True)
class MoveCard:
    """One matter.

    Attributes:
        id: of the notice, the request or the file it is about; ``subject``: the file a button opens or asks
            for, ``kind`` its kind.
        lines: facts and reasons under the title, in order. chip: how far it is, with its look.
        into: one's own file that the subject would become an alias of.
    """

    id: str
    title: str
    lines: tuple[str, ...] = ()
    when: str = ""
    chip: str = ""
    chip_look: str = "plain"
    does: tuple[Do, ...] = ()
    subject: str = ""
    station: str = ""
    into: str = ""
    kind: str = "case"
    name: str = ""
