"""Codes that let a machine in once, devices with the key they made, renewal, revocation."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from jobdesk.cases.enrolment_code import enrolment_code, parse_enrolment_code
from jobdesk.cases.errors import BadInput
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import CODE_HOURS, MAX_STREAMS
from jobdesk.protocol.messages import EnrolAsk, Enrolled, StreamInfo
from jobdesk.protocol.validity import DAY_MS, RENEW_DAYS, VALID_DAYS
from province.db import tables as t
from province.db.writing import insert_new
from province.identity import Identity
from province.notices import clean
from province.refusing import Refused
from province.scope import streams_of

_NO_WORK_AT_A_STATION = (
    "服务站的电脑只能是 desk（不写 --role 就是）：按 county、province 登记的电脑，新建的人员都不会被接收；"
    "只带文件的电脑用 --role carrier"
)
_NO_WORK_ABOVE = (
    "{org} 不是服务站，那里的电脑不能是 desk：它新建的人员没有服务站，都不会被接收；"
    "不写 --role 就是合适的，或者给下面某个服务站的登记码"
)


def issue_code(con: Connection, org: str, role: str, now_ms: int) -> str:
    """A code for one machine of an organisation, shown once; only its hash is kept.

    Raises:
        LookupError: no such organisation.
        ValueError: a role that such an organisation has no work for; more stations under it than one pull can
            name.
    """
    level = con.execute(select(t.org.c.level).where(t.org.c.id == org)).scalar_one_or_none()
    if level is None:
        raise LookupError(org)
    if role != "carrier" and (role == "desk") != (level == "station"):
        raise ValueError(_NO_WORK_AT_A_STATION if level == "station" else _NO_WORK_ABOVE.format(org=org))
    if role != "carrier" and len(streams_of(con, org)) > MAX_STREAMS:
        raise ValueError(
            f"{org} 下属服务站超过 {MAX_STREAMS} 个，一台电脑收不下；请用查看页面，或给下级机构的登记码"
        )
    code = enrolment_code(secrets.token_bytes(9)).text
    con.execute(
        insert(t.enrolment_code).values(
            hash=_hash(code), org=org, role=role, made_ms=now_ms, expires_ms=now_ms + CODE_HOURS * 3_600_000
        )
    )
    return code


def too_many_stations(con: Connection) -> dict[str, int]:
    """Organisations whose machines see not all that is under them, and how many stations that is."""
    machines = select(t.device.c.org).distinct()
    above = machines.where(t.device.c.role.not_in(("desk", "carrier")), t.device.c.revoked_ms.is_(None))
    found = {org: len(streams_of(con, org)) for org in con.execute(above.order_by(t.device.c.org)).scalars()}
    return {org: count for org, count in found.items() if count > MAX_STREAMS}


def enrol(con: Connection, ask: EnrolAsk, device_id: str, me: Identity, now_ms: int) -> Enrolled:
    """Let a machine in. The same key with the same code is answered again: an answer may have been lost.

    Raises:
        Refused: ``bad_code``: none of ours, used by another key, or too old.
    """
    try:
        code = parse_enrolment_code(ask.code).text
    except BadInput as bad:
        raise Refused(ErrorCode.BAD_CODE, detail=bad.code) from bad
    key = bytes.fromhex(ask.device_key)
    row = con.execute(
        select(t.enrolment_code).where(t.enrolment_code.c.hash == _hash(code)).with_for_update()
    ).one_or_none()
    if row is None:
        raise Refused(ErrorCode.BAD_CODE, detail="unknown")
    if row.used_ms is not None:
        known = con.execute(select(t.device).where(t.device.c.id == row.device)).one_or_none()
        if known is None or bytes(known.public_key) != key:
            raise Refused(ErrorCode.BAD_CODE, detail="used")
        return _answer(con, known.id, known.org, known.role, int(known.valid_until_ms), me)
    if now_ms > row.expires_ms:
        raise Refused(ErrorCode.BAD_CODE, detail="expired")
    until = now_ms + VALID_DAYS * DAY_MS
    before = con.execute(select(t.device).where(t.device.c.public_key == key)).one_or_none()
    if before is not None:  # the answer to an earlier code was lost: it is the same machine
        return _again(con, before, row, ask, until, me, now_ms)
    new = {"id": device_id, "org": row.org, "role": row.role, "public_key": key, "enrolled_ms": now_ms,
           "valid_until_ms": until, "program": clean(ask.program)}  # fmt: skip
    # the same key may come with another code at the same time
    if not insert_new(con, t.device, [new], t.device.c.id):
        before = con.execute(select(t.device).where(t.device.c.public_key == key)).one()
        return _again(con, before, row, ask, until, me, now_ms)
    con.execute(
        update(t.enrolment_code)
        .where(t.enrolment_code.c.hash == row.hash)
        .values(used_ms=now_ms, device=device_id)
    )
    _name_station(con, row, ask)
    return _answer(con, device_id, row.org, row.role, until, me)


def _name_station(con: Connection, code: Row[Any], ask: EnrolAsk) -> None:
    """The first PC of a station brings the station's own subject."""
    if code.role == "desk":
        con.execute(
            update(t.stream)
            .where(t.stream.c.org == code.org, t.stream.c.station_subject.is_(None))
            .values(station_subject=ask.station_subject)
        )


