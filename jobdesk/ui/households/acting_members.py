"""Members of a household: somebody joins, is corrected, leaves."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtWidgets import QWidget

from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.editing import save_record
from jobdesk.services.household import joining
from jobdesk.services.household_list import HouseholdWhole
from jobdesk.store.station_file import Changes
from jobdesk.ui.casefile.ask import KeptLine
from jobdesk.ui.casefile.person_finder import PersonFinder
from jobdesk.ui.households.asking import Asking, given
from jobdesk.ui.households.state import t
from jobdesk.ui.kit import Field, TextInput

MEMBER = (
    "name", "relation", "birth_year", "state", "hukou_kind", "lives_here", "hukou_here", "able", "willing",
    "since",
)  # fmt: skip
FILED = ("relation", "state", "lives_here", "hukou_here", "since")
ASKED_FOR = frozenset({"applied", "accepted", "supplement", "checked"})
"""States in which an application may demand a member's ID number."""


def add_member(asking: Asking, whole: HouseholdWhole) -> QWidget:
    """Somebody without a file: what little may be held of them."""
    names = MEMBER
    if whole.row.facts.text("state") in ASKED_FOR:
        names = (*MEMBER, "id_number")
    usual: dict[str, Json] = {"since": asking.ctx.desk.today.isoformat(), "lives_here": True}
    form = asking.form(whole, RecordState("member", "", {}), names, frozenset({"name", "relation"}), usual)
    return asking.ask(
        t("add_member"), t("member_note"), form,
        lambda values: joining.join(asking.ctx.desk, whole.row.id, given(values)), t("joined"),
    )  # fmt: skip


def add_filed(asking: Asking, whole: HouseholdWhole) -> QWidget:
    """Somebody who has a file, chosen from 台账."""
    known = [m.case_id for m in whole.row.standing.members if m.case_id]
    finder = PersonFinder(asking.ctx, t("person"), known)
    reason = TextInput()
    reason.setObjectName("two_reason")
    asked = Field(t("two_reason"), reason, label_width=112, hint=t("two_hint"))
    asked.hide()
    usual: dict[str, Json] = {"since": asking.ctx.desk.today.isoformat(), "lives_here": True}
    form = asking.form(whole, RecordState("member", "", {}), FILED, frozenset({"relation"}), usual)

    def send(values: dict[str, Json]) -> Future[Changes]:
        case_id = finder.person.case_id if finder.person is not None else ""
        finder.field.set_problem(None if case_id else t("choose_person"))
        body = {**given(values), "case": case_id}
        # a person of another household of the kind stands here only with a reason
        asked.show()
        return joining.join(asking.ctx.desk, whole.row.id, body, reason.value())

    ask = asking.ask(t("add_filed"), "", form, send, t("joined"), above=(finder, asked))
    kept = KeptLine(asking.ctx, ask, f"{asking.draft}/why", reason)

    def wanted(words: str) -> None:
        if words:
            asked.show()

    reason.textChanged.connect(wanted)
    ask.closed.connect(kept.drop)
    return ask


def edit_member(asking: Asking, whole: HouseholdWhole, member_id: str) -> QWidget:
    """What was written down of a member, corrected."""
    record = whole.state.record("member", member_id)
    names = FILED if record.get("case") else MEMBER
    if not record.get("case") and (record.get("id_number") or whole.row.facts.text("state") in ASKED_FOR):
        names = (*MEMBER, "id_number")
    form = asking.form(whole, record, names)
    return asking.ask(
        t("correct_member", name=whole.row.name(member_id)), "", form,
        lambda values: save_record(asking.ctx.desk, whole.state.subject, form.loaded, values), t("saved"),
    )  # fmt: skip


def leave(asking: Asking, whole: HouseholdWhole, member_id: str) -> QWidget:
    """The day somebody left."""
    record = whole.state.record("member", member_id)
    usual: dict[str, Json] = {"until": asking.ctx.desk.today.isoformat()}
    form = asking.form(whole, record, ("until",), frozenset({"until"}), usual)
    return asking.ask(
        t("leave_title", name=whole.row.name(member_id)), t("leave_note"), form,
        lambda v: joining.leave(asking.ctx.desk, whole.row.id, form.loaded, str(v.get("until") or "")),
        t("left"),
    )  # fmt: skip
