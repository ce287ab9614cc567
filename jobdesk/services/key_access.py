"""Who can open the station file: the slots of accounts, a new recovery code, taking a slot away."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases.errors import Refused, Trouble, WrongKey
from jobdesk.host.secrets import NoKeyring, Secrets, open_secrets
from jobdesk.store.keyslots import (
    Kind,
    add_account_slot,
    list_slots,
    open_with_account,
    remove_slot,
    replace_recovery,
)
from jobdesk.store.open_station import OpenStation
from jobdesk.store.recovery_code import RecoveryCode


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One way of opening the file.

    Attributes:
        is_mine: the slot of the account that sits here now.
        removable: False for the recovery code and for the only way in this account has.
    """

    slot_id: str
    kind: Kind
    created_ms: int
    is_mine: bool
    removable: bool


def slot_lines(station: OpenStation, secrets: Secrets | NoKeyring | None = None) -> Future[list[SlotLine]]:
    """Every slot in the order of making. Asks the credential store which one is this account's."""

    def job() -> list[SlotLine]:
        mine = _mine(station, secrets if secrets is not None else open_secrets())
        slots = list_slots(station.paths.keyslots)
        return [
            SlotLine(s.slot_id, s.kind, s.created_ms, s.slot_id == mine, _removable(s.kind, s.slot_id, mine))
            for s in slots
        ]

    return station.file.work.aside(job)


def _removable(kind: Kind, slot_id: str, mine: str) -> bool:
    if kind == "recovery" or slot_id == mine:
        return False
    return kind == "account" or bool(mine)  # without an account's slot the key file is today's way in


def _mine(station: OpenStation, secrets: Secrets | NoKeyring) -> str:
    if isinstance(secrets, NoKeyring):
        return ""
    try:
        return open_with_account(station.paths.keyslots, secrets).slot_id
    except (WrongKey, Trouble):
        return ""


def install_recovery(station: OpenStation, code: RecoveryCode) -> Future[None]:
    """From now on this code opens the file and backups to come; the old one opens older backups only."""

    def job() -> None:
        now = station.file.clock.now_ms()
        replace_recovery(station.paths.keyslots, station.key, now_ms=now, recovery=code)

    return station.file.work.aside(job)


def take_slot(station: OpenStation, slot_id: str) -> Future[None]:
    """That account can no longer open the file without the recovery code.

    Raises (in the future):
        Refused: ``last_way_in``, the recovery code is replaced, never removed.
    """
    return station.file.work.aside(lambda: remove_slot(station.paths.keyslots, station.key, slot_id))


def give_me_a_slot(station: OpenStation) -> Future[str]:
    """This account opens the file from now on without a key file.

    Raises (in the future):
        Refused: ``no_keyring``, the machine has no credential store.
    """

    def job() -> str:
        found = open_secrets()
        if isinstance(found, NoKeyring):
            raise Refused("no_keyring")
        now = station.file.clock.now_ms()
        return add_account_slot(station.paths.keyslots, station.key, found, now_ms=now)

    return station.file.work.aside(job)
