"""Which policies the person was told of on this occasion: one tick each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from jobdesk.host import code_lists
from jobdesk.ui.kit import FilterChip, clear, column, flow
from jobdesk.ui.signals import BareSignal, bare_signal


class PolicyPicks(QWidget):
    """Chips to tick. Only the line that asks for the telling ticks any: what was not said was not told.

    Signals:
        changed: a person ticked or unticked one.
    """

    changed: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self._chips: dict[str, FilterChip] = {}
        self._place = column(gap=0)
        self.setLayout(self._place)

    def set_options(self, codes: Sequence[str]) -> None:
        """Offer these; what was ticked stays ticked."""
        ticked = self.values()
        clear(self._place)
        table = code_lists.table("policy")
        self._chips = {code: FilterChip(table.name_of(code)) for code in dict.fromkeys((*codes, *ticked))}
        for code, chip in self._chips.items():
            chip.setChecked(code in ticked)
            chip.clicked.connect(lambda _on=False: self.changed.emit())
        if self._chips:
            self._place.addWidget(flow(*self._chips.values(), gap=6))
            self.setFocusProxy(next(iter(self._chips.values())))

    @property
    def is_empty(self) -> bool:
        return not self._chips

    def values(self) -> list[str]:
        """Codes that are ticked, in the order offered."""
        return [code for code, chip in self._chips.items() if chip.isChecked()]

    def set_values(self, codes: Sequence[str]) -> None:
        """Tick just these; ones that are not offered are added."""
        for chip in self._chips.values():
            chip.setChecked(False)
        if any(c not in self._chips for c in codes):
            self.set_options([*self._chips, *codes])
        for code in codes:
            self._chips[code].setChecked(True)
