"""No table holds what somebody erased was, nor the salts by which it could be guessed (M-7.1)."""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import select

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.ground import DeskHere

CASE = Subject("case", "p")


def anywhere(db: Database, wanted: list[bytes]) -> list[str]:
    """Tables that hold one of these, as text or as bytes."""
    found: list[str] = []
    with db.reading(EVERYTHING, station=True) as con:
        for table in t.metadata.sorted_tables:
            for row in con.execute(select(table)):
                cells = (str(c).encode() if not isinstance(c, bytes | memoryview) else bytes(c) for c in row)
                if any(w in cell for cell in cells for w in wanted):
                    found.append(table.name)
    return found


def test_neither_text_nor_salt_is_left_in_any_table(db: Database) -> None:
    a, late, b = DeskHere(db, "a", "r1"), DeskHere(db, "a", "r2"), DeskHere(db, "b", "r3")
    a.act(new=[opened(CASE, "case", "p", {"name": "隐私", "id_number": "229901198001010019"})])
    a.act(
        new=[opened(CASE, "absence", "x", {"kind": "custody", "note": "隐私"})]
    )  # restricted: a table aside
    a.push()
    bad = b.act("p", text="隐私")  # kept apart: not at home there
    b.push()
    forged = late.act("p", text="隐私")
    late.push([encode(replace(forged[0], payload={"record": "case", "id": "隐私", "set": {}}, body=b""))])
    a.act(new=[fields_set(CASE, "case", "p", {"station": "b"}, {}, kind=Kind.TRANSFERRED)])
    a.push()
    texts = ["隐私".encode(), json.dumps("隐私").strip('"').encode(), b"229901198001010019"]
    salts = [s for op in (*a.ops, *bad, *forged) for s in (op.salt.hex().encode(), op.salt)]
    before = anywhere(db, texts)
    assert {"op", "restricted", "quarantine"} & {*before} and anywhere(db, salts)
    b.act(new=[NewOp(Kind.ERASED, CASE, {"reason": "request"})])
    b.push()
    assert anywhere(db, texts) == [] and anywhere(db, salts) == []
    late.act("p", text="晚到的隐私")
    late.push()
    assert anywhere(db, texts) == []
    assert anywhere(db, [late.ops[-1].salt.hex().encode()]) == []
