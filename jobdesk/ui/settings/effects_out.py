"""Who is changed by a pack, as a workbook and on paper: every name, by rule. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.rules.pack import Entry
from jobdesk.host.strings import text
from jobdesk.services.desk import Desk
from jobdesk.services.pack_effects import Effects, VerdictChange, is_household
from jobdesk.services.rule_packs import Offered
from jobdesk.services.staffing import staff_of
from jobdesk.store import reads
from jobdesk.store.log import Connection
from jobdesk.ui.settings.packs_state import entry_words, head_words, offer_words, t


@dataclass(frozen=True, slots=True)
class ListedEffects:
    """A judged pack to be written down.

    Attributes:
        sentences: rule → its words as they would be.
    """

    offered: Offered
    effects: Effects
    sentences: Mapping[str, str]

    @property
    def title(self) -> str:
        return t("out_title", name=self.offered.pack.name, version=self.offered.pack.version)

    @property
    def subjects(self) -> int:
        """How many people and households change."""
        return len({c.subject for c in self.effects.changes})


def who_words(change: VerdictChange) -> str:
    """周岩; 钱一户 for a household."""
    name = change.name or t("unknown")
    return text("households.of", name=name) if is_household(change) else name


def row_words(change: VerdictChange) -> tuple[str, str, str, str]:
    """Who, the community, the answer before and after."""
    before, after = (text(f"outcome.{o.value}") for o in (change.before, change.after))
    return who_words(change), change.community, before, after


def workbook(listed: ListedEffects, desk: Desk) -> Future[bytes]:
    """An .xlsx: who changes, and every entry that does."""

    def job() -> bytes:
        from jobdesk.reports.xlsx_out import XlsxColumn, XlsxSheet, xlsx

        _unit, by = _printed_by(desk)
        made = local_datetime(desk.clock.now_ms())
        people = XlsxSheet(
            t("out_people"),
            [XlsxColumn(t(c)) for c in ("col_rule", "col_name", "col_community", "col_before", "col_after")],
            [(listed.sentences.get(c.key, c.key), *row_words(c)) for c in listed.effects.changes],
            title=listed.title, subtitle=t("out_made", made=f"{made:%Y-%m-%d %H:%M}", who=by),
            notes=[head_words(listed.effects)],
        )  # fmt: skip
        entries = XlsxSheet(
            t("out_entries"),
            [XlsxColumn(t(c)) for c in ("out_after", "out_before", "out_source")],
            [(*entry_words(c), _source(c.after or c.before)) for c in listed.effects.entries],
            title=listed.title,
            notes=["　".join(f"{name}：{value}" for name, value in offer_words(listed.offered))],
        )
        return xlsx([people, entries], desk.clock, by)

    return desk.file.work.aside(job)


def paper(listed: ListedEffects, desk: Desk, watermark: str) -> Future[bytes]:
    """A PDF: one part a rule, with every name."""

    def job() -> bytes:
        from jobdesk.reports.furniture import Printed
        from jobdesk.reports.list_pdf import Column, Group, ListPaper, list_pdf

        unit, by = _printed_by(desk)
        made = local_datetime(desk.clock.now_ms())
        listing = ListPaper(
            listed.title,
            t("out_day", day=listed.effects.day.isoformat()),
            [Column(t("col_name"), 12), Column(t("col_community"), 14), Column(t("col_before"), 7, "c"),
             Column(t("col_after"), 7, "c")],
            [Group(title, rows) for title, rows in groups_of(listed)],
            aside=t("out_aside"),
            right=t("out_count", count=listed.subjects, lines=len(listed.effects.changes)),
        )  # fmt: skip
        printed = Printed(unit, by, f"{made:%Y-%m-%d %H:%M}", t("out_notice"), watermark)
        return list_pdf(listing, printed, desk.clock)

    return desk.file.work.aside(job)


def groups_of(listed: ListedEffects) -> list[tuple[str, list[Sequence[str]]]]:
    """Rule in words → its rows, in the order of the effects."""
    rows: dict[str, list[Sequence[str]]] = {}
    for change in listed.effects.changes:
        who, community, before, after = row_words(change)
        row = (who, community or text("paper.not_filled"), before, after)
        rows.setdefault(listed.sentences.get(change.key, change.key), []).append(row)
    return list(rows.items())


def _source(entry: Entry | None) -> str:
    return f"{entry.source.document} {entry.source.clause}".strip() if entry is not None else ""


def _printed_by(desk: Desk) -> tuple[str, str]:
    def job(con: Connection) -> tuple[str, str]:
        unit = reads.subject_state(con, desk.station).root.text("name")
        return unit, next((s.name for s in staff_of(con, desk) if s.id == desk.actor), "")

    return desk.read(job).result()
