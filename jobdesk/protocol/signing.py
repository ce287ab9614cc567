"""Who asks: a device key over method, path, body and a nonce of the server; and the server's nonces.

A device's key pair is made on the desk and never leaves it. The server's nonce carries its own time and is
checked without a table, so that every process of the server can answer every request (M-2).
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from jobdesk.protocol.limits import NONCE_SECONDS

DEVICE, NONCE, SIGNATURE, VERSION = (
    "Jobdesk-Device", "Jobdesk-Nonce", "Jobdesk-Signature", "Jobdesk-Protocol",
)  # fmt: skip
"""Names of the headers of a signed request."""
_DOMAIN = b"jobdesk-request-1\n"


def new_device_key() -> bytes:
    """32 private bytes. They stay on the desk, wrapped like the station's key."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def public_of(private: bytes) -> bytes:
    """The 32 public bytes of a device key."""
    key = Ed25519PrivateKey.from_private_bytes(private).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def request_bytes(method: str, path: str, body: bytes, nonce: str) -> bytes:
    """What is signed: nothing of a request that matters stands outside it. ``path`` has its query."""
    parts = (method.upper(), path, sha256(body).hexdigest(), nonce)
    return _DOMAIN + "\n".join(parts).encode()


def sign(private: bytes, message: bytes) -> str:
    """64 bytes as hex."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(message).hex()


def verify(public: bytes, message: bytes, signature: str) -> bool:
    """Whether the signature is this key's. Anything unreadable is not."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_nonce(secret: bytes, now_s: int) -> str:
    """A nonce that any process with the same secret can check."""
    head = f"{now_s:x}.{secrets.token_hex(8)}"
    return f"{head}.{_seal(secret, head)}"


def nonce_age(secret: bytes, nonce: str, now_s: int) -> int | None:
    """Its age in seconds; None when it is none of ours, of the future, or older than ``NONCE_SECONDS``."""
    head, _, seal = nonce.rpartition(".")
    if not head or not hmac.compare_digest(seal.encode(), _seal(secret, head).encode()):
        return None
    try:
        age = now_s - int(head.split(".")[0], 16)
    except ValueError:
        return None
    return age if -5 <= age <= NONCE_SECONDS else None


def _seal(secret: bytes, head: str) -> str:
    return hmac.new(secret, b"jobdesk-nonce-1\n" + head.encode(), "sha256").hexdigest()[:32]
