"""The scenes of ``make pictures``: how each screen is brought into the state that is photographed.

Every scene is a function over a ``Stage``; it may wait for the screen with ``stage.settle()``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QAbstractButton, QWidget

from jobdesk.host import assets
from jobdesk.host.strings import text
from jobdesk.store.log import Connection
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.hub import AppHub, GoTo
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.window import MainWindow
from tools.picture_sync import SYNC_EMPTY_SCENES, SYNC_SCENES

SAMPLE = Path(__file__).resolve().parent.parent / "resources" / "samples" / "就业困难人员管理台帐.xlsx"
TABS = ("overview", "plan", "services", "recognition", "job", "subsidy", "household", "files", "history")
SECTIONS = (
    "unit", "staff", "backup", "rules", "packs", "privacy", "conflicts", "imports", "display", "machine", "practice",
    "about",
)  # fmt: skip
CATEGORY = "JL2"
LONGEST = "阿依古丽·买买提吐尔逊"
LONGEST_OPEN = "额尔德尼巴特尔·巴图孟克"


@dataclass(slots=True)
class Stage:
    """A window with an open station.

    Attributes:
        settle: turns the event loop until nothing has been asked or answered for a while.
        people: case id by the role the scenes need it for (``full``, ``conflict``, a name).
    """

    window: MainWindow
    hub: AppHub
    settle: Callable[[], None]
    people: dict[str, str]

    def go(self, place: str, subject: str = "", part: str = "", detail: str = "") -> Any:
        """Show a place, wait, and answer its page."""
        self.hub.go_to.emit(GoTo(place, subject, part, detail))
        self.settle()
        return self.window.page(place)


Scene = Callable[[Stage], object]


def people_of(con: Connection) -> dict[str, str]:
    """Who is photographed: the fullest file, one with two values, the longest names, one in a family."""
    fullest = con.execute(
        "select c.case_id from case_row c join record_row r on r.subject_id = c.case_id "
        "where c.help_state = 'open' and c.is_hardship and length(c.name) = 3 and c.conflicts = 0 "
        "group by c.case_id order by count(distinct r.kind) desc, count(*) desc, c.name limit 1"
    ).fetchone()
    conflict = con.execute(
        "select case_id from case_row where conflicts > 0 order by name limit 1"
    ).fetchone()
    family = con.execute(
        "select case_id from case_row where categories like '%zero_household%' and help_state = 'open' "
        "order by name limit 1"
    ).fetchone()
    found = {"full": fullest[0], "conflict": conflict[0], "family": family[0] if family else fullest[0]}
    for name in (LONGEST, LONGEST_OPEN):
        row = con.execute("select case_id from case_row where name = ?", (name,)).fetchone()
        if row is not None:
            found[name] = row[0]
    names: dict[str, str] = assets.toml("samples/practice.toml")["mornings"]
    for role, name in names.items():
        row = con.execute("select case_id from case_row where name = ?", (name,)).fetchone()
        if row is not None:
            found[role] = row[0]
    home = con.execute(
        "select record_id from record_row where kind = 'household' and json_extract(data, '$.kind') = 'zero' "
        "and json_extract(data, '$.state') = 'recognised' and json_extract(data, '$.cleared_on') is null "
        "order by json_extract(data, '$.decided_on') limit 1"
    ).fetchone()
    reported = con.execute(
        "select record_id from record_row where kind = 'household' and json_extract(data, '$.state') = 'reported'"
    ).fetchone()
    return found | {role: row[0] for role, row in (("home", home), ("reported", reported)) if row}


def _tab(who: str, tab: str) -> Scene:
    def scene(stage: Stage) -> None:
        stage.go("ledger", stage.people.get(who, stage.people["full"]), tab)

    return scene


def _differs(stage: Stage) -> None:
    """A file at the versions that differ."""
    page = stage.go("ledger", stage.people["conflict"], "overview")
    box = next(b for b in page.panel.findChildren(ConflictBox) if b.isVisible())
    bring_into_sight(box)


def _basis(role: str, kind: str) -> Scene:
    """今日 with 查看依据 open over a line of somebody."""

    def scene(stage: Stage) -> None:
        _today(stage)
        page: Any = stage.window.page("today")
        line = next(x for x in page.board.lines[stage.people[role]] if x.kind.value == kind)
        page.view.list.go_to(line.uid)
        stage.settle()
        page.act("basis")

    return scene


def _visits(stage: Stage) -> None:
    _today(stage)
    page: Any = stage.window.page("today")
    page.act("visits")


def _policy_people(stage: Stage) -> None:
    page: Any = stage.go("policies")
    page._choose("training")


def _section(name: str) -> Scene:
    return lambda stage: stage.go("settings", part=name)


def _record(stage: Stage) -> None:
    page = stage.go("ledger", stage.people["full"])
    page.panel.record_service()


def _search(stage: Stage) -> None:
    stage.go("ledger", part="search", detail="mmt")


def _nobody_found(stage: Stage) -> None:
    stage.go("ledger", part="search", detail="没有这个人")


def _chosen(stage: Stage) -> None:
    page = stage.go("ledger", part="filter", detail="overdue")
    page.table.selectAll()


def _columns(stage: Stage) -> None:
    page = stage.go("ledger", part="filter", detail="")
    page.table.clearSelection()
    page.doing.open_columns()


def _out(stage: Stage) -> None:
    stage.go("ledger", part="filter", detail="lacking").doing.open_out()


def _out_closed(stage: Stage) -> None:
    page = stage.go("ledger", part="filter", detail="")
    page.doing._close_bars()


def _register_filled(stage: Stage) -> None:
    page = stage.go("register")
    page.fill(
        {
            "name": "欧阳雪莲", "id_number": "229901197907154021", "phone": "19900001234",
            "address": "新华街18号3单元402", "education": "21", "category": CATEGORY, "registered_since": "2026-11-12",
        }
    )  # fmt: skip


def _preview(stage: Stage) -> None:
    stage.go("import", part="file", detail=str(SAMPLE))


def _match(stage: Stage) -> None:
    page: Any = stage.window.page("import")
    page._back()


def _sheets(stage: Stage) -> None:
    page: Any = stage.window.page("import")
    page._back()


def _done(stage: Stage) -> None:
    page: Any = stage.window.page("import")
    for _ in ("match", "preview", "done"):
        page._forward()
        stage.settle()


def _held(stage: Stage) -> None:
    page: Any = stage.window.page("import")
    words = text("import_ui.done_settle", count=0).partition("（")[0]
    next(b for b in page.done.findChildren(QAbstractButton) if words in b.text()).click()


def _sheet_page(stage: Stage) -> None:
    stage.go("month").view.sheets.click()


def _new_post(stage: Stage) -> None:
    stage.go("vacancies", part="new")


def _round(stage: Stage) -> None:
    stage.go("today", part="round")


def _today(stage: Stage) -> None:
    page = stage.go("today")
    back: QWidget | None = getattr(page.view, "pages", None)
    if back is not None:
        page.view.pages.setCurrentIndex(0)


SCENES: dict[str, Scene] = {
    "today": _today,
    "today-basis": _basis("reported", "claim"),
    "round": _round,
    "visits": _visits,
    "households": lambda stage: stage.go("households"),
    "household": lambda stage: stage.go("households", stage.people["home"]),
    "policies": lambda stage: stage.go("policies"),
    "policies-people": _policy_people,
    "assignments": lambda stage: stage.go("assignments"),
    "doubts": lambda stage: stage.go("doubts"),
    "conflicts": lambda stage: stage.go("conflicts", stage.people["conflict"]),
    "ledger": lambda stage: stage.go("ledger", part="filter"),
    "ledger-search": _search,
    "ledger-nobody": _nobody_found,
    "ledger-chosen": _chosen,
    "ledger-columns": _columns,
    "ledger-out": _out,
    "ledger-out-after": lambda stage: stage.go("ledger", part="filter", detail="overdue"),
    "ledger-after": _out_closed,
    **{f"file-{tab}": _tab("full", tab) for tab in TABS},
    "file-conflict": _tab("conflict", "overview"),
    "file-differs": _differs,
    "file-family": _tab("family", "household"),
    "file-longest": _tab(LONGEST_OPEN, "overview"),
    "file-longest-ended": _tab(LONGEST, "plan"),
    "file-claim": _tab("claim_reported", "recognition"),
    "file-post": _tab("post_exit_plan", "subsidy"),
    "file-work": _tab("transfer_wish", "job"),
    "file-record": _record,
    "register": lambda stage: stage.go("register"),
    "register-filled": _register_filled,
    "import": lambda stage: stage.go("import"),
    "import-preview": _preview,
    "import-match": _match,
    "import-sheets": _sheets,
    "import-done": _done,
    "import-held": _held,
    "month": lambda stage: stage.go("month"),
    "month-sheet": _sheet_page,
    "walk-ins": lambda stage: stage.go("walk_ins"),
    "vacancies": lambda stage: stage.go("vacancies"),
    "vacancies-new": _new_post,
    **{f"settings-{name}": _section(name) for name in SECTIONS},
}
"""In this order: an import late, because it writes."""


def _selftest(stage: Stage) -> None:
    """On a PC that is set up as it should be; the day of the pictures is not the day of this machine."""
    from jobdesk.host import selfchecks
    from jobdesk.host.selfchecks import Found

    page = stage.go("settings", part="about")
    page.ctx.key_file = page.ctx.station.paths.data / "key"
    before = selfchecks.clock
    selfchecks.clock = lambda now, _paths: Found("ok", "clock_good", {"now": "2026-11-12 09:05"})
    card = page.section("about").selftest
    card.run.click()
    stage.settle()
    selfchecks.clock = before


EMPTY_SCENES: dict[str, Scene] = {
    **SYNC_EMPTY_SCENES,
    "about-selftest": _selftest,
    **{
        f"nobody-{place.replace('_', '-')}": (lambda stage, at=place: stage.go(at))
        for place in ("today", "ledger", "register", "import", "walk_ins", "vacancies", "month", "settings")
    },
}
__all__ = ["EMPTY_SCENES", "SCENES", "SYNC_SCENES", "Scene", "Stage", "people_of"]
