"""A file that strangers carry: sealed to one key, signed by another, whole or recognisably not.

Layout, all of it fixed in length but the sealed part::

    magic 16 | format 1 | way 1 | recipient 8 | exchange 16 | ephemeral key 32 | length 8 | sealed |
    SHA-256 32

What stands in the clear says which way the file goes, for which key, and which exchange it belongs to (a
random number); nothing about whose it is. Sealed is ``signature 64 | content``: X25519 with an ephemeral
key, HKDF-SHA256, ChaCha20-Poly1305 with everything before it as associated data. The signature is over that
too, so that nobody can seal what another wrote to a third one. The SHA-256 keeps nobody from anything: it
tells a copy that broke off from a file that somebody changed.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from jobdesk.cases.errors import BadInput
from jobdesk.protocol.limits import MAX_CARRIED_BYTES
from jobdesk.protocol.signing import sign, verify

MAGIC = b"jobdesk-carried\n"
FORMAT = 1
_SEAL, _SIGN, _ANSWER = b"jobdesk-sealed-1", b"jobdesk-carried-1\n", b"jobdesk-answer-1"
_NONCE = bytes(12)
"""One key seals one file: the ephemeral key is never used twice."""
HEAD = len(MAGIC) + 2 + 8 + 16 + 32 + 8
_SIGNATURE, _TAG, _CHECK = 64, 16, 32
SMALLEST = HEAD + _SIGNATURE + _TAG + _CHECK


class Way(StrEnum):
    """Which way a file goes."""

    OUT = "O"
    """From a desk to the province."""
    BACK = "A"
    """The province's answer."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What anybody can see of a file that is whole.

    Attributes:
        recipient: first 8 bytes of the SHA-256 of the key it is sealed to.
        exchange: 32 hex digits, the same there and back.
    """

    way: Way
    recipient: bytes
    exchange: str
    head: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What was in it, unsealed. Nobody has proven yet who wrote it: ``is_by``."""

    envelope: Envelope
    content: bytes
    signature: str

    def is_by(self, public: bytes) -> bool:
        """Whether this Ed25519 key signed it."""
        return verify(public, _signed(self.envelope.head, self.content), self.signature)


def recipient_of(public: bytes) -> bytes:
    """The short name of an X25519 key."""
    return sha256(public).digest()[:8]


def answer_key(device_key: bytes) -> bytes:
    """The X25519 private key of a device for answers: derived, so that a restored file still reads them."""
    return HKDF(SHA256(), 32, None, _ANSWER).derive(device_key)


def exchange_public(private: bytes) -> bytes:
    """The public half of an X25519 key."""
    key = X25519PrivateKey.from_private_bytes(private).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def can_be_sealed_to(public: bytes) -> bool:
    """Whether anything can be sealed to this key. A point of small order has no secret with anybody."""
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return False
    return True


def seal(content: bytes, way: Way, exchange: str, recipient: bytes, signing_key: bytes) -> bytes:
    """The file.

    Args:
        exchange: 32 hex digits.
        recipient: X25519 public key; signing_key: Ed25519 private key of who writes it.
    """
    ephemeral = X25519PrivateKey.generate()
    public = exchange_public(ephemeral.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
    length = _SIGNATURE + len(content) + _TAG
    head = b"".join(
        (MAGIC, bytes([FORMAT]), way.encode(), recipient_of(recipient), bytes.fromhex(exchange), public,
         length.to_bytes(8, "big"))
    )  # fmt: skip
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    signature = bytes.fromhex(sign(signing_key, _signed(head, content)))
    sealed = ChaCha20Poly1305(_key(shared, public, recipient)).encrypt(_NONCE, signature + content, head)
    whole = head + sealed
    return whole + sha256(whole).digest()


def look(data: bytes) -> Envelope:
    """What the file is, once it is whole. Proves nothing about who wrote it.

    Raises:
        BadInput: ``carried_other_kind`` no such file at all; ``carried_damaged`` broken off or changed;
            ``carried_newer`` of a newer program; ``carried_too_large``.
    """
    if data[: len(MAGIC)] != MAGIC:
        raise BadInput("carried_damaged" if MAGIC.startswith(data) else "carried_other_kind")
    if len(data) > MAX_CARRIED_BYTES:
        raise BadInput("carried_too_large", limit=MAX_CARRIED_BYTES)
    if len(data) < SMALLEST or not hmac.compare_digest(sha256(data[:-_CHECK]).digest(), data[-_CHECK:]):
        raise BadInput("carried_damaged")
    if data[len(MAGIC)] != FORMAT:
        raise BadInput("carried_newer")
    try:
        way = Way(chr(data[len(MAGIC) + 1]))
    except ValueError:
        raise BadInput("carried_newer") from None
    at = len(MAGIC) + 2
    length = int.from_bytes(data[HEAD - 8 : HEAD], "big")
    if HEAD + length + _CHECK != len(data):
        raise BadInput("carried_damaged")
    return Envelope(way, data[at : at + 8], data[at + 8 : at + 24].hex(), data[:HEAD], data[HEAD:-_CHECK])


def unseal(data: bytes, private: bytes) -> Letter:
    """The content, for whom it is sealed to.

    Raises:
        BadInput: see ``look``; ``carried_not_for_us`` it is sealed to another key.
    """
    envelope = look(data)
    public = exchange_public(private)
    if envelope.recipient != recipient_of(public):
        raise BadInput("carried_not_for_us")
    theirs = envelope.head[HEAD - 40 : HEAD - 8]
    try:
        shared = X25519PrivateKey.from_private_bytes(private).exchange(
            X25519PublicKey.from_public_bytes(theirs)
        )
        plain = ChaCha20Poly1305(_key(shared, theirs, public)).decrypt(_NONCE, envelope.sealed, envelope.head)
    except (InvalidTag, ValueError) as bad:
        raise BadInput("carried_damaged") from bad
    return Letter(envelope, plain[_SIGNATURE:], plain[:_SIGNATURE].hex())


def _signed(head: bytes, content: bytes) -> bytes:
    return _SIGN + head + sha256(content).digest()


def _key(shared: bytes, ephemeral: bytes, recipient: bytes) -> bytes:
    return HKDF(SHA256(), 32, ephemeral + recipient, _SEAL).derive(shared)
