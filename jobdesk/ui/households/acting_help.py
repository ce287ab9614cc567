"""Help to a household: first help, the ladder, the first job, looking again, putting a line off."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtWidgets import QWidget

from jobdesk.cases.due import DueKind, day_of
from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import save_record
from jobdesk.services.household import clearing, helping
from jobdesk.services.household_list import HouseholdWhole
from jobdesk.services.today import put_off
from jobdesk.store.station_file import Changes
from jobdesk.ui.households import state
from jobdesk.ui.households.asking import Asking
from jobdesk.ui.households.correcting import RUNG
from jobdesk.ui.households.state import t


def first_help(asking: Asking, whole: HouseholdWhole) -> QWidget:
    """The day of the first help."""
    root = whole.state.root
    return _a_day(asking, whole, root, root, "first_help_on", "first_help", helping.first_help, "saved")


def hand_up(asking: Asking, whole: HouseholdWhole) -> QWidget:
    """The next level holds it from a day on."""
    rung = whole.row.clock.rung
    level = rung.up if rung is not None else "community"
    usual: dict[str, Json] = {"since": asking.ctx.desk.today.isoformat()}
    form = asking.form(
        whole,
        RecordState("rung", "", {}),
        ("holder", "since", "note"),
        frozenset({"holder", "since"}),
        usual,
    )
    named = state.level_words(level)

    def send(v: dict[str, Json]) -> Future[Changes]:
        said = (str(v.get("holder") or ""), str(v.get("since") or ""), str(v.get("note") or ""))
        return helping.hand_up(asking.ctx.desk, whole.row.id, level, *said)

    return asking.ask(t("hand_up", level=named), t("hand_up_note"), form, send, t("handed", level=named))


def clear(asking: Asking, whole: HouseholdWhole) -> QWidget:
    """已实现1人就业, an act of the clerk."""
    root = whole.state.root
    blank = RecordState("household", root.id, {})
    return _a_day(asking, whole, blank, root, "cleared_on", "clear", clearing.clear_household, "cleared")


def _a_day(
    asking: Asking, whole: HouseholdWhole, shown: RecordState, loaded: RecordState, name: str, title: str,
    act: Callable[[Desk, str, RecordState, str], Future[Changes]], said: str,
) -> QWidget:  # fmt: skip
    """An act that asks for its day alone, today at first; ``title`` and ``said`` are keys of words."""
    usual: dict[str, Json] = {name: asking.ctx.desk.today.isoformat()}
    form = asking.form(whole, shown, (name,), frozenset({name}), usual, loaded)

    def send(v: dict[str, Json]) -> Future[Changes]:
        return act(asking.ctx.desk, whole.row.id, form.loaded, str(v.get(name) or ""))

    return asking.ask(t(title), t(f"{title}_note"), form, send, t(said))


def reverify(asking: Asking, whole: HouseholdWhole) -> QWidget:
    """重新核实 after the job that cleared it ended."""
    root, works = whole.state.root, whole.row.clock.job is not None
    usual: dict[str, Json] = {"reverified_on": asking.ctx.desk.today.isoformat()}
    form = asking.form(
        whole,
        RecordState("household", root.id, {}),
        ("reverified_on", "note"),
        frozenset({"reverified_on"}),
        usual,
        root,
    )

    def send(v: dict[str, Json]) -> Future[Changes]:
        day, note = str(v.get("reverified_on") or ""), str(v.get("note") or "")
        return clearing.reverify(asking.ctx.desk, whole.row.id, form.loaded, works, day, note)

    said = t("reverify_works") if works else t("reverify_nobody")
    return asking.ask(t("reverify"), said, form, send, t("saved"))


def put_off_line(asking: Asking, whole: HouseholdWhole, key: str) -> tuple[str, QWidget]:
    """延期 of one line, with its reason, under the part that shows it."""
    line = next(n for n in whole.row.due if n.key == key)
    part = "claim" if line.kind in (DueKind.CLAIM, DueKind.PUBLICITY) else "clock"
    names = ("until", "reason")
    form = asking.form(whole, RecordState("postponement", "", {}), names, frozenset(names))

    def send(v: dict[str, Json]) -> Future[Changes]:
        until = day_of(str(v.get("until") or "")) or asking.ctx.desk.today
        return put_off(asking.ctx.desk, line, until, str(v.get("reason") or ""))

    named = t("put_off_title", what=state.line_words(line))
    return part, asking.ask(named, t("put_off_note"), form, send, t("saved"))


def edit_rung(asking: Asking, whole: HouseholdWhole, rung_id: str) -> QWidget:
    """A rung written down wrongly."""
    rung = whole.state.record("rung", rung_id)
    form = asking.form(whole, rung, RUNG, frozenset({"holder", "since"}))
    return asking.ask(
        t("correct_rung", level=state.level_words(rung.text("level"))), "", form,
        lambda values: save_record(asking.ctx.desk, whole.state.subject, form.loaded, values), t("saved"),
    )  # fmt: skip
