"""Cards of files that came here or left."""

from __future__ import annotations

from collections.abc import Iterator

from jobdesk.services.household.naming import called
from jobdesk.store.sync_scope import Stub
from jobdesk.ui.case_words import day
from jobdesk.ui.moves.cards import Do, MoveCard, t
from jobdesk.ui.moves.words import Told


class Files(Told):
    """They stand there for a while; nobody has to do anything about them."""

    def came(self) -> Iterator[MoveCard]:
        for c in self.found.came:
            station, name = self.found.station(c.station), c.name or t("nameless")
            kept = self.found.people.get(c.kept) or t("nameless")
            line = t("came_merged", who=kept) if c.kept else t("came_no_clerk") if c.no_clerk else ""
            does = (Do("hand"), Do("open_file", "link")) if c.no_clerk else (Do("open_file"),)
            yield MoveCard(
                c.subject, t("came_here", who=name, station=station), (line,) if line else (),
                t("came_on", day=day(c.on, self.today)), does=does, subject=c.kept or c.subject,
                station=station, kind=c.kind, name=name,
            )  # fmt: skip

    def left(self) -> Iterator[MoveCard]:
        asked = {s for a in self.found.asks for s in a.subjects}
        for stub in self.found.stubs:
            station = self.found.station(stub.stream)
            on = t("left_on", day=day(stub.moved_on, self.today)) if stub.moved_on else ""
            does = () if stub.id in asked or stub.kind != "case" else (Do("ask_back"),)
            yield MoveCard(
                stub.id, t("left", who=_stub_name(stub), station=station),
                (t("left_blank") if stub.blanked else t("left_kept"),), on, does=does, subject=stub.id,
                station=station,
            )  # fmt: skip


def _stub_name(stub: Stub) -> str:
    return called(stub.name) if stub.kind == "household" else stub.name or t("nameless")
