"""认定依据 that was kept: folded away until somebody reads it, then member by member, with its paper."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from jobdesk.host.strings import text
from jobdesk.reports.household_evidence import Evidence, evidence_of
from jobdesk.services.household_list import HouseholdWhole
from jobdesk.ui.casefile.household_hand import Hand
from jobdesk.ui.kit import Button, Text, clear, column, flow, frame
from jobdesk.ui.kit.layouts import Item


def _t(key: str, **params: object) -> str:
    return text(f"evidence.{key}", **params)


class EvidenceCard(QFrame):
    """What was known of whom on the day of the first check and of the decision."""

    def __init__(self, hand: Hand, whole: HouseholdWhole) -> None:
        super().__init__()
        self._hand, self._whole = hand, whole
        self._inside = column(gap=8)
        self._place = frame(self._inside)
        self._place.hide()
        self.read = Button(_t("read"), "link", on_click=self._turn)
        more = [hand.button(_t("print"), "papers", icon="printer")] if hand.acts else []
        self.setLayout(column(flow(self.read, *more, gap=12), self._place, gap=4))

    def _turn(self) -> None:
        show = self._place.isHidden()
        clear(self._inside)
        if show:
            for one in evidence_of(self._whole):
                self._inside.addWidget(self._one(one))
        self._place.setVisible(show)
        self.read.setText(_t("fold" if show else "read"))

    def _one(self, one: Evidence) -> QFrame:
        day = self._hand.day(one.on)
        head = _t("head", at=one.title, day=day, outcome=one.outcome)
        parts: list[Item] = [Text(head, bold=True, wrap=True)]
        source = _t("joint").join(p for p in (one.source, one.status) if p)
        versions = _t("versions", what=_t("joint").join(one.versions)) if one.versions else ""
        told = [one.sentence, source, versions, *(_t("fact", name=n, value=v) for n, v in one.facts)]
        parts += [Text(said, "caption", "ink_2", wrap=True, selectable=True) for said in told if said]
        for member in one.members:
            name = member.name or _t("nobody")
            who = _t("member", name=name, relation=member.relation, stands=member.stands)
            parts.append(Text(who, wrap=True, selectable=True))
            parts.append(Text(member.told, "caption", "ink_2", wrap=True, selectable=True))
        for looked in one.looked:
            line = "　".join(p for p in looked if p)
            parts.append(Text(_t("looked", line=line), "caption", "ink_2", wrap=True, selectable=True))
        return frame(column(*parts, gap=3, pad=(10, 8, 10, 8)), "band")
