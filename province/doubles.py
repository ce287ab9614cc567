"""One person in files of two stations: found by a keyed hash of the ID number, told to both (M-6.7)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from hashlib import sha256

from sqlalchemy import Connection, bindparam, select, update

from jobdesk.cases.id_number import check_digit, convert15
from jobdesk.cases.ops import Op
from province.db import tables as t
from province.db.writing import among, insert_quietly, widened
from province.reading import root_values


def people(secret: bytes, ops: Iterable[Op]) -> dict[str, bytes]:
    """Subject → keyed hash of the ID number that these operations write last. A number that is none by its
    check digit finds nobody.
    """
    found: dict[str, bytes] = {}
    for op in ops:
        if op.subject.kind != "case":
            continue
        number = root_values(op).get("id_number")
        normal = _normal(number) if isinstance(number, str) else ""
        if normal:
            found[op.subject.id] = hmac.new(secret, b"jobdesk-person-1\n" + normal.encode(), sha256).digest()
    return found


def tell(con: Connection, people: Mapping[str, bytes], now_ms: int) -> None:
    """Remember whose number it is, and tell both stations once where two have it."""
    if not people:
        return
    with widened(con):
        con.execute(
            update(t.subject)
            .where(t.subject.c.id == bindparam("b_id"), t.subject.c.erased.is_(False))
            .values(person=bindparam("b_person")),
            [{"b_id": i, "b_person": p} for i, p in sorted(people.items())],
        )
        rows = con.execute(
            select(t.subject.c.id, t.subject.c.home, t.subject.c.person).where(
                among(con, t.subject.c.person, set(people.values()))
            )
        ).all()
        found = [(r.id, int(r.home), bytes(r.person)) for r in rows]
        insert_quietly(con, t.notice, list(_notices(people, found, now_ms)))


def _notices(
    people: Mapping[str, bytes], rows: Iterable[tuple[str, int, bytes]], now_ms: int
) -> Iterable[dict[str, object]]:
    seen = {subject: (home, person) for subject, home, person in rows}
    for mine in people:
        if mine not in seen:
            continue
        for other, (home, person) in seen.items():
            if other == mine or person != seen[mine][1] or home == seen[mine][0]:
                continue
            for num, own, far in ((seen[mine][0], mine, other), (home, other, mine)):
                mark = sha256(f"duplicate\n{own}\n{far}".encode()).hexdigest()[:32]
                yield {"id": mark, "home": num, "kind": "duplicate", "subjects": json.dumps([own, far]),
                       "text": "", "at_ms": now_ms}  # fmt: skip


def _normal(number: str) -> str:
    typed = number.strip().upper()
    if len(typed) == 15 and typed.isascii() and typed.isdigit():
        return convert15(typed)
    if len(typed) != 18 or not typed.isascii() or not typed[:17].isdigit():
        return ""
    return typed if check_digit(typed[:17]) == typed[17] else ""
