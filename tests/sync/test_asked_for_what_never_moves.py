"""A request names a subject by its id, and whoever wrote it may have named anything."""

from __future__ import annotations

import pytest

from jobdesk.cases.errors import Refused
from jobdesk.services.moving import answering, asking
from jobdesk.store import sync_told
from tests.sync.ground import PC


def test_a_request_for_a_station_itself_is_told_as_nothing_here(pcs: tuple[PC, PC]) -> None:
    """Agreeing ended the program's verb with a KeyError."""
    here, there = pcs
    here.enrol("a").sync_well()
    there.enrol("b").sync_well()
    asking.ask_for(there.desk, here.station.file.station_subject, "要").result()
    for pc in (there, here):
        pc.sync_well()
    told = here.station.file.read(sync_told.notices).result()
    (asked,) = [n for n in told if n.kind == "transfer_request"]
    with pytest.raises(Refused, match="move_nothing_here"):
        answering.accept(here.desk, asked.id).result()
    answering.refuse(here.desk, asked.id, "这是本站").result()
    for pc in (here, there):
        pc.sync_well()
