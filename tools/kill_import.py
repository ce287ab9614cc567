"""Imports that are killed: made-up ledgers, applied and taken back without end, and how they are judged."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from jobdesk.cases.errors import Refused
from jobdesk.cases.id_number import check_digit
from jobdesk.services.desk import Desk
from jobdesk.services.importing.applying import apply, before_import
from jobdesk.services.importing.preview import make_preview
from jobdesk.services.importing.read import read_path
from jobdesk.services.importing.resuming import finish_imports, has_unfinished
from jobdesk.services.importing.undo import undo_import
from jobdesk.store.open_station import OpenStation

PEOPLE = 400
"""In each ledger; several parts of an import."""
READY = True
Say = Callable[..., None]


def ledger(rng: random.Random, count: int = PEOPLE) -> str:
    """A ledger as text: invented people whose numbers compute."""
    lines = ["姓名,性别,身份证号,家庭住址,联系电话,就业困难人员类型"]
    for n in range(count):
        birth = date(1966, 1, 1) + timedelta(days=rng.randrange(12_000))
        first = f"229901{birth:%Y%m%d}{rng.randrange(1, 499) * 2:03d}"
        number = first + check_digit(first)
        phone = f"199{rng.randrange(10**8):08d}"
        lines.append(f"仇凤兰{n},女,{number},新华街{n}号,{phone},大龄失业人员")
    return "\n".join(lines)


def import_without_end(victim: Any, station: OpenStation, desk: Desk, say: Say) -> None:
    """Import, sometimes take back; what was cut off before is finished first, as every start does."""
    finish_imports(desk)
    rng: random.Random = victim.rng
    file: Path = station.paths.data / "ledger.csv"
    say(ready=True)
    while True:
        file.write_text(ledger(rng), encoding="utf-8")
        preview = make_preview(desk, read_path(file, desk.today))
        backup = before_import(station) if rng.random() < 0.3 else None
        try:
            done = apply(desk, preview, backup=backup)
        except Refused as refused:
            if refused.code != "import_stale":
                raise
            continue
        say(**{"import": done.import_id, "new": done.counts.new})
        if done.import_id is not None and rng.random() < 0.5:
            undo_import(desk, done.import_id)
            say(**{"import": done.import_id, "new": 0})


def finish_and_judge(desk: Desk, imports: dict[str, dict[str, Any]]) -> list[str]:
    """Finish what was cut off; no import may be half there, and an acknowledged one not at all.

    Args:
        imports: id → the last that was acknowledged of it (``new`` is 0 once it was taken back).
    """
    finish_imports(desk)
    wrong = ["an import is left unfinished"] if has_unfinished(desk) else []

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return desk.read(lambda con: con.execute(sql).fetchall()).result()

    states = {
        i: json.loads(d) for i, d in rows("SELECT record_id, data FROM record_row WHERE kind = 'import'")
    }
    standing = dict(
        rows(
            "SELECT o.import_id, count(*) FROM op o JOIN case_row c ON c.case_id = o.subject_id "
            "WHERE o.import_id IS NOT NULL AND o.kind = 'Opened' AND json_extract(o.payload, '$.record') = 'case' "
            "GROUP BY o.import_id"
        )
    )
    for import_id, values in states.items():
        state, there = values.get("state"), standing.get(import_id, 0)
        wanted = (values.get("counts") or {}).get("new")
        if state == "applied" and there != wanted:
            wrong.append(f"import {import_id}: {there} of {wanted} people")
        elif state == "undone" and there:
            wrong.append(f"import {import_id} was taken back, {there} people stand")
        elif state not in ("applied", "undone"):
            wrong.append(f"import {import_id} is {state}")
    for import_id, fact in imports.items():
        there = standing.get(import_id, 0)
        if fact["new"] and there != fact["new"] and states.get(import_id, {}).get("state") != "undone":
            wrong.append(f"acknowledged import {import_id}: {there} of {fact['new']} people")
        if not fact["new"] and there:
            wrong.append(f"acknowledged undo of {import_id}: {there} people stand")
    return wrong
