"""The keys that packs are signed with: an Ed25519 pair, the private half a PEM file nobody else can read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jobdesk.cases.errors import BadInput
from jobdesk.host.disk import disk_errors, write_new

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_BYTES = 32
_MAX_PEM = 4096


@dataclass(frozen=True, slots=True)
class PublisherKey:
    """Somebody whose packs are taken in.

    Attributes:
        key_id: the first 16 hex digits of the SHA-256 of the raw public key.
        public_bytes: the raw public key, 32 bytes.
        name: who it is, as shown; given by whoever trusts the key.
    """

    key_id: str
    public_bytes: bytes
    name: str

    def __post_init__(self) -> None:
        if len(self.public_bytes) != KEY_BYTES or self.key_id != key_id_of(self.public_bytes):
            raise ValueError("a key id that is not of this key")

    @property
    def text(self) -> str:
        """``name=base64``: how a key is written in policy, settings and on the command line."""
        return f"{self.name}={base64.b64encode(self.public_bytes).decode()}"


def key_id_of(public_bytes: bytes) -> str:
    return hashlib.sha256(public_bytes).hexdigest()[:16]


def publisher_key(public_bytes: bytes, name: str) -> PublisherKey:
    return PublisherKey(key_id_of(public_bytes), public_bytes, name)


def parse_publisher(text: str) -> PublisherKey:
    """``name=base64 of 32 bytes``; the name is free text without ``=``.

    Raises:
        BadInput: ``publisher_key_malformed``.
    """
    name, _, encoded = text.strip().partition("=")
    try:
        raw = base64.b64decode(encoded.strip(), validate=True)
        if not name.strip() or len(raw) != KEY_BYTES:
            raise ValueError("length")
    except (binascii.Error, ValueError) as error:
        raise BadInput("publisher_key_malformed", name=name.strip()[:40]) from error
    return publisher_key(raw, name.strip())


def new_key() -> Ed25519PrivateKey:
    """A fresh private key from the system's randomness."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate()


def public_bytes_of(private_key: Ed25519PrivateKey) -> bytes:
    """The raw public half, 32 bytes."""
    return private_key.public_key().public_bytes_raw()


def save_private_key(path: Path, private_key: Ed25519PrivateKey) -> None:
    """Write PEM (PKCS 8, no password) for the owner alone; a file that is there is never replaced.

    Raises:
        BadInput: ``private_key_exists``.
        Trouble: the folder cannot be written.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with disk_errors(path):
        try:
            write_new(path, pem, mode=0o600)
        except FileExistsError as error:
            raise BadInput("private_key_exists", path=str(path)) from error


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """The private key of a PEM file that only its owner can read.

    Raises:
        BadInput: ``private_key_malformed``, ``private_key_open`` (others can read it; not asked on Windows,
            where the folder's rights decide).
        Trouble: the file cannot be read.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    with disk_errors(path), path.open("rb") as file:
        if os.name != "nt" and os.fstat(file.fileno()).st_mode & 0o077:
            raise BadInput("private_key_open", path=str(path))
        pem = file.read(_MAX_PEM)
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadInput("private_key_malformed", path=str(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput("private_key_malformed", path=str(path))
    return key
