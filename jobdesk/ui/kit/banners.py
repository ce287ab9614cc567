"""Banners: one of four kinds of trouble (or a plain word) with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import QFrame, QSizePolicy

from jobdesk.host.strings import text
from jobdesk.ui.kit.buttons import Button, IconButton
from jobdesk.ui.kit.labels import Icon, Text
from jobdesk.ui.kit.layouts import column, flow, row
from jobdesk.ui.palette import Tone
from jobdesk.ui.signals import BareSignal, bare_signal

BannerKind = Literal["problem", "refusal", "trouble", "bug", "info", "ok"]
_ICON: dict[BannerKind, tuple[str, Tone]] = {
    "problem": ("alert", "warn"),
    "refusal": ("lock", "accent"),
    "trouble": ("alert", "warn"),
    "bug": ("flag", "bad"),
    "info": ("info", "accent"),
    "ok": ("check", "ok"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """Something a banner or toast offers."""

    label: str
    call: Callable[[], object]
    closes: bool = True


class Banner(QFrame):
    """A calm line with its look, its words and its actions.

    Args:
        kind: problem (typed wrongly), refusal (a rule says no), trouble (the world), bug (ours), info, ok.
        more: a second, quieter sentence: what still works, who can help.
        closable: show a cross.

    Signals:
        closed: the cross was pressed or a closing action was taken; the banner deletes itself.
    """

    closed: BareSignal = bare_signal()

    def __init__(
        self, kind: BannerKind, sentence: str, *, more: str = "", actions: Sequence[Action] = (),
        closable: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.kind, self.sentence = kind, sentence
        self.setProperty("banner", kind)
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(more)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        picture, tone = _ICON[kind]
        words = column(Text(sentence, bold=bool(more), wrap=True, selectable=True), gap=2)
        if more:
            words.addWidget(Text(more, "caption", "ink_2", wrap=True, selectable=True))
        line = row(Icon(picture, tone, 18), (words, 1), gap=10, pad=(12, 8, 8, 8))
        buttons = [Button(a.label, on_click=lambda a=a: self._act(a)) for a in actions]
        if len(buttons) == 1:
            line.addWidget(buttons[0])
        elif buttons:
            words.addWidget(flow(*buttons, gap=8))
        if closable:
            line.addWidget(IconButton("close", text("kit.close"), on_click=self.close_banner))
        self.setLayout(line)
        self.buttons = tuple(buttons)

    def close_banner(self) -> None:
        """Take the banner away."""
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def _act(self, action: Action) -> None:
        action.call()
        if action.closes:
            self.close_banner()
