"""What a person does with a household in sight: each act asks for its fields under the part it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from jobdesk.cases.claim import DAY_OF, MAY, NEEDS, Act
from jobdesk.cases.due import DueKind, day_of
from jobdesk.cases.ops import Json
from jobdesk.cases.recognising import publicity_until
from jobdesk.cases.state import RecordState
from jobdesk.host.strings import text
from jobdesk.reports.recognition_data import usual_remedy
from jobdesk.services.editing import save_record
from jobdesk.services.household import claiming, clearing, filing, helping, joining, withdrawing
from jobdesk.services.household.looking_up import look_up
from jobdesk.services.household_list import HouseholdWhole
from jobdesk.services.today import put_off
from jobdesk.services.undoing import Undone
from jobdesk.store.station_file import Changes
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.ask import Ask, KeptLine, WithdrawAsk
from jobdesk.ui.casefile.household_detail import HouseholdDetail
from jobdesk.ui.casefile.move_ask import household_out
from jobdesk.ui.casefile.person_finder import PersonFinder
from jobdesk.ui.context import Context
from jobdesk.ui.households import state
from jobdesk.ui.households.correcting import RUNG, claim_fields, clock_fields
from jobdesk.ui.households.form import FormAsk, SmallForm
from jobdesk.ui.households.state import t
from jobdesk.ui.kit import Field, TextInput

ROOT = ("head_name", "kind", "community", "address", "hukou_place", "since", "source", "note")
MEMBER = (
    "name", "relation", "birth_year", "state", "hukou_kind", "lives_here", "hukou_here", "able", "willing",
    "since",
)  # fmt: skip
FILED = ("relation", "state", "lives_here", "hukou_here", "since")
ASKED_FOR = frozenset({"applied", "accepted", "supplement", "checked"})
"""States in which an application may demand a member's ID number."""
DRAFT = "households"
"""First part of the keys of drafts: ``households/<household>/<what>/<record>``."""
Send = Callable[[dict[str, Json]], Future[Changes]]
_COUNTY = frozenset({Act.RECOGNISE, Act.REFUSE})


