"""What a person does with a household in sight: each act asks for its fields under the part it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from jobdesk.cases.claim import DAY_OF, MAY, NEEDS, Act
from jobdesk.cases.ops import Json
from jobdesk.cases.recognising import publicity_until
from jobdesk.cases.state import RecordState
from jobdesk.host.strings import text
from jobdesk.reports.recognition_data import usual_remedy
from jobdesk.services.editing import save_record
from jobdesk.services.household import claiming, filing, withdrawing
from jobdesk.services.household.looking_up import look_up
from jobdesk.services.household_list import HouseholdWhole
from jobdesk.services.undoing import Undone
from jobdesk.ui.casefile.ask import Ask, WithdrawAsk
from jobdesk.ui.casefile.household_detail import HouseholdDetail
from jobdesk.ui.casefile.household_words import words_of
from jobdesk.ui.casefile.kept_ask import KeptAsk
from jobdesk.ui.casefile.move_ask import household_out
from jobdesk.ui.context import Context
from jobdesk.ui.households import acting_help as helped
from jobdesk.ui.households import acting_members as members
from jobdesk.ui.households.asking import Asking, given
from jobdesk.ui.households.correcting import claim_fields, clock_fields
from jobdesk.ui.households.state import t

ROOT = ("head_name", "kind", "community", "address", "hukou_place", "since", "source", "note")
DRAFT = "households"
"""First part of the keys of drafts: ``households/<household>/<what>/<record>``."""
_COUNTY = frozenset({Act.RECOGNISE, Act.REFUSE})


class HouseholdActions:
    """Answers what ``HouseholdDetail`` asks for."""

    def __init__(self, ctx: Context, detail: HouseholdDetail, papers: Callable[[str], None]) -> None:
        self._ctx, self._detail, self._papers = ctx, detail, papers
        self._open: QWidget | None = None
        self._asking = Asking(ctx)
        detail.asked.connect(lambda asked: self.do(*asked))

    @property
    def is_open(self) -> bool:
        """Whether a question stands open: the detail is not drawn anew beneath it."""
        return self._standing() is not None

    def _standing(self) -> QWidget | None:
        """The question that stands open; it goes with the household when another one is opened."""
        if self._open is not None and not isValid(self._open):
            self._open = None
        return self._open

    def put_away(self) -> None:
        """The household is not here any more: what is typed in the question is kept as a draft."""
        standing = self._standing()
        self._open = None
        if isinstance(standing, KeptAsk):
            standing.put_away()
        elif standing is not None:
            standing.hide()

    def do(self, what: str, record: str = "") -> None:
        """Open the question for an act."""
        whole = self._detail.whole
        if whole is None:
            return
        self._asking.draft = "/".join(p for p in (DRAFT, whole.row.id, what, record) if p)
        if what.startswith("act:"):
            self._show("claim", self._claim(whole, Act(what.removeprefix("act:"))))
            return
        make: Mapping[str, Callable[[], tuple[str, QWidget]]] = {
            "edit": lambda: ("head", self._edit(whole)),
            "file": lambda: ("head", self._file(whole)),
            "withdraw": lambda: ("head", self._withdraw(whole)),
            "move_out": lambda: ("head", self._move_out(whole)),
            "add_member": lambda: ("members", members.add_member(self._asking, whole)),
            "add_filed": lambda: ("members", members.add_filed(self._asking, whole)),
            "edit_rung": lambda: ("clock", helped.edit_rung(self._asking, whole, record)),
            "correct_claim": lambda: ("claim", self._correct(whole, claim_fields(whole.state.root), "claim")),
            "correct_clock": lambda: ("clock", self._correct(whole, clock_fields(whole.state.root), "clock")),
            "edit_member": lambda: (record, members.edit_member(self._asking, whole, record)),
            "leave": lambda: (record, members.leave(self._asking, whole, record)),
            "look_up": lambda: ("checks", self._look_up(whole)),
            "first_help": lambda: ("clock", helped.first_help(self._asking, whole)),
            "hand_up": lambda: ("clock", helped.hand_up(self._asking, whole)),
            "clear": lambda: ("clock", helped.clear(self._asking, whole)),
            "reverify": lambda: ("clock", helped.reverify(self._asking, whole)),
            "put_off": lambda: helped.put_off_line(self._asking, whole, record),
        }
        if what == "papers":
            self._papers(whole.row.id)
        elif what in ("edit_member", "edit_rung") and not any(
            r.id == record for r in whole.state.of(what.removeprefix("edit_"))
        ):
            return
        elif what in make:
            self._show(*make[what]())

    def _show(self, part: str, ask: QWidget) -> None:
        if (standing := self._standing()) is not None:
            standing.hide()
            standing.deleteLater()
        place = self._detail.place_of(part)
        layout = place.layout() if place is not None else None
        if layout is None:
            ask.deleteLater()
            return
        self._open = ask
        if isinstance(ask, Ask):
            ask.closed.connect(lambda: self._closed(ask))
        layout.addWidget(ask)

    def _closed(self, ask: QWidget) -> None:
        if self._open is ask:
            self._open = None
            self._detail.setFocus()  # else the keys go to the search of the window

    # ---- forms

    def _claim(self, whole: HouseholdWhole, act: Act) -> QWidget:
        today, root = self._ctx.desk.today, whole.state.root
        names = [*NEEDS[act], *MAY.get(act, ())]
        needed = frozenset(NEEDS[act]) - {"receipt_no", "accepted_by", "station_checked_by"}
        usual: dict[str, Json] = {
            DAY_OF[act]: today.isoformat(), "accepted_by": self._ctx.desk.actor,
            "station_checked_by": self._ctx.desk.actor, "source": "document",
        }  # fmt: skip
        if act is Act.REFUSE:
            usual["remedy"] = usual_remedy(whole.packs, today) or None
        if act is Act.RECOGNISE:
            names += ["filing_no", "filed_on"]
        if act is Act.POST and whole.row.claim.publicity is not None:
            last = publicity_until(self._ctx.desk.working_days, today, whole.row.claim.publicity)
            usual["publicity_until"] = last.isoformat()
        blank = RecordState("household", root.id, {})
        form = self._asking.form(whole, blank, tuple(dict.fromkeys(names)), needed, usual, root)
        named = text(f"claim.act.{act.value}")
        sentence = t("county_note") if act in _COUNTY else t("publicity_note") if act is Act.POST else ""
        return self._asking.ask(
            named, sentence, form,
            lambda values: claiming.act(self._ctx.desk, whole.row.id, form.loaded, act, values),
            t("acted", act=named),
        )  # fmt: skip

    def _edit(self, whole: HouseholdWhole) -> QWidget:
        root = whole.state.root
        form = self._asking.form(whole, root, ROOT)
        return self._asking.ask(
            t("correct_title"), "", form,
            lambda values: save_record(self._ctx.desk, whole.state.subject, form.loaded, values), t("saved"),
        )  # fmt: skip

    def _correct(self, whole: HouseholdWhole, names: tuple[str, ...], part: str) -> QWidget:
        """What was written down wrongly; nothing that was not written down is asked for."""
        form = self._asking.form(whole, whole.state.root, names)
        return self._asking.ask(
            t(f"correct_{part}_title"), "" if names else t("correct_none"), form,
            lambda values: save_record(self._ctx.desk, whole.state.subject, form.loaded, values), t("saved"),
        )  # fmt: skip

    def _file(self, whole: HouseholdWhole) -> QWidget:
        root = whole.state.root
        usual: dict[str, Json] = {"filed_on": self._ctx.desk.today.isoformat()}
        form = self._asking.form(whole, root, filing.FIELDS, frozenset({"filed_on", "source"}), usual)
        return self._asking.ask(
            t("file"), t("file_note"), form,
            lambda values: filing.file_household(self._ctx.desk, whole.row.id, form.loaded, values),
            t("saved"),
        )  # fmt: skip

    def _withdraw(self, whole: HouseholdWhole) -> QWidget:
        def withdraw(reason: str, others: bool) -> Future[Undone]:
            return withdrawing.withdraw_household(self._ctx.desk, whole.row.id, reason, work_of_others=others)

        words = words_of(whole, self._ctx.desk.today)
        return WithdrawAsk(
            self._ctx,
            t("withdraw_title"),
            words,
            withdraw,
            t("withdrawn"),
            sentence=t("withdraw_more"),
            draft=self._asking.draft,
        )

    def _move_out(self, whole: HouseholdWhole) -> QWidget:
        """全家转出: the household and every member of today who has a file."""
        filed = {m.case_id for m in whole.row.standing.members if m.case_id in whole.row.people}
        return household_out(self._ctx, whole.row.id, len(filed), self._asking.draft)

    def _look_up(self, whole: HouseholdWhole) -> QWidget:
        names = ("kind", "system", "looked_on", "result", "finding", "staff")
        usual: dict[str, Json] = {
            "looked_on": self._ctx.desk.today.isoformat(),
            "staff": self._ctx.desk.actor,
        }
        form = self._asking.form(
            whole,
            RecordState("verification", "", {}),
            names,
            frozenset({"kind", "looked_on", "result"}),
            usual,
        )
        return self._asking.ask(
            t("add_check"), "", form, lambda values: look_up(self._ctx.desk, whole.row.id, given(values)),
            t("saved"),
        )  # fmt: skip
