"""What the server is: its epoch, its secrets, its keys. Made once, kept in its database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import Connection, insert, select, update

from province.db import tables as t

_ALL = select(t.server)


@dataclass(frozen=True, slots=True)
class Identity:
    """Secrets stay in the process; the two public keys go to every enrolled device."""

    name: str
    epoch: str
    nonce_secret: bytes
    person_secret: bytes
    signing_key: bytes
    exchange_key: bytes

    @property
    def signing_public(self) -> bytes:
        key = Ed25519PrivateKey.from_private_bytes(self.signing_key).public_key()
        return key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def exchange_public(self) -> bytes:
        key = X25519PrivateKey.from_private_bytes(self.exchange_key).public_key()
        return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def found(con: Connection, name: str) -> None:
    """Make what is not there yet. Safe to call at every start of a migration."""
    raw = (Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    wanted = {
        "name": name,
        "epoch": secrets.token_hex(16),
        "nonce_secret": secrets.token_hex(32),
        "person_secret": secrets.token_hex(32),
        "signing_key": Ed25519PrivateKey.generate().private_bytes(*raw).hex(),
        "exchange_key": X25519PrivateKey.generate().private_bytes(*raw).hex(),
    }
    here = set(con.execute(select(t.server.c.key)).scalars())
    rows = [{"key": k, "value": v} for k, v in wanted.items() if k not in here]
    if rows:
        con.execute(insert(t.server), rows)


def identity(con: Connection) -> Identity:
    """Read it.

    Raises:
        KeyError: the database was never prepared (``python -m province migrate``).
    """
    values = {row.key: row.value for row in con.execute(_ALL)}
    return Identity(
        values["name"], values["epoch"], bytes.fromhex(values["nonce_secret"]),
        bytes.fromhex(values["person_secret"]), bytes.fromhex(values["signing_key"]),
        bytes.fromhex(values["exchange_key"]),
    )  # fmt: skip


def new_epoch(con: Connection) -> str:
    """After a restore, or a promotion that may have lost something (M-8.1)."""
    epoch = secrets.token_hex(16)
    con.execute(update(t.server).where(t.server.c.key == "epoch").values(value=epoch))
    return epoch
