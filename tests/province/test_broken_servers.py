"""Servers with one thing wrong, each found by the suite over the wire: it once passed most of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from starlette.exceptions import HTTPException

from jobdesk.cases.ops import Kind
from jobdesk.protocol import bodies
from jobdesk.protocol.codes import STATUS, ErrorCode, Reason
from province import (
    accept,
    asking,
    carried_requests,
    carrying,
    enrolling,
    judging,
    notices,
    reading,
    serving,
    transfers,
)
from province.db import tables as t
from province.db.engine import Database
from province.refusing import Refused
from province.serving import Province
from province.web import around as web_around
from province.web import faults
from province.web import reading as web_reading
from tests.province.breaking import Patch, around, ground_on
from tests.province.ground import sqlite_at
from tools.conformance.musts import ALL


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """What a suite sees does not hang on the database."""
    made = sqlite_at(tmp_path)
    yield made
    made.engine.dispose()


def _takes_no_version_for_one(patch: Patch) -> None:
    for where in (web_around, web_reading):
        around(patch, where, "is_answered", lambda whole, said, *rest: not said or whole(said, *rest))


def _asks_no_signature(path: str) -> Callable[[Patch], None]:
    """At one address."""

    def broken(patch: Patch) -> None:
        def vouched(whole: Any, con: Connection, asked: Any, *rest: Any, **named: Any) -> Any:
            if asked.path == path:
                asked = asking.Vouched(*(getattr(asked, f.name) for f in dataclasses.fields(asked)))
            return whole(con, asked, *rest, **named)

        around(patch, serving, "caller_of", vouched)

    return broken


def _lists_what_has_no_payload(patch: Patch) -> None:
    around(patch, reading, "fault", lambda whole, op: None if op.payload is None else whole(op))


def _takes_any_hash(where: Callable[[int, int], bool]) -> Callable[[Patch], None]:
    """At places of which this holds, given what the desk says and what the server has."""

    def broken(patch: Patch) -> None:
        def taken(whole: Any, con: Connection, caller: Any, head: Any) -> Any:
            has = con.execute(
                select(t.replica.c.acked).where(t.replica.c.id == head.replica)
            ).scalar_one_or_none()
            if has is not None and 0 < head.acked.seq <= has and where(head.acked.seq, int(has)):
                known = accept._hashes(con, head.replica, [head.acked.seq])[head.acked.seq]
                place = head.acked.model_copy(update={"hash": known.hex()})
                head = head.model_copy(update={"acked": place})
            return whole(con, caller, head)

        around(patch, accept, "_lock_replica", taken)

    return broken


def _erases(may: Callable[[Any, bool], bool]) -> Callable[[Patch], None]:
    """Whether an erasure is listed, given what judges it and whether it should be."""

    def broken(patch: Patch) -> None:
        def judged(whole: Any, here: Any, action: Any) -> bool:
            should = whole(here, action)
            if not any(op.kind is Kind.ERASED for op in action.ops):
                return should
            if may(here, should):
                for subject in here._unknown(action):
                    here._known.late[subject] = here._caller.home
                action.reason = None
                return True
            action.keep(Reason.OUT_OF_SCOPE)
            return False

        around(patch, judging.Judging, "_may", judged)

    return broken


def _takes_a_part_for_the_whole(patch: Patch) -> None:
    def followed(whole: Any, con: Connection, head: Any, tip: Any, items: Any) -> Any:
        known = {i.action for i in items if 0 < i.seq <= tip.seq}
        return [i for i in whole(con, head, tip, items) if i.action not in known]

    around(patch, accept, "_follow", followed)


def _takes_what_is_anothers(patch: Patch) -> None:
    def read(whole: Any, lines: Any, replica: str) -> Any:
        items = [reading.item(line) for line in lines]
        for one in items:
            one.replica = replica
        for before, one in pairwise(items):
            one.seq, one.prev = before.seq + 1, before.hash
        return items

    around(patch, accept, "_read", read)


def _names_no_epoch(patch: Patch) -> None:
    around(patch, Province, "transfer", lambda whole, *given: whole(*given).model_copy(update={"epoch": ""}))


def _withdraws_nothing(patch: Patch) -> None:
    def answered(whole: Any, con: Connection, caller: Any, ask: Any, now: int) -> Any:
        if ask.step == "withdraw":
            raise Refused(ErrorCode.OUT_OF_SCOPE)
        return whole(con, caller, ask, now)

    around(patch, transfers, "_answer", answered)


def _keeps_answers_to_itself(patch: Patch) -> None:
    def said(whole: Any, con: Connection, word: Any, ask: Any, now: int, secret: bytes) -> Any:
        made = whole(con, word, ask, now, secret)
        if ask.step != "request":
            con.execute(update(t.notice).where(t.notice.c.id == ask.id).values(settled_ms=now))
        return made

    around(patch, transfers, "_say", said)


def _shuts_out_but(part: str) -> Callable[[Patch], None]:
    def broken(patch: Patch) -> None:
        def caller(whole: Any, self: Province, asked: Any, *, reads: bool = False) -> Any:
            return whole(self, asked, reads=reads and part not in f"{asked.method} {asked.path}")

        around(patch, Province, "_caller", caller)

    return broken


def _shuts_nobody_out_of_files(patch: Patch) -> None:
    def found(whole: Any, con: Connection, asked: Any, *rest: Any, **named: Any) -> Any:
        caller = whole(con, asked, *rest, **named)
        return dataclasses.replace(caller, revoked=False) if isinstance(asked, asking.Vouched) else caller

    around(patch, serving, "caller_of", found)


def _has_no_room_for_verdicts(patch: Patch) -> None:
    def pushed(whole: Any, server: Any, asked: Any, back: Any) -> None:
        if back.left <= 0:
            back.more = True
        else:
            whole(server, asked, back)

    around(patch, carried_requests, "_push", pushed)


def _bootstraps_one_page(patch: Patch) -> None:
    patch.setattr(
        carried_requests,
        "_bootstrap",
        lambda server, asked, back: back.add(asked, 200, server.bootstrap(asked)),
    )


def _brings_no_contents(patch: Patch) -> None:
    patch.setattr(
        carried_requests, "_content", lambda server, asked, digest, back: setattr(back, "more", True)
    )


def _brings_a_part_of_contents(patch: Patch) -> None:
    def parts(whole: Any, get: Any, left: int) -> Any:
        return (found for found in whole(get, 1 << 30) if len(found[0]) <= left)

    around(patch, carried_requests, "_chunks", parts)


def _answers_in_files_only(*paths: str) -> Callable[[Patch], None]:
    def broken(patch: Patch) -> None:
        def answered(whole: Any, server: Any, asked: Any, back: Any, version: int) -> None:
            if asked.path in paths:
                whole(server, asked, back, version)
            else:
                back.add(asked, 404, b'{"error":"body"}')

        around(patch, carrying, "answer", answered)

    return broken


def _falls_over_what_is_deep(patch: Patch) -> None:
    def read(whole: Any, asked: Any, kind: Any) -> Any:
        if asked.body.startswith(b"[["):
            raise HTTPException(500)
        return whole(asked, kind)

    around(patch, serving, "_message", read)


def _calls_every_fault_an_address(patch: Patch) -> None:
    patch.setattr(faults, "_NOWHERE", {})


def _has_a_status_of_its_own(patch: Patch) -> None:
    patch.setattr(faults, "STATUS", {**STATUS, ErrorCode.GAP: 400})


def _says_nothing_of_the_erased(patch: Patch) -> None:
    around(patch, serving, "PushAnswer", lambda whole, **said: whole(**{**said, "erased": []}))


def _counts_every_push(patch: Patch) -> None:
    pushes = count(1)
    around(patch, serving, "PushAnswer", lambda whole, **said: whole(**{**said, "heard": next(pushes)}))


BROKEN: dict[str, tuple[str, Callable[[Patch], None]]] = {
    "M-1.1 none said is the newest": ("m_1_1_a_request_without_a_version", _takes_no_version_for_one),
    "M-2.1 words need no signature": ("m_2_1_at_every_address", _asks_no_signature("/v1/transfer")),
    "M-2.6 a renewal is for no time": ("m_2_6_renewing", lambda p: p.setattr(enrolling, "VALID_DAYS", 0)),
    "M-2.7 who is shut out may talk": ("m_2_7_a_revoked_device", _shuts_out_but("/transfer")),
    "M-2.7 he may bring contents": ("m_2_7_a_revoked_device", _shuts_out_but("PUT /v1/blobs/")),
    "M-2.7 he may fetch contents": ("m_2_7_a_revoked_device", _shuts_out_but("GET /v1/blobs/")),
    "M-2.7 and M-12.3 his file is anybody's": ("m_2_7_a_revoked_device", _shuts_nobody_out_of_files),
    "M-3.2 a thousand times what came": (
        "m_3_1_and_3_2_limits", lambda p: p.setattr(bodies, "MAX_INFLATION", 10**9)),
    "M-3.2 as much as there is": (
        "m_3_1_and_3_2_limits",
        lambda p: around(p, serving, "read_body", lambda whole, body, kind: whole(body, kind, 1 << 30))),
    "M-4.3 an action of any length": (
        "m_4_3_an_action_of_too_many_operations", lambda p: p.setattr(accept, "MAX_ACTION_OPS", 10**9)),
    "M-4.3 a line of any length": (
        "m_4_3_a_line_that_is_too_long", lambda p: p.setattr(reading, "MAX_OP_BYTES", 10**9)),
    "M-4.3 a part is the whole": ("m_4_3_a_piece_that_comes_later", _takes_a_part_for_the_whole),
    "M-4.4 a header without its body is listed": ("m_4_4_a_header_whose_body_is_lost", _lists_what_has_no_payload),
    "M-4.6 what follows what is kept apart": (
        "m_4_6_gap_and_fork", lambda p: p.setattr(accept._Tip, "known", False)),
    "M-4.7 the hash at the end": ("m_4_7_hashes_are_compared", _takes_any_hash(lambda said, has: said == has)),
    "M-4.7 the hash before the end": ("m_4_7_hashes_are_compared", _takes_any_hash(lambda said, has: said < has)),
    "M-4.9 what is another's is anybody's": ("m_4_9_nobody_owns_what_is_anothers", _takes_what_is_anothers),
    "M-6.5 a file begins by a merge": (
        "m_6_5_no_file_begins_by_a_merge", lambda p: p.setattr(judging.Judging, "_merged_only", lambda *_: False)),
    "M-6.6 a word of the server's name": ("m_6_6_ids_of_words", lambda p: p.setattr(transfers, "_OURS", ("-",))),
    "M-6.6 copies of one name": (
        "m_6_6_ids_of_words", lambda p: p.setattr(transfers, "_named", lambda what, name: (what + name)[:64])),
    "M-6.6 no epoch": ("m_6_6_a_word_names_the_servers_life", _names_no_epoch),
    "M-6.6 nothing is withdrawn": ("m_6_6_a_request_is_withdrawn", _withdraws_nothing),
    "M-6.6 an answer goes nowhere": ("m_6_6_requests", _keeps_answers_to_itself),
    "M-6.10 an erasure is told to nobody it was told": (
        "m_6_10_masked_and_blanked", lambda p: p.setattr(notices, "_is_erased", lambda *_: [])),
    "M-7.1 anybody erases": ("m_7_1_who_may_erase", _erases(lambda here, should: True)),
    "M-7.1 only who has him at home erases": (
        "m_7_1_who_may_erase", _erases(lambda here, should: should and not here._known.late)),
    "M-7.3 nobody is told whom he writes of": ("m_7_3_told_to_who_wrote_of_somebody", _says_nothing_of_the_erased),
    "M-8.6 whoever heard of more is counted": ("m_8_6_pushes_are_counted", _counts_every_push),
    "M-10.1 a status of its own": ("m_10_1_refusals", _has_a_status_of_its_own),
    "M-10.2 a method is an address": (
        "m_10_2_addresses_and_methods_that_there_are_not", _calls_every_fault_an_address),
    "M-10.3 deep bodies": ("m_10_3_nothing_answers_5xx", _falls_over_what_is_deep),
    "M-12.3 pushes and pulls only": (
        "m_12_3_whatever_a_line_may", _answers_in_files_only("/v1/push", "/v1/pull")),
    "M-12.6 verdicts where there is room": ("m_12_6_verdicts_always_have_room", _has_no_room_for_verdicts),
    "M-12.6 a bootstrap's first page": ("m_12_6_a_bootstrap_with_all_its_pages", _bootstraps_one_page),
    "M-12.7 no contents": ("m_12_7_contents_go_whole_or_wait", _brings_no_contents),
    "M-12.7 a part of a content": ("m_12_7_contents_go_whole_or_wait", _brings_a_part_of_contents),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_found(name: str, db: Database, tmp_path: Path, monkeypatch: Patch) -> None:
    asked, broken = BROKEN[name]
    (must,) = (one for one in ALL if one.__name__ == asked)
    made = ground_on(db, tmp_path)
    if "M-2.7" not in name:  # a machine is shut out once
        must(made)
    broken(monkeypatch)
    with pytest.raises((AssertionError, ValueError)):
        must(made)


def test_who_is_shut_out(db: Database, tmp_path: Path) -> None:
    """Of a sound server; once only, as nobody lets a machine in again."""
    (must,) = (one for one in ALL if one.__name__ == "m_2_7_a_revoked_device")
    must(ground_on(db, tmp_path))


def test_an_enrolment_by_any_key_is_found(db: Database, tmp_path: Path, monkeypatch: Patch) -> None:
    """Before there are desks."""
    (must,) = (one for one in ALL if one.__name__ == "m_2_1_enrol_is_signed_by_the_key_it_brings")
    monkeypatch.setattr(serving, "signed_by", lambda *_: None)
    made = ground_on(db, tmp_path)
    with pytest.raises((AssertionError, ValueError)):
        must(made)
