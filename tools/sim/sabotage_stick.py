"""Deliberate bugs of exchanges on sticks: see ``sabotage``."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

from jobdesk.protocol import sealing
from jobdesk.protocol.carried import CarriedBack, read_head
from jobdesk.sync import carried_in, carried_out
from province import carrying
from tools.sim.sabotage import bug, swap


def _opened(data: bytes, private: bytes) -> sealing.Letter:
    """As ``sealing.unseal`` without its checksum and without its tag."""
    head, sealed = data[: sealing.HEAD], data[sealing.HEAD : -sealing._CHECK]
    at = len(sealing.MAGIC) + 2
    envelope = sealing.Envelope(
        sealing.Way(data[at - 1 : at].decode()), head[at : at + 8], head[at + 8 : at + 24].hex(), head, sealed
    )
    theirs = head[sealing.HEAD - 40 : sealing.HEAD - 8]
    shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(theirs))
    key = sealing._key(shared, theirs, sealing.exchange_public(private))
    first = (1).to_bytes(4, "little") + sealing._NONCE
    plain = Cipher(ChaCha20(key, first), None).decryptor().update(sealed[: -sealing._TAG])
    return sealing.Letter(envelope, plain[sealing._SIGNATURE :], plain[: sealing._SIGNATURE].hex())


@bug("a damaged file of a stick is read: no checksum, no seal's tag, no signature is looked at")
def damaged_file_read() -> None:
    def make(unseal: Any) -> Any:
        def read(data: bytes, private: bytes) -> sealing.Letter:
            try:
                return unseal(data, private)
            except sealing.BadInput as bad:
                if bad.code != "carried_damaged" or len(data) < sealing.SMALLEST:
                    raise
            try:
                return _opened(data, private)
            except ValueError as other:
                raise sealing.BadInput("carried_damaged") from other

        return read

    def envelope(look: Any) -> Any:
        def seen(data: bytes) -> sealing.Envelope:
            try:
                return look(data)
            except sealing.BadInput as bad:
                if bad.code != "carried_damaged" or len(data) < sealing.SMALLEST:
                    raise
                return sealing.Envelope(sealing.Way.BACK, b"", "", b"", b"")

        return seen

    swap(carried_in, "unseal", make)
    swap(carrying, "unseal", make)
    swap(carried_in, "look", envelope)
    swap(sealing.Letter, "is_by", lambda _f: lambda _self, _public: True)


@bug("an answer of another PC is read: all are sealed to one key, and nobody looks whose it is")
def foreign_answer_read() -> None:
    def one_key(key: Any) -> Any:
        return lambda _device_key: key(bytes(32))

    def opened(data: bytes, facts: dict[str, str]) -> tuple[CarriedBack, bytes]:
        letter = sealing.unseal(data, carried_in.answer_key(bytes.fromhex(facts["device_key"])))
        return read_head(letter.content, CarriedBack)

    swap(carried_in, "answer_key", one_key)
    swap(carried_out, "answer_key", one_key)
    swap(carried_in, "opened", lambda _f: opened)