def _again(
    con: Connection, device: Row[Any], code: Row[Any], ask: EnrolAsk, until: int, me: Identity, now_ms: int
) -> Enrolled:
    """A machine that is known by its key and comes with another code: its place is that of the new one.

    Raises:
        Refused: ``bad_code`` for a machine that was shut out: it has to make a new key.
    """
    if device.revoked_ms is not None:
        raise Refused(ErrorCode.BAD_CODE, detail="revoked")
    con.execute(
        update(t.device)
        .where(t.device.c.id == device.id)
        .values(org=code.org, role=code.role, valid_until_ms=until)
    )
    con.execute(
        update(t.enrolment_code)
        .where(t.enrolment_code.c.hash == code.hash)
        .values(used_ms=now_ms, device=device.id)
    )
    _name_station(con, code, ask)
    return _answer(con, device.id, code.org, code.role, until, me)


def renew(con: Connection, device_id: str, me: Identity, now_ms: int) -> Enrolled:
    """Another half year.

    Raises:
        Refused: ``unknown_device`` when its validity ended more than 400 days ago; ``revoked``.
    """
    row = con.execute(select(t.device).where(t.device.c.id == device_id).with_for_update()).one()
    if row.revoked_ms is not None:
        raise Refused(ErrorCode.REVOKED)
    if now_ms > row.valid_until_ms + RENEW_DAYS * DAY_MS:
        raise Refused(ErrorCode.UNKNOWN_DEVICE, detail="expired")
    until = now_ms + VALID_DAYS * DAY_MS
    con.execute(update(t.device).where(t.device.c.id == device_id).values(valid_until_ms=until))
    return _answer(con, device_id, row.org, row.role, until, me)


def revoke(con: Connection, device_id: str, why: str, now_ms: int) -> bool:
    """A stolen machine; False when there is none of this id, or it is shut out already."""
    done = con.execute(
        update(t.device)
        .where(t.device.c.id == device_id, t.device.c.revoked_ms.is_(None))
        .values(revoked_ms=now_ms, revoked_why=why)
    )
    return done.rowcount > 0


def shut_out_ms(con: Connection, device_id: str) -> int | None:
    """When this machine was shut out; None where it was not, or there is none of this id."""
    when = con.execute(select(t.device.c.revoked_ms).where(t.device.c.id == device_id)).scalar_one_or_none()
    return None if when is None else int(when)


def revoked(con: Connection) -> Iterator[str]:
    """Machines that were shut out: ids."""
    query = select(t.device.c.id).where(t.device.c.revoked_ms.is_not(None)).order_by(t.device.c.id)
    yield from con.execute(query).scalars()


def _answer(con: Connection, device: str, org: str, role: str, until: int, me: Identity) -> Enrolled:
    found = [s for s in streams_of(con, org) if s.id == org]
    name = con.execute(select(t.org.c.name).where(t.org.c.id == org)).scalar_one()
    station = (
        StreamInfo(stream=org, name=found[0].name, region=found[0].region,
                   station_subject=found[0].station_subject)
        if found
        else StreamInfo(stream=org, name=name, region="")
    )  # fmt: skip
    return Enrolled.model_validate(
        {
            "device": device, "station": station, "role": role, "epoch": me.epoch, "valid_until_ms": until,
            "exchange_key": me.exchange_public.hex(), "signing_key": me.signing_public.hex(),
        }
    )  # fmt: skip


def _hash(code: str) -> bytes:
    return sha256(b"jobdesk-enrolment\n" + code.encode()).digest()
