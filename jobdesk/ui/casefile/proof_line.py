"""核对 of a field on 概况: the line under the field, and the short question that confirms it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from jobdesk.services.case_files import CaseFile
from jobdesk.services.confirming import confirm
from jobdesk.ui.case_words import Words, label, record_name, t
from jobdesk.ui.casefile.act_form import ActForm
from jobdesk.ui.casefile.ask import Ask, ask_to_withdraw
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.page import Tools
from jobdesk.ui.casefile.proof_state import proof_mark, usual
from jobdesk.ui.kit import Button, Text, clear, column, flow

FIELDS = ("source", "document", "number", "looked_on")


class ProofSlot(QWidget):
    """One for a card of fields: it makes the lines, and holds the question that is open."""

    def __init__(self, tools: Tools, fields: Sequence[str]) -> None:
        super().__init__()
        self._tools, self._fields, self._arriving = tools, fields, True
        self._inside = column(gap=0)
        self.setLayout(self._inside)
        self.form: ActForm | None = None
        self.ask: Ask | None = None
        self._name = ""

    def show_file(self, file: CaseFile, words: Words) -> None:
        """The file as it stands now; a question that was left half typed is asked again."""
        self._file, self._words = file, words
        if self._arriving:
            self._arriving = False
            left = [k.removeprefix("proof/") for k in file.drafts if k.startswith("proof/")]
            for name in [n for n in left if n in self._fields][:1]:
                self.open(name)

    def begin(self) -> None:
        """Another person from now on; what was typed is kept."""
        self.keep()
        self._clear()
        self._arriving = True

    def keep(self) -> None:
        if self.form is not None:
            self.form.form.keep()

    def line(self, name: str) -> QWidget | None:
        """What stands under a field; None for nothing."""
        mark = proof_mark(self._file, name, self._words)
        if mark is None:
            return None
        words = Text(mark.words, "caption", "ok" if mark.proof else "warn", wrap=True)
        if mark.proof is None:
            button = Button(t("proof_do"), "link", on_click=lambda: self.open(name))
            button.setAccessibleName(t("proof_title", field=label("case", name)))
        else:
            button = Button(t("withdraw"), "link", on_click=lambda: self._withdraw(name))
        return flow(words, button, gap=8, line_gap=0, baseline=True)

    def open(self, name: str) -> None:
        """Ask for paper, number and day; the usual ones are filled in."""
        if self.form is not None and self._name == name:
            return
        self._clear()
        file, desk, seen = self._file, self._tools.ctx.desk, self._file.state.root.get(name)
        field = label("case", name)
        alone = name == "birth" and not file.state.root.text("id_number")  # gives no number away
        looked = alone or self._tools.looks.is_seen(name)
        shown = self._words.value("case", name, seen, revealed=looked)
        form = ActForm(
            self._tools, file, FormPlan("proof", FIELDS, needed=frozenset({"source", "looked_on"})),
            f"proof/{name}", t("proof_title", field=field),
            lambda values: confirm(desk, file.case_id, name, seen, values),
            t("proof_saved", field=field), t("proof_more", field=field, value=shown),
        )  # fmt: skip
        self.form, self._name = form, name
        form.closed.connect(self._closed)
        self._inside.addWidget(form)
        form.start(self._words, usual(name, desk.today.isoformat()))

    def _withdraw(self, name: str) -> None:
        mark = proof_mark(self._file, name, self._words)
        if mark is None or mark.proof is None:
            return
        self._clear()
        held = self._file.find("proof", mark.proof.id)
        case_id = held.case_id if held is not None else self._file.case_id
        ask = ask_to_withdraw(
            self._tools.ctx, self._words, case_id, [("proof", mark.proof.id)], record_name("proof")
        )
        self.ask = ask
        self._inside.addWidget(ask)

    def _closed(self) -> None:
        self.form, self._name = None, ""

    def _clear(self) -> None:
        self.form, self.ask, self._name = None, None, ""
        clear(self._inside)
