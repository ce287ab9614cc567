"""The talk of two stations about a file that is to move (M-6.6, M-6.9). Nothing moves by it.

Each word is a notice at the station it is for, and a copy at the one that says it, so that every PC of either
knows how far the talk is.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from jobdesk.protocol.codes import ErrorCode, Why
from jobdesk.protocol.messages import Notice, TransferAsk
from province import doubles, fences
from province.db import tables as t
from province.db.writing import among, is_postgres, widened
from province.notices import (
    OVER,
    OWN,
    as_told,
    asked_of,
    clean,
    more_of,
    notice_of,
    put,
    requests_about,
    settle_pair,
    subjects_in,
)
from province.refusing import Refused
from province.scope import Caller

_OURS = (OWN, OVER, "released-")
"""Begin ids that the server makes: a word of such a name would be none of those that are counted."""
MOST_A_DAY = 300
"""Requests of one station in a day (own figure): nobody goes through ID numbers by asking."""
MOST_OTHERS = 20
"""Further stations of one number that are told (own figure)."""
_DAY_MS = 24 * 3600 * 1000
_ID_LENGTH = 64
_REQUEST, _NOBODY = "transfer_request", "transfer_nobody"


@dataclass(frozen=True, slots=True)
class _Word:
    """What is to be written.

    Attributes:
        home, sender: numbers of the streams it is for, and is said by.
        answers: the request it belongs to.
        target: stream that the subjects shall move to.
    """

    home: int
    sender: int
    subjects: list[str]
    answers: str | None = None
    target: str | None = None


def transfer(con: Connection, caller: Caller, ask: TransferAsk, now_ms: int, secret: bytes = b"") -> Notice:
    """Write a request, its answer or its withdrawal; the same id is answered the same.

    Raises:
        Refused: ``out_of_scope`` with ``nobody`` (no file of this number), ``here`` (it is at home with the
            asker), ``no_request``, ``answered``, ``erased``, or nothing where neither side asks or there is
            no such subject or stream; ``body``: what the step needs is missing, or the id is one of the
            server's; ``busy``: too many requests today.
    """
    if ask.id.startswith(_OURS):
        raise Refused(ErrorCode.BODY, detail="id")
    with widened(con):
        _hold(con, ask, secret)
        before = con.execute(select(t.notice).where(t.notice.c.id == ask.id)).one_or_none()
        if before is not None:
            return as_told(caller, _said_before(con, caller, ask, before, secret))
        if ask.step == "request":
            word = _request(con, caller, ask, now_ms, secret)
        elif ask.step == "apart":
            word = _apart(con, caller, ask, now_ms)
        else:
            word = _answer(con, caller, ask, now_ms)
        return as_told(caller, _with_others(con, _say(con, word, ask, now_ms, secret), ask, secret))


def _hold(con: Connection, ask: TransferAsk, secret: bytes) -> None:
    """The fences of whom the word is about: an erasure or a move at the same moment comes before it, and is
    seen, or behind it, and sees it.
    """
    while is_postgres(con):
        step = con.begin_nested()
        held = _about(con, ask, secret)
        fences.hold(con, alone=held)
        if _about(con, ask, secret) <= held:
            step.commit()
            return
        step.rollback()  # another file of this number began meanwhile; the fences go with it


def _about(con: Connection, ask: TransferAsk, secret: bytes) -> set[str]:
    """Subjects that a word names, or the one that it answers."""
    if ask.step != "request":
        asked = con.execute(select(t.notice.c.subjects).where(t.notice.c.id == (ask.answers or "")))
        return {subject for column in asked.scalars() for subject in subjects_in(column)}
    found = {*ask.more} if ask.subject is None else {ask.subject, *ask.more}
    return found | {s for s, _ in _of_number(con, ask.number, secret)} if ask.number is not None else found


def _said_before(
    con: Connection, caller: Caller, ask: TransferAsk, before: Row[Any], secret: bytes
) -> Notice:
    """The same again. A number is looked up for it only when it is the one that it was made with: that was
    counted, and another one would not be.

    Raises:
        Refused: ``out_of_scope``: another's, or nobody was found then.
    """
    if before.sender not in {s.id for s in caller.streams}:
        raise Refused(ErrorCode.OUT_OF_SCOPE)
    if before.kind == _NOBODY:
        raise Refused(ErrorCode.OUT_OF_SCOPE, detail=before.text or "nobody")
    made = notice_of(before, _id_of(con, int(before.home)))
    if not hmac.compare_digest(asked_of(before), _question(ask, secret)):
        return made
    return _with_others(con, made, ask, secret)


def _named(what: str, notice_id: str) -> str:
    """Id of what belongs to a notice: as long as an id may be, and of no other one."""
    if len(what) + len(notice_id) <= _ID_LENGTH:
        return what + notice_id
    return what + sha256(notice_id.encode()).hexdigest()[: _ID_LENGTH - len(what)]


def _question(ask: TransferAsk, secret: bytes) -> str:
    """What the same question is known by: of this id and number, and to be compared with nothing else."""
    person = doubles.keyed(secret, ask.number or "")
    return sha256(ask.id.encode() + b"\n" + person).hexdigest()[:32] if person else ""


def _with_others(con: Connection, made: Notice, ask: TransferAsk, secret: bytes) -> Notice:
    """A request by number is about one file; the asker is told those at further stations, to ask for each."""
    if ask.step != "request" or ask.number is None:
        return made
    first = {
        int(home): subject
        for subject, home in reversed(_of_number(con, ask.number, secret))
        if _id_of(con, int(home)) not in (ask.to, made.to)
    }
    others = [first[home] for home in sorted(first)][:MOST_OTHERS]
    return made.model_copy(update={"others": others}) if others else made


def over(con: Connection, subject: str, target: int, now_ms: int) -> None:
    """A subject has moved: requests about it are settled; who had wanted it elsewhere is told."""
    name = _id_of(con, target)
    for row in requests_about(con, [subject]):
        _settle(con, row.id, now_ms)
        wanted = notice_of(row, None).target
        if wanted not in (None, name) and not row.id.startswith(OWN):
            asker = con.execute(select(t.stream.c.num).where(t.stream.c.id == row.sender)).scalar_one()
            told = {"id": _named(OVER, row.id), "home": int(asker), "kind": "transfer_over",
                    "subjects": row.subjects, "text": "", "at_ms": now_ms, "answers": row.id}  # fmt: skip
            put(con, [told])


def _say(con: Connection, word: _Word, ask: TransferAsk, now_ms: int, secret: bytes) -> Notice:
    """Write it for the one, and its copy for the other."""
    row: dict[str, object] = {
        "id": ask.id, "home": word.home, "kind": f"transfer_{ask.step}", "text": clean(ask.text),
        "at_ms": now_ms, "sender": _id_of(con, word.sender), "answers": word.answers,
        "subjects": json.dumps(word.subjects),
        "more": more_of(word.target, ask.into, ask.facts, asked=_question(ask, secret)),
    }  # fmt: skip
    copy = row | {
        "id": _named(OWN, ask.id), "home": word.sender,
        "more": more_of(word.target, ask.into, ask.facts, _id_of(con, word.home)),
    }  # fmt: skip
    put(con, [row, copy])
    made = con.execute(select(t.notice).where(t.notice.c.id == ask.id)).one()
    return notice_of(made, _id_of(con, int(made.home)))


def _request(con: Connection, caller: Caller, ask: TransferAsk, now_ms: int, secret: bytes) -> _Word:
    """To the station that has the subjects, or to the one that shall have them: whichever does not ask."""
    if (ask.subject is None) == (ask.number is None) or ask.to is None:
        raise Refused(ErrorCode.BODY)
    target = con.execute(select(t.stream.c.num).where(t.stream.c.id == ask.to)).scalar_one_or_none()
    if target is None:
        raise Refused(ErrorCode.OUT_OF_SCOPE)
    _not_too_many(con, ask.to if int(target) in caller.may_write else "", now_ms)
    if ask.subject is not None:
        subjects = list(dict.fromkeys([ask.subject, *ask.more]))
    else:
        subjects = _by_number(con, caller, ask, int(target), now_ms, secret)
    homes = _homes(con, subjects)
    if len(homes) != 1 or int(target) in homes:
        raise Refused(ErrorCode.OUT_OF_SCOPE, detail="here" if homes == {int(target)} else "")
    home = homes.pop()
    if home in caller.may_write and ask.number is None:
        asked, asker = int(target), home
    elif int(target) in caller.may_write:
        asked, asker = home, int(target)
    else:
        raise Refused(ErrorCode.OUT_OF_SCOPE)
    return _Word(asked, asker, subjects, target=ask.to)


def _by_number(
    con: Connection, caller: Caller, ask: TransferAsk, target: int, now_ms: int, secret: bytes
) -> list[str]:
    """The one file of this number at another station; the number itself is kept nowhere.

    Raises:
        NobodyFound: there is none anywhere, or (``here``) only at the asker's own.
        Refused: nothing where another one asks.
    """
    if target not in caller.may_write:
        raise Refused(ErrorCode.OUT_OF_SCOPE)
    rows = _of_number(con, ask.number or "", secret)
    far = [subject for subject, home in rows if int(home) != target]
    if far:
        return far[:1]
    found = "here" if rows else "nobody"
    sender = _id_of(con, target)
    nobody: dict[str, object] = {"id": ask.id, "home": target, "kind": _NOBODY, "subjects": "[]",
                                 "text": found, "at_ms": now_ms, "sender": sender,
                                 "settled_ms": now_ms}  # fmt: skip
    raise NobodyFound(nobody, found)


def _of_number(con: Connection, number: str, secret: bytes) -> list[tuple[str, int]]:
    """(file, number of its stream) of everybody with this ID number."""
    rows = con.execute(
        select(t.subject.c.id, t.subject.c.home)
        .where(t.subject.c.person == doubles.keyed(secret, number), t.subject.c.erased.is_(False))
        .order_by(t.subject.c.home, t.subject.c.id)
    ).all()
    return [(row.id, int(row.home)) for row in rows]


class NobodyFound(Refused):
    """No file of this number elsewhere: the try is counted although the transaction of the request ends with
    it.
    """

    def __init__(self, row: dict[str, object], detail: str) -> None:
        super().__init__(ErrorCode.OUT_OF_SCOPE, detail=detail)
        self.row = row


def _not_too_many(con: Connection, asker: str, now_ms: int) -> None:
    """Raises Refused ``busy``. No ``asker`` where a station offers its own file: that finds out nothing."""
    if not asker:
        return
    count = con.execute(
        select(func.count())
        .select_from(t.notice)
        .where(t.notice.c.sender == asker, t.notice.c.at_ms > now_ms - _DAY_MS)
        .where(t.notice.c.kind.in_([_REQUEST, _NOBODY]), t.notice.c.id.not_like(f"{OWN}%"))  # copies of these
    ).scalar_one()
    if count >= MOST_A_DAY:
        raise Refused(ErrorCode.BUSY, detail="requests", retry_after_s=3600)


def _homes(con: Connection, subjects: Sequence[str]) -> set[int]:
    """Numbers of the streams they are at home in.

    Raises:
        Refused: ``out_of_scope``: one of them is erased, or is none.
    """
    rows = con.execute(
        select(t.subject.c.id, t.subject.c.home).where(
            among(con, t.subject.c.id, set(subjects)), t.subject.c.erased.is_(False)
        )
    ).all()
    if len(rows) != len(set(subjects)):
        raise Refused(ErrorCode.OUT_OF_SCOPE, detail=Why.ERASED if _is_any_erased(con, subjects) else "")
    return {int(r.home) for r in rows}


def _is_any_erased(con: Connection, subjects: Sequence[str]) -> bool:
    erased = select(t.erased.c.subject).where(among(con, t.erased.c.subject, set(subjects))).limit(1)
    return con.execute(erased).first() is not None


def _answer(con: Connection, caller: Caller, ask: TransferAsk, now_ms: int) -> _Word:
    """By the station that was asked; a withdrawal by the one that did."""
    if ask.answers is None:
        raise Refused(ErrorCode.BODY)
    asked = con.execute(select(t.notice).where(t.notice.c.id == ask.answers).with_for_update()).one_or_none()
    if asked is None or asked.kind != _REQUEST or asked.id.startswith(OWN):
        raise Refused(ErrorCode.OUT_OF_SCOPE, detail="no_request")
    asker = int(con.execute(select(t.stream.c.num).where(t.stream.c.id == asked.sender)).scalar_one())
    here, there = (asker, int(asked.home)) if ask.step == "withdraw" else (int(asked.home), asker)
    if here not in caller.may_write:
        raise Refused(ErrorCode.OUT_OF_SCOPE, detail="no_request")
    subjects = subjects_in(asked.subjects)
    if asked.settled_ms is not None and not (ask.step == "accept" and _is_there(con, asked, subjects)):
        why = Why.ERASED if _is_any_erased(con, subjects) else "answered"
        raise Refused(ErrorCode.OUT_OF_SCOPE, detail=why)
    _settle(con, asked.id, now_ms)
    _settle(con, _named(OWN, asked.id), now_ms)
    return _Word(there, here, subjects, answers=asked.id, target=notice_of(asked, None).target)


def _apart(con: Connection, caller: Caller, ask: TransferAsk, now_ms: int) -> _Word:
    """Two people after all: both stations know, and neither is asked again."""
    told = con.execute(select(t.notice).where(t.notice.c.id == (ask.answers or ""))).one_or_none()
    if told is None or told.kind != "duplicate" or int(told.home) not in caller.may_write:
        raise Refused(ErrorCode.OUT_OF_SCOPE, detail="no_request")
    if told.settled_ms is not None:
        raise Refused(ErrorCode.OUT_OF_SCOPE, detail="answered")
    own, far = subjects_in(told.subjects)
    there = con.execute(select(t.subject.c.home).where(t.subject.c.id == far)).scalar_one()
    doubles.hold_of(con, [own, far], ())  # before the notice's row, as every push with the number does
    settle_pair(con, own, far, now_ms)
    doubles.tell(con, doubles.whose(con, own), now_ms)
    return _Word(int(there), int(told.home), [far, own], answers=told.id)


def _is_there(con: Connection, asked: Row[Any], subjects: Sequence[str]) -> bool:
    """Accepted by moving: the move was faster than the word. Nobody said anything else about it."""
    target = notice_of(asked, None).target
    num = con.execute(select(t.stream.c.num).where(t.stream.c.id == target)).scalar_one_or_none()
    said = con.execute(
        select(func.count())
        .select_from(t.notice)
        .where(t.notice.c.answers == asked.id, t.notice.c.kind != "transfer_over")
    ).scalar_one()
    return num is not None and said == 0 and _homes(con, subjects) == {int(num)}


def _settle(con: Connection, notice_id: str, now_ms: int) -> None:
    con.execute(update(t.notice).where(t.notice.c.id == notice_id).values(settled_ms=now_ms))


def _id_of(con: Connection, num: int) -> str:
    return con.execute(select(t.stream.c.id).where(t.stream.c.num == num)).scalar_one()


def count_nobody(con: Connection, found: NobodyFound) -> None:
    """Written in a transaction of its own."""
    put(con, [found.row])
