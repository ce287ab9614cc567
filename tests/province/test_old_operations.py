"""A server takes operations of every schema version ever shipped (M-1.5): the museum's, from a desk of today."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import insert

from jobdesk.cases.codec import decode
from jobdesk.protocol.codes import Verdict
from jobdesk.protocol.messages import Place
from province import streams
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.reading import moves_to
from tests.province.ground import DeskHere

MUSEUM = Path(__file__).parents[1] / "museum"
FILES = sorted(MUSEUM.glob("ops-v*.jsonl"))


@pytest.mark.parametrize("until", range(1, len(FILES) + 1))
def test_every_operation_of_the_museum_is_accepted(db: Database, until: int) -> None:
    """The files are one chain: each version goes on where the one before it ended."""
    rows = [r for f in FILES[:until] for r in f.read_text("utf-8").split("\n") if r]
    lines = [json.loads(row)["op"].encode() for row in rows]
    ops = [decode(line) for line in lines]
    targets = {to for o in ops if (to := moves_to(o)) is not None}
    with db.writing(EVERYTHING) as con:
        for to in sorted(targets):  # in the same scope: it moves people out and back
            con.execute(insert(t.org).values(id=to, name="外站", level="station", parent="a"))
            streams.new_stream(con, to)
    desk = DeskHere(db, replica=ops[0].replica_id)
    verdicts = desk.push(lines).verdicts
    assert [(v.action, v.reason) for v in verdicts if v.verdict is not Verdict.ACCEPTED] == []
    assert desk.acked == Place(seq=ops[-1].replica_seq, hash=json.loads(rows[-1])["header_hash"])