class HouseholdActions:
    """Answers what ``HouseholdDetail`` asks for."""

    def __init__(self, ctx: Context, detail: HouseholdDetail, papers: Callable[[str], None]) -> None:
        self._ctx, self._detail, self._papers = ctx, detail, papers
        self._open: QWidget | None = None
        self._draft = ""
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

    def do(self, what: str, record: str = "") -> None:
        """Open the question for an act."""
        whole = self._detail.whole
        if whole is None:
            return
        self._draft = "/".join(p for p in (DRAFT, whole.row.id, what, record) if p)
        if what.startswith("act:"):
            self._show("claim", self._claim(whole, Act(what.removeprefix("act:"))))
            return
        make: Mapping[str, Callable[[], tuple[str, QWidget]]] = {
            "edit": lambda: ("head", self._edit(whole)),
            "file": lambda: ("head", self._file(whole)),
            "withdraw": lambda: ("head", self._withdraw(whole)),
            "move_out": lambda: ("head", self._move_out(whole)),
            "add_member": lambda: ("members", self._add_member(whole)),
            "add_filed": lambda: ("members", self._add_filed(whole)),
            "edit_rung": lambda: ("clock", self._edit_rung(whole, record)),
            "correct_claim": lambda: ("claim", self._correct(whole, claim_fields(whole.state.root), "claim")),
            "correct_clock": lambda: ("clock", self._correct(whole, clock_fields(whole.state.root), "clock")),
            "edit_member": lambda: (record, self._edit_member(whole, record)),
            "leave": lambda: (record, self._leave(whole, record)),
            "look_up": lambda: ("checks", self._look_up(whole)),
            "first_help": lambda: ("clock", self._first_help(whole)),
            "hand_up": lambda: ("clock", self._hand_up(whole)),
            "clear": lambda: ("clock", self._clear(whole)),
            "reverify": lambda: ("clock", self._reverify(whole)),
            "put_off": lambda: self._put_off(whole, record),
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

    # ---- forms

    def _staff(self, whole: HouseholdWhole) -> list[tuple[str, str]]:
        return [(s.id, s.name) for s in whole.staff if s.is_active]

    def _form(
        self, whole: HouseholdWhole, record: RecordState, names: tuple[str, ...],
        needed: frozenset[str] = frozenset(), usual: Mapping[str, Json] | None = None,
        loaded: RecordState | None = None,
    ) -> SmallForm:  # fmt: skip
        return SmallForm(
            self._ctx, record, names, self._staff(whole), needed=needed, usual=usual, subject=whole.row.id,
            loaded=loaded,
        )  # fmt: skip

    def _ask(
        self, title: str, sentence: str, form: SmallForm, send: Send, said: str,
        above: tuple[QWidget, ...] = (),
    ) -> FormAsk:  # fmt: skip
        do = text("casefile.save")
        return FormAsk(self._ctx, title, sentence, form, do, send, said, above=above, draft=self._draft)

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
        form = self._form(whole, blank, tuple(dict.fromkeys(names)), needed, usual, root)
        named = text(f"claim.act.{act.value}")
        sentence = t("county_note") if act in _COUNTY else t("publicity_note") if act is Act.POST else ""
        return self._ask(
            named, sentence, form,
            lambda values: claiming.act(self._ctx.desk, whole.row.id, form.loaded, act, values),
            t("acted", act=named),
        )  # fmt: skip

    def _edit(self, whole: HouseholdWhole) -> QWidget:
        root = whole.state.root
        form = self._form(whole, root, ROOT)
        return self._ask(
            t("correct_title"), "", form,
            lambda values: save_record(self._ctx.desk, whole.state.subject, form.loaded, values), t("saved"),
        )  # fmt: skip

    def _correct(self, whole: HouseholdWhole, names: tuple[str, ...], part: str) -> QWidget:
        """What was written down wrongly; nothing that was not written down is asked for."""
        form = self._form(whole, whole.state.root, names)
        return self._ask(
            t(f"correct_{part}_title"), "" if names else t("correct_none"), form,
            lambda values: save_record(self._ctx.desk, whole.state.subject, form.loaded, values), t("saved"),
        )  # fmt: skip

    def _edit_rung(self, whole: HouseholdWhole, rung_id: str) -> QWidget:
        rung = whole.state.record("rung", rung_id)
        form = self._form(whole, rung, RUNG, frozenset({"holder", "since"}))
        return self._ask(
            t("correct_rung", level=state.level_words(rung.text("level"))), "", form,
            lambda values: save_record(self._ctx.desk, whole.state.subject, form.loaded, values), t("saved"),
        )  # fmt: skip

    def _file(self, whole: HouseholdWhole) -> QWidget:
        root = whole.state.root
        usual: dict[str, Json] = {"filed_on": self._ctx.desk.today.isoformat()}
        form = self._form(whole, root, filing.FIELDS, frozenset({"filed_on", "source"}), usual)
        return self._ask(
            t("file"), t("file_note"), form,
            lambda values: filing.file_household(self._ctx.desk, whole.row.id, form.loaded, values),
            t("saved"),
        )  # fmt: skip

    def _withdraw(self, whole: HouseholdWhole) -> QWidget:
        def withdraw(reason: str, others: bool) -> Future[Undone]:
            return withdrawing.withdraw_household(self._ctx.desk, whole.row.id, reason, work_of_others=others)

        words = Words(self._ctx.desk.today, {s.id: s.name for s in whole.staff})
        return WithdrawAsk(
            self._ctx, t("withdraw_title"), words, withdraw, t("withdrawn"), sentence=t("withdraw_more"),
            draft=self._draft,
        )

    def _move_out(self, whole: HouseholdWhole) -> QWidget:
        """全家转出: the household and every member of today who has a file."""
        filed = {m.case_id for m in whole.row.standing.members if m.case_id in whole.row.people}
        return household_out(self._ctx, whole.row.id, len(filed), self._draft)

    def _add_member(self, whole: HouseholdWhole) -> QWidget:
        names = MEMBER
        if whole.row.facts.text("state") in ASKED_FOR:
            names = (*MEMBER, "id_number")
        usual: dict[str, Json] = {"since": self._ctx.desk.today.isoformat(), "lives_here": True}
        form = self._form(whole, RecordState("member", "", {}), names, frozenset({"name", "relation"}), usual)
        return self._ask(
            t("add_member"), t("member_note"), form,
            lambda values: joining.join(self._ctx.desk, whole.row.id, _given(values)), t("joined"),
        )  # fmt: skip

    def _add_filed(self, whole: HouseholdWhole) -> QWidget:
        known = [m.case_id for m in whole.row.standing.members if m.case_id]
        finder = PersonFinder(self._ctx, t("person"), known)
        reason = TextInput()
        reason.setObjectName("two_reason")
        asked = Field(t("two_reason"), reason, label_width=112, hint=t("two_hint"))
        asked.hide()
        usual: dict[str, Json] = {"since": self._ctx.desk.today.isoformat(), "lives_here": True}
        form = self._form(whole, RecordState("member", "", {}), FILED, frozenset({"relation"}), usual)

        def send(values: dict[str, Json]) -> Future[Changes]:
            case_id = finder.person.case_id if finder.person is not None else ""
            finder.field.set_problem(None if case_id else t("choose_person"))
            body = {**_given(values), "case": case_id}
            # a person of another household of the kind stands here only with a reason
            asked.show()
            return joining.join(self._ctx.desk, whole.row.id, body, reason.value())

        ask = self._ask(t("add_filed"), "", form, send, t("joined"), above=(finder, asked))
        kept = KeptLine(self._ctx, ask, f"{self._draft}/why", reason)

        def wanted(words: str) -> None:
            if words:
                asked.show()

        reason.textChanged.connect(wanted)
        ask.closed.connect(kept.drop)
        return ask

    def _edit_member(self, whole: HouseholdWhole, member_id: str) -> QWidget:
        record = whole.state.record("member", member_id)
        names = FILED if record.get("case") else MEMBER
        if not record.get("case") and (record.get("id_number") or whole.row.facts.text("state") in ASKED_FOR):
            names = (*MEMBER, "id_number")
        form = self._form(whole, record, names)
        return self._ask(
            t("correct_member", name=whole.row.name(member_id)), "", form,
            lambda values: save_record(self._ctx.desk, whole.state.subject, form.loaded, values), t("saved"),
        )  # fmt: skip

    def _leave(self, whole: HouseholdWhole, member_id: str) -> QWidget:
        record = whole.state.record("member", member_id)
        usual: dict[str, Json] = {"until": self._ctx.desk.today.isoformat()}
        form = self._form(whole, record, ("until",), frozenset({"until"}), usual)
        return self._ask(
            t("leave_title", name=whole.row.name(member_id)), t("leave_note"), form,
            lambda v: joining.leave(self._ctx.desk, whole.row.id, form.loaded, str(v.get("until") or "")),
            t("left"),
        )  # fmt: skip

    def _look_up(self, whole: HouseholdWhole) -> QWidget:
        names = ("kind", "system", "looked_on", "result", "finding", "staff")
        usual: dict[str, Json] = {
            "looked_on": self._ctx.desk.today.isoformat(),
            "staff": self._ctx.desk.actor,
        }
        form = self._form(
            whole,
            RecordState("verification", "", {}),
            names,
            frozenset({"kind", "looked_on", "result"}),
            usual,
        )
        return self._ask(
            t("add_check"), "", form, lambda values: look_up(self._ctx.desk, whole.row.id, _given(values)),
            t("saved"),
        )  # fmt: skip

    def _first_help(self, whole: HouseholdWhole) -> QWidget:
        root = whole.state.root
        usual: dict[str, Json] = {"first_help_on": self._ctx.desk.today.isoformat()}
        form = self._form(whole, root, ("first_help_on",), frozenset({"first_help_on"}), usual)
        return self._ask(
            t("first_help"), t("first_help_note"), form,
            lambda v: helping.first_help(
                self._ctx.desk, whole.row.id, form.loaded, str(v.get("first_help_on") or "")
            ),
            t("saved"),
        )  # fmt: skip

    def _hand_up(self, whole: HouseholdWhole) -> QWidget:
        rung = whole.row.clock.rung
        level = rung.up if rung is not None else "community"
        usual: dict[str, Json] = {"since": self._ctx.desk.today.isoformat()}
        form = self._form(
            whole,
            RecordState("rung", "", {}),
            ("holder", "since", "note"),
            frozenset({"holder", "since"}),
            usual,
        )
        named = state.level_words(level)

        def send(v: dict[str, Json]) -> Future[Changes]:
            said = (str(v.get("holder") or ""), str(v.get("since") or ""), str(v.get("note") or ""))
            return helping.hand_up(self._ctx.desk, whole.row.id, level, *said)

        return self._ask(t("hand_up", level=named), t("hand_up_note"), form, send, t("handed", level=named))

    def _clear(self, whole: HouseholdWhole) -> QWidget:
        root = whole.state.root
        usual: dict[str, Json] = {"cleared_on": self._ctx.desk.today.isoformat()}
        blank, names = RecordState("household", root.id, {}), ("cleared_on",)
        form = self._form(whole, blank, names, frozenset(names), usual, root)
        return self._ask(
            t("clear"), t("clear_note"), form,
            lambda v: clearing.clear_household(
                self._ctx.desk, whole.row.id, form.loaded, str(v.get("cleared_on") or "")
            ),
            t("cleared"),
        )  # fmt: skip

    def _put_off(self, whole: HouseholdWhole, key: str) -> tuple[str, QWidget]:
        """延期 of one line, with its reason, under the part that shows it."""
        line = next(n for n in whole.row.due if n.key == key)
        part = "claim" if line.kind in (DueKind.CLAIM, DueKind.PUBLICITY) else "clock"
        names = ("until", "reason")
        form = self._form(whole, RecordState("postponement", "", {}), names, frozenset(names))

        def send(v: dict[str, Json]) -> Future[Changes]:
            until = day_of(str(v.get("until") or "")) or self._ctx.desk.today
            return put_off(self._ctx.desk, line, until, str(v.get("reason") or ""))

        named = t("put_off_title", what=state.line_words(line))
        return part, self._ask(named, t("put_off_note"), form, send, t("saved"))

    def _reverify(self, whole: HouseholdWhole) -> QWidget:
        root, works = whole.state.root, whole.row.clock.job is not None
        usual: dict[str, Json] = {"reverified_on": self._ctx.desk.today.isoformat()}
        form = self._form(
            whole,
            RecordState("household", root.id, {}),
            ("reverified_on", "note"),
            frozenset({"reverified_on"}),
            usual,
            root,
        )

        def send(v: dict[str, Json]) -> Future[Changes]:
            day, note = str(v.get("reverified_on") or ""), str(v.get("note") or "")
            return clearing.reverify(self._ctx.desk, whole.row.id, form.loaded, works, day, note)

        said = t("reverify_works") if works else t("reverify_nobody")
        return self._ask(t("reverify"), said, form, send, t("saved"))


def _given(values: Mapping[str, Json]) -> dict[str, Json]:
    return {k: v for k, v in values.items() if v is not None}

