"""Becoming a device of a station: address and code from a person or from IT, a key made here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from jobdesk import __version__
from jobdesk.cases.clock import Clock
from jobdesk.cases.enrolment_code import parse_enrolment_code
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.cases.ops import NewOp, Subject, fields_set, opened, withdrawn
from jobdesk.cases.state import RecordState
from jobdesk.host.policy_settings import Policy
from jobdesk.protocol.messages import EnrolAsk, Enrolled
from jobdesk.protocol.signing import public_of
from jobdesk.store import local, sync_facts, sync_moves, sync_state
from jobdesk.store.log import ops_of_subject
from jobdesk.store.station_file import STATION_SUBJECT, StationFile, Writing
from jobdesk.sync.client import Client
from jobdesk.sync.keys import key_for_enrolment
from jobdesk.sync.transport import Transport

MOVING = ("staff", "rule_pack")
"""Records of a station that go on under its one subject as they are. Its name and place go beside those of
the station's first PC, its settings once it is known which of them the station has (``carry_settings``).
"""
OF_THIS_PC = frozenset({"practice", "second_folder_note"})
"""Fields of a station's record that say something of one PC alone."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What IT has set for this machine: where to enrol, and with which code. Either may be empty."""

    server: str = ""
    code: str = ""


def offer_of(policy: Policy) -> Offer:
    """From the MSI's properties or policy: nobody types anything."""
    return Offer(policy.value("server"), policy.enrolment.text if policy.enrolment else "")


_HERE = ("127.0.0.1", "localhost", "::1")


def checked_server(address: str) -> str:
    """The address as it is used. Plain http is for this machine only: what is sent is about people.

    Raises:
        BadInput: ``server_address``.
    """
    found = address.strip().rstrip("/")
    try:
        parts = urlsplit(found)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadInput("server_address", server=address) from None
    # what stands before an @ is no host: http://127.0.0.1:80@elsewhere goes elsewhere
    if (
        host
        and "@" not in parts.netloc
        and (found.startswith("https://") or (found.startswith("http://") and host in _HERE))
    ):
        return found
    raise BadInput("server_address", server=address)


_ANEW = ("sync_unknown_device", "sync_revoked")
"""Last words of a server with which only a new code helps: it was restored to a time before this device, or
somebody shut the device out."""


def is_enrolled(file: StationFile) -> bool:
    """Whether this file is a device of its server, as far as the last exchange told."""
    facts = file.read(sync_facts.all_facts).result()
    return "device" in facts and facts.get("last_error") not in _ANEW


def enrol(
    file: StationFile, transport: Transport, server: str, code: str, clock: Clock, actor: str
) -> Enrolled:
    """Enrol this file's device; a kill in between is made good by enrolling again with the same code.

    Raises:
        BadInput: the code's check does not hold (nothing was asked), or the address is none.
        Refused: ``sync_enrolled`` this file is a device already, and its server knows it.
        Trouble: ``no_line``; ``sync_bad_code`` none of the server's, used, or too old.
    """
    address = checked_server(server)
    text = parse_enrolment_code(code).text
    if is_enrolled(file):
        raise Refused("sync_enrolled")
    key = key_for_enrolment(file)
    client = Client(transport, "", key)
    ask = EnrolAsk(
        code=text, device_key=public_of(key).hex(), program=f"jobdesk {__version__}",
        station_subject=file.station_subject,
    )  # fmt: skip
    told = client.enrol(ask)
    file.write(lambda w: _keep(w, told, address, key, file.station_subject, actor)).result()
    if told.role == "desk" and told.station.station_subject:
        file.station_subject = told.station.station_subject
    return told


