"""What the settings show, in words. Pure: no Qt, no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jobdesk.cases.basis import Source
from jobdesk.cases.clock import local_datetime
from jobdesk.cases.codes import Status
from jobdesk.cases.figures import Figure
from jobdesk.cases.templates import Counts, ServiceTemplate
from jobdesk.host.strings import has, text
from jobdesk.services.access_log import Look
from jobdesk.services.backing_up import BackupLine, BackupState
from jobdesk.services.second_folder import SecondState
from jobdesk.services.staffing import HandOver, WorkLeft
from jobdesk.store.check import CheckResult

Tone = Literal["ink", "ink_2", "ok", "warn", "bad"]

SECTIONS: tuple[tuple[str, str], ...] = (
    ("unit", "building"),
    ("staff", "users"),
    ("backup", "database"),
    ("rules", "ledger"),
    ("packs", "lock"),
    ("privacy", "shield"),
    ("conflicts", "split"),
    ("imports", "import"),
    ("display", "sun"),
    ("machine", "hard-drive"),
    ("practice", "graduate"),
    ("about", "info"),
)
"""Key and icon, in the order of the list at the left."""

FIGURE_LIMITS: Mapping[str, tuple[int, int]] = {
    "first_round_days": (1, 250),
    "week_ends_on": (1, 7),
    "horizon_days": (7, 365),
    "text_limit": (20, 1000),
    "long_text_limit": (200, 20000),
}
"""Figure → least and most; the others take 0 (never) to 999."""


def t(key: str, /, **params: object) -> str:
    """A sentence of the settings."""
    return text(f"settings.{key}", **params)


def when(ms: int) -> str:
    """2026年11月21日 09:05, wall time in Jilin."""
    at = local_datetime(ms)
    return t("moment", year=at.year, month=at.month, day=at.day, time=f"{at:%H:%M}")


def day(ms: int) -> str:
    """2026年11月21日."""
    at = local_datetime(ms)
    return t("day", year=at.year, month=at.month, day=at.day)


def size(count: int) -> str:
    """Bytes as people read them; one figure behind the point from a megabyte on."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 1024 / 1024:.1f} MB"


