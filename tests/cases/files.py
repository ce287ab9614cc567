"""Builds facts of synthetic people in few words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jobdesk.cases.due import Agenda
from jobdesk.cases.facts import CaseFacts, Rec, facts
from jobdesk.cases.ops import Json
from jobdesk.cases.working_days import WorkingDays
from jobdesk.host import template_files

TODAY = date(2026, 7, 15)
"""A Wednesday."""
DAYS = WorkingDays(date(2026, 1, 1), date(2026, 12, 31), frozenset(), frozenset())
RULES = template_files.service_rules()
FIGURES = template_files.figures()
TEMPLATE = template_files.template()
ITEMS = template_files.completeness_items()

GRADUATE: Mapping[str, Json] = {
    "graduate_kind": "university",
    "graduated_on": "2025-06",
    "opened_on": "2026-06-01",
    "notice_on": "2026-06-01",
}


class File:
    """One person's file, grown record by record; ids count up within a kind."""

    def __init__(self, **root: Json) -> None:
        self.root: dict[str, Json] = {"notice_on": "2026-06-01", **root}
        self.rows: list[Rec] = []

    def add(self, record: str, /, **values: Json) -> File:
        number = sum(r.kind == record for r in self.rows) + 1
        self.rows.append(Rec(record, f"{record}-{number}", values))
        return self

    def prove(self, *names: str, on: str = "2010-01-01") -> File:
        """文书 confirms what stands in these fields."""
        for name in names:
            self.add("proof", field=name, value=str(self.root[name]), source="document", looked_on=on)
        return self

    def serve(self, type_: str, on: str, **values: Json) -> File:
        return self.add("service", type=type_, served_on=on, **values)

    def facts(self) -> CaseFacts:
        return facts("case-1", self.root, self.rows)


def graduate(**root: Json) -> File:
    return File(**{**GRADUATE, **root})


def agenda(today: date = TODAY, **changes: int) -> Agenda:
    return Agenda(today, DAYS, FIGURES.changed(changes), RULES, TEMPLATE)