def _keep(w: Writing, told: Enrolled, server: str, key: bytes, subject: str, actor: str) -> None:
    con = w.con
    before = sync_facts.get(con, "station")
    sync_facts.put(con, "server", server)
    sync_facts.put(con, "device_key", key.hex())
    sync_facts.put(con, "device_key_new", "")
    sync_facts.put(con, "last_error", "")
    sync_facts.put(con, "heard", "")
    sync_moves.say_again(con)  # it may know no word of this PC's either
    remember(w, told)
    station = told.station
    if told.role == "desk":
        sync_state.know_stream(
            con, station.stream, station.name, station.region, station.station_subject,
            loading=sync_state.NEW,
        )  # fmt: skip
        if station.station_subject and station.station_subject != subject:
            here = before in ("", station.stream)  # who comes from another station left its settings there
            adopt_station(w, subject, station.station_subject, actor, typed_here=here)


def remember(w: Writing, told: Enrolled) -> None:
    """What an enrolment or a renewal says of this device and its server."""
    con = w.con
    sync_facts.put(con, "device", told.device)
    sync_facts.put(con, "role", told.role)
    sync_facts.put(con, "station", told.station.stream)
    sync_facts.put(con, "station_name", told.station.name)
    if not sync_facts.get(con, "epoch"):
        sync_facts.put(con, "epoch", told.epoch)
    sync_facts.put(con, "valid_until_ms", told.valid_until_ms)
    sync_facts.put(con, "exchange_key", told.exchange_key)
    sync_facts.put(con, "signing_key", told.signing_key)


def adopt_station(w: Writing, before: str, canonical: str, actor: str, *, typed_here: bool = True) -> None:
    """This file's station is known by another subject than the one it was made with: the station's first PC
    gave it. One action opens the people of this PC there, under their ids, and takes them back here.

    What was typed here about the station itself was typed by somebody who did not know of the other record:
    it is written beside that one without bases. What is blank there is filled, equal values are no question,
    and what differs is one like any other.

    Args:
        typed_here: whether name, place and settings of this file are in no other station's stream.
    """
    old, new = Subject("station", before), Subject("station", canonical)
    state = w.state(old)
    moving = [r for kind in MOVING for r in state.of(kind)]
    ids = {(r.kind, r.id) for r in moving}
    taken_back = [
        op.op_id
        for op in ops_of_subject(w.con, before)
        if op.payload is not None and (op.payload.get("record"), op.payload.get("id")) in ids
    ]
    todo: list[NewOp] = [opened(new, r.kind, r.id, r.values()) for r in moving]
    if typed_here:
        todo += _beside(new, state.root)
        owed = bool(state.of("setting"))
        sync_facts.put(w.con, "settings_owed", json.dumps({"from": before, "actor": actor}) if owed else "")
    if taken_back:
        todo.append(withdrawn(old, taken_back))
    local.set_fact(w.con, STATION_SUBJECT, canonical)
    _append(w, actor, todo)


def _beside(station: Subject, mine: RecordState) -> list[NewOp]:
    values = {k: v for k, v in mine.values().items() if k not in OF_THIS_PC and v not in (None, "")}
    return [fields_set(station, station.kind, station.id, values, {})] if values else []


def carry_settings(w: Writing) -> bool:
    """What was set on this PC before it was the station's, once the station's own settings are all here: one
    that it lacks is set, another value of one it has is a question. Returns whether anything was written.
    """
    owed = sync_facts.get(w.con, "settings_owed")
    stream = sync_state.stream(w.con, sync_facts.get(w.con, "station")) if owed else None
    if stream is None or stream.loading is not None or stream.at.seq < stream.head:
        return False
    told = json.loads(owed)
    station = Subject("station", w.station_subject)
    held = {r.text("key"): r for r in w.state(station).of("setting")}
    mine = {r.text("key"): r.get("value") for r in w.state(Subject("station", told["from"])).of("setting")}
    todo: list[NewOp] = []
    for key, value in mine.items():
        if value is None:
            continue
        if key not in held:
            todo.append(opened(station, "setting", w.new_id(), {"key": key, "value": value}))
        elif held[key].get("value") != value:
            todo.append(fields_set(station, "setting", held[key].id, {"value": value}, {}))
    sync_facts.put(w.con, "settings_owed", "")
    _append(w, told["actor"], todo)
    return bool(todo)


def _append(w: Writing, actor: str, todo: Sequence[NewOp]) -> None:
    if todo:
        w.append(actor, todo)