def reason(code: str) -> str:
    """Why a backup was made."""
    key = f"settings.reason.{code}"
    return text(key) if has(key) else code


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, a quieter one, and how it sounds."""

    sentence: str
    more: str = ""
    tone: Tone = "ink"


def backup_said(state: BackupState) -> Said:
    """The newest backup: when, how many operations, and whether that is too long ago."""
    newest = state.newest
    if newest is None or state.age_days is None:
        return Said(t("backup_none"), t("backup_none_more"), "bad")
    what = t("backup_last", when=when(newest.info.created_ms), count=newest.operations or 0)
    if newest.behind is None:
        more = t("backup_other_life")
    else:
        more = t("backup_behind", count=newest.behind) if newest.behind else t("backup_level")
    if state.is_old:
        return Said(what, t("backup_old", days=state.age_days) + more, "warn")
    return Said(what, more, "ok")


def backup_row(line: BackupLine) -> Mapping[str, str]:
    """A backup as a row: when, why, operations, what came after it, size, where."""
    info = line.info
    return {
        "when": when(info.created_ms),
        "reason": reason(info.reason),
        "operations": t("unknown") if line.operations is None else str(line.operations),
        "behind": t("behind_unknown") if line.behind is None else str(line.behind),
        "size": size(info.size),
        "where": t("where_second") if line.is_second else t("where_local"),
    }


def restore_said(line: BackupLine, kept_as: str) -> Said:
    """What going back to this backup means: what would be missing, and where the live file stays."""
    if line.behind is None:
        lost = t("restore_lost_unknown_synced" if line.synced else "restore_lost_unknown")
    elif line.behind:
        lost = t("restore_lost_synced" if line.synced else "restore_lost", count=line.behind)
    else:
        lost = t("restore_lost_none")
    words = t("restore_unsent", count=line.unsent) if line.unsent else ""
    return Said(
        t("restore_to", when=when(line.info.created_ms)), lost + words + t("restore_kept", name=kept_as)
    )


def second_said(state: SecondState, practice: bool = False) -> Said:
    """The folder of the second copy: whether it guards against a broken disk, and what still works."""
    if practice and state.standing == "none":
        return Said(t("second_practice"), t("second_practice_more"), "ink")
    if state.standing == "none":
        more = t("second_none_synced" if state.uploads else "second_none_more")
        return Said(t("second_none"), more, "warn")
    if state.standing in ("missing", "not_writable"):
        return Said(t(f"second_{state.standing}"), t("second_still_works"), "bad")
    if state.standing == "same_disk":
        return Said(t("second_same_disk"), t("second_same_disk_more"), "warn")
    return Said(t("second_good"), "", "ok")


def journal_said(state: SecondState) -> Said:
    """Whether the journal has everything."""
    if state.trouble is not None or state.behind:
        return Said(t("journal_behind", count=state.behind), t("journal_behind_more"), "bad")
    if state.standing == "none":
        return Said(t("journal_level_beside"), "", "ink")
    return Said(t("journal_level"), "", "ok")


def work_said(left: WorkLeft) -> str:
    """Open work of somebody who leaves."""
    if not left.total:
        return t("work_none")
    return t("work_left", cases=left.cases, measures=left.measures, promises=left.promises)


def handed_said(done: HandOver, name: str, successor: str) -> str:
    """What went over to the successor."""
    if not (done.cases or done.measures or done.promises):
        return t("ended", name=name)
    return t(
        "handed", name=name, successor=successor, cases=done.cases, measures=done.measures,
        promises=done.promises,
    )  # fmt: skip


# ---------------------------------------------------------------------- rules


def source_said(source: Source) -> str:
    """Document and clause, or that it is our own."""
    if source.document == "jobdesk":
        return source.clause or text("basis.no_document")
    return " ".join(part for part in (source.document, source.clause) if part)


def status_look(status: Status) -> tuple[str, str]:
    """Text and look of the chip of a status."""
    return {
        "confirmed": (text("basis.confirmed"), "ok"),
        "unconfirmed": (text("app.unconfirmed"), "warn"),
        "own": (text("app.own_figure"), "accent"),
        "lapsed": (text("app.lapsed"), "warn"),
    }[status]


def counts_name(counts: Counts) -> str:
    """提供, 参加, 完成."""
    return t(f"counts_{counts.code}")


def template_name(template: ServiceTemplate) -> str:
    """Name, and whether its composition is confirmed."""
    mark = f"　{text('app.unconfirmed')}" if template.status == "unconfirmed" else ""
    return f"{template.name}{mark}"


def step_lines(template: ServiceTemplate) -> list[tuple[str, str]]:
    """Each step with how often it is asked for and what counts."""
    return [
        (s.name, t("step_line", count=s.required, counts=counts_name(s.counts)) + _posts(s.distinct_posts))
        for s in template.steps
    ]


def _posts(distinct: bool) -> str:
    return t("step_posts") if distinct else ""


def figure_name(key: str) -> str:
    """What a figure of our own is about."""
    name = f"settings.figure.{key}"
    return text(name) if has(name) else key


def unit_name(figure: Figure) -> str:
    """个工作日, 天, 个月 …"""
    return t(f"unit_{figure.unit}")


def read_figure(key: str, typed: str) -> tuple[int | None, str]:
    """The number typed, or what is wrong with it. An empty field means the shipped value: (None, "")."""
    flat = typed.strip()
    if not flat:
        return None, ""
    least, most = FIGURE_LIMITS.get(key, (0, 999))
    if not flat.isdecimal() or len(flat) > 6 or not least <= int(flat) <= most:
        return None, t("figure_range", least=least, most=most)
    return int(flat), ""


# ---------------------------------------------------------------------- check


def check_said(result: CheckResult) -> str:
    """How much a check went through; what it found in its own words, which hold ids only."""
    if not result.ok:
        return t("check_detail", detail=result.detail)
    number = next((p for p in result.detail.split() if p.isdecimal()), "0")
    key = f"settings.checked.{result.name}"
    return text(key, count=number) if has(key) else result.detail


# ---------------------------------------------------------------------- access log

WHAT = ("reveal", "export", "print", "list", "copy", "damaged_id")


def what_said(code: str) -> str:
    """What was done behind the mask."""
    key = f"settings.look.{code}"
    return text(key) if has(key) else code


def look_row(look: Look, staff: Mapping[str, str]) -> dict[str, str]:
    """A line of the access log in words."""
    entry = look.entry
    return {
        "when": when(entry.at_ms),
        "who": staff.get(entry.actor, t("nobody_chosen")),
        "what": what_said(entry.what),
        "field": _field_said(entry.field),
        "person": look.person,
        "count": str(entry.count),
        "reason": entry.reason,
    }


def _field_said(name: str) -> str:
    for key in (f"settings.looked.{name}", f"field.case.{name}"):
        if has(key):
            return text(key)
    return name


def chosen_looks(
    looks: Sequence[Look], staff: Mapping[str, str], what: str, words: str
) -> list[tuple[Look, dict[str, str]]]:
    """Lines of one kind (empty: all) that hold every word."""
    wanted = words.split()
    found: list[tuple[Look, dict[str, str]]] = []
    for look in looks:
        if what and look.entry.what != what:
            continue
        row = look_row(look, staff)
        line = " ".join(row.values())
        if all(w in line for w in wanted):
            found.append((look, row))
    return found
