"""Who asks leanly, so that the cores are the server's: requests signed before they are sent, answers barely read."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from jobdesk.protocol.limits import PROTOCOL
from jobdesk.protocol.messages import EnrolAsk
from jobdesk.protocol.signing import (
    DEVICE,
    NONCE,
    SIGNATURE,
    VERSION,
    new_device_key,
    public_of,
    request_bytes,
    sign,
)
from jobdesk.sync.client import Client
from jobdesk.sync.http_transport import HttpTransport


class Asker:
    """A device that keeps its key at hand.

    Attributes:
        client: the same device as a desk asks; its nonce is what requests are signed with.
    """

    def __init__(self, line: HttpTransport, url: str, code: str, name: str) -> None:
        self._key, self._host = new_device_key(), urlsplit(url).netloc
        ask = EnrolAsk(
            code=code, device_key=public_of(self._key).hex(), program="bench", station_subject=f"at-{name}"
        )
        self._device = Client(line, "", self._key).enrol(ask).device
        self.client = Client(line, self._device, self._key)

    def signed(self, path: str, body: bytes) -> bytes:
        """All of a POST as it goes over the wire."""
        nonce = self.client.nonce
        said = {
            "Host": self._host, VERSION: str(PROTOCOL), DEVICE: self._device, NONCE: nonce,
            SIGNATURE: sign(self._key, request_bytes("POST", path, body, nonce)),
            "Content-Length": str(len(body)),
        }  # fmt: skip
        heads = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        return f"POST {path} HTTP/1.1\r\n{heads}\r\n".encode() + body


def connected(url: str) -> socket.socket:
    """A connection that is kept; requests go at once."""
    at = urlsplit(url)
    wire = socket.create_connection((at.hostname or "", at.port or 80))
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return wire


def read_answer(wire: socket.socket) -> bytes:
    """Its body, to the end.

    Raises:
        RuntimeError: it is none, or a refusal.
    """
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(wire)
    head, _, rest = got.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(got.decode("utf-8", "replace"))
    size = next(int(h[15:]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:"))
    while len(rest) < size:
        rest += _more(wire)
    return rest


def _more(wire: socket.socket) -> bytes:
    part = wire.recv(65536)
    if not part:
        raise RuntimeError("the server hung up")
    return part
