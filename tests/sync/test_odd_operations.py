"""What a server lists of a broken or wicked desk does not stop the others of its station."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobdesk.cases import schema
from jobdesk.cases.clock import FixedClock
from jobdesk.cases.due import DueKind
from jobdesk.cases.ops import Json, Kind, NewOp, Subject
from jobdesk.cases.schema import RECORDS, Field, FieldType
from jobdesk.services.kept_dates import brought_up_to_date
from jobdesk.services.policy_finding import load_policies
from jobdesk.services.today import load_board
from tests.province.ground import DeskHere
from tests.province.test_odd_content import ODD
from tests.sync.ground import PC, Server


def test_content_that_nobody_would_write_stops_no_colleague(tmp_path: Path) -> None:
    clock = FixedClock.at(2026, 7, 1)
    pc = PC(tmp_path / "pc", Server(tmp_path / "server", clock), clock)
    pc.enrol().sync_well()
    odd = DeskHere(pc.server.db, replica="odd")
    for n, (what, (kind, of, payload)) in enumerate(ODD.items()):
        odd.act(f"c{n}")
        said = {**payload, "id": f"c{n}"} if payload.get("id") == "c" else payload
        odd.act(new=[NewOp(kind, Subject(of, f"c{n}"), said)])
        odd.push()
        assert pc.sync_well().agreed, what
        if of == "case":
            assert pc.case(f"c{n}").subject.id == f"c{n}", what
    pc.open_case("mine")
    assert pc.sync_well().agreed
    pc.close()
    pc.server.db.engine.dispose()


SHAPES: tuple[Json, ...] = (["x"], {"a": 1}, 7, True, [["x", [1]], {"a": [1]}])
NUMBERS: tuple[Json, ...] = (2**53 - 1, -(2**53 - 1), "7", ["x"])
TEXTS: tuple[Json, ...] = ("甲" * 3000, "\x00\x07\u202e")
DAYS: tuple[Json, ...] = (
    ["x"], 20260701, "2026-02-30", "2026-W01-1", "9999-12-31", "9999-12", "9999", "0001-01-01", "0000-00-00", "甲" * 10,
)  # fmt: skip
ROOTS: dict[str, dict[str, Json]] = {
    "case": {
        "name": "甲",
        "help_state": "open",
        "opened_on": "2026-01-01",
        "birth": "1970-03-02",
        "sex": "1",
    },
    "household": {"kind": "zero", "state": "recognised", "decided_on": "2026-06-01", "source": "document"},
}
USUAL: dict[str, dict[str, Json]] = {
    "service": {"type": "HF", "served_on": "2026-06-20", "content": "x", "outcome": "reached"},
    "recognition": {"state": "recognised", "since": "2026-05-02", "category": "40_50", "source": "document"},
    "subsidy": {"kind": "social_unit", "since": "2025-06"}, "benefit": {"since": "2026-01"},
    "public_post": {"kind": "hardship", "since": "2025-06"}, "placement": {"since": "2026-03-02", "unit": "x"},
    "registration": {"since": "2025-06-01", "registered": True, "source": "system"},
    "plan": {"agreed_on": "2026-06-01", "goal": "x", "goal_due": "2026-07-03"},
    "measure": {"what": "x", "due": "2026-07-01"},
}  # fmt: skip
SAID: dict[FieldType, Json] = {
    FieldType.DAY: "2026-06-20", FieldType.DATE: "2026-06", FieldType.MONTH: "2026-06", FieldType.BOOL: True,
    FieldType.INT: 3,
}  # fmt: skip


def odd_of(declared: Field) -> tuple[Json, ...]:
    """What a field of this type may be given by somebody who means harm."""
    if declared.type in (FieldType.DAY, FieldType.DATE, FieldType.MONTH):
        return DAYS
    return NUMBERS if declared.type is FieldType.INT else (*SHAPES, *TEXTS)


def full(of: str, kind: str) -> dict[str, Json]:
    """A record as somebody fills it in, so that whoever reads the odd field gets as far as that."""
    if kind == of:
        return dict(ROOTS.get(of, {}))
    dates = {f.name: SAID[f.type] for f in RECORDS[kind] if f.type in SAID and f.name != "until"}
    return {**dates, **USUAL.get(kind, {})}


def bodies(of: str, kind: str, declared: Field, n: str) -> Iterator[tuple[str, list[NewOp]]]:
    """(file, what opens it with an open service and one odd record), a file for each odd value."""
    for i, value in enumerate(odd_of(declared)):
        for way in ("set", "add") if isinstance(value, list) else ("set",):
            file = f"{of}-{n}-{i}{way}"
            subject, record = Subject(of, file), file if kind == of else f"r{file}"
            root, served = ROOTS.get(of, {}), USUAL["service"]
            ops = [NewOp(Kind.OPENED, subject, {"record": of, "id": file, "set": dict(root)})]
            if of == "case":
                body: dict[str, Json] = {"record": "service", "id": f"s{file}", "set": dict(served)}
                ops.append(NewOp(Kind.SERVICE_RECORDED, subject, body))
            said: dict[str, Json] = {
                "record": kind, "id": record, "set": {**full(of, kind), declared.name: value},
            }  # fmt: skip
            if way == "add":
                said = {**said, "set": full(of, kind), "add": {declared.name: [value, "x"]}}
            yield file, [*ops, NewOp(Kind.OPENED, subject, said)]


def kinds_in_parts() -> list[Any]:
    """Record kinds by whose they are, in parts that several workers share."""
    found: list[Any] = []
    for of in sorted(schema.CHILDREN):
        kinds = (of, *sorted(schema.CHILDREN[of]))
        parts = 4 if len(kinds) > 10 else 1
        found += [pytest.param(of, kinds[n::parts], id=f"{of}-{n}") for n in range(parts)]
    return found


@pytest.mark.parametrize(("of", "kinds"), kinds_in_parts())
def test_no_value_of_any_field_stops_a_desk_of_the_station_or_above_it(
    tmp_path: Path, of: str, kinds: tuple[str, ...]
) -> None:
    clock = FixedClock.at(2026, 7, 1)
    server = Server(tmp_path / "server", clock)
    pc = PC(tmp_path / "pc", server, clock)
    pc.enrol().sync_well()
    odd = DeskHere(server.db, replica="odd")
    files = 0
    for kind in kinds:
        for n, declared in enumerate(RECORDS[kind]):
            for _, ops in bodies(of, kind, declared, f"{kind}{n}"):
                odd.act(new=ops)
                files += 1
        assert {v.verdict.value for v in odd.push().verdicts} == {"accepted"}
        assert pc.sync_well().agreed, kind
    mine = DeskHere(server.db, replica="mine")
    mine.act("after")
    mine.push()
    fresh = PC(tmp_path / "fresh", server, clock).enrol()
    above = PC(tmp_path / "above", server, clock).enrol("220102", "county")
    for here in (pc, fresh, above):
        assert here.sync_well().agreed
        assert here.case("after").of("service")
        board = load_board(here.desk).result()
        assert not [e for e in board.entries if e.kind is DueKind.UNWORKABLE]
        assert load_policies(here.desk).result().files >= 0
        brought_up_to_date(here.desk)
        assert [f for f in here.faults() if not f.startswith("attachments")] == [], "no bytes came with them"
    known, known_there = (
        {k: v for k, v in at.folds().items() if k.startswith(f"{of}-")} for at in (pc, fresh)
    )
    assert known == known_there and len(known) == files
    for here in (pc, fresh, above):
        here.close()
    server.db.engine.dispose()
