"""Section 14 of the protocol's page read by code of its own: whoever writes another side has no more than that.

Nothing of ``jobdesk.protocol`` reads or writes bytes here; it is what they are held against.
"""

from __future__ import annotations

import json
import re
import zlib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jobdesk.protocol import chains, limits

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/sync-protocol.md").read_text("utf-8").partition("\n## 14. Bytes\n")[2]


def shown(file: str, key: str) -> list[dict[str, Any]]:
    lines = (ROOT / "tests/museum" / file).read_text("utf-8").split("\n")
    return [row for row in map(json.loads, filter(None, lines)) if key in row]


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_every_line_of_the_museum_reads_by_the_page() -> None:
    rows = shown("ops-v1.jsonl", "op")
    for row in rows:
        header, salt, payload = json.loads(row["op"])
        assert sha256(header.encode()).hexdigest() == row["header_hash"]
        fields = json.loads(header)
        assert len(fields) == 14 and fields[0] == 1 and canonical(fields) == header
        if payload is not None:
            assert len(salt) == 32 and canonical(json.loads(payload)) == payload
            assert sha256(bytes.fromhex(salt) + payload.encode()).hexdigest() == fields[13]
        assert fields[12] == "0" * 64 or len(bytes.fromhex(fields[12])) == 32
    assert len(rows) > 10


def test_bodies_read_by_the_page() -> None:
    for row in shown("messages-v1.jsonl", "lines"):
        machine = zlib.decompressobj()
        head, *lines = machine.decompress(bytes.fromhex(row["bytes"])).split(b"\n")
        assert machine.eof and not machine.unused_data
        assert [line.decode() for line in lines] == row["lines"]
        told: Any = json.loads(head)
        counts = [told["count"]] if "count" in told else [page["count"] for page in told.get("pages", ())]
        counts = counts or [len(told["seqs"])]
        assert sum(counts) == len(lines)


def test_a_request_is_signed_by_the_page() -> None:
    (row,) = shown("messages-v1.jsonl", "signature")
    first = PAGE.partition("```\n")[2].split("\n")[0]
    said = [first, row["method"], row["path"], sha256(row["content"].encode()).hexdigest(), row["nonce"]]
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(row["key"]))
    assert key.sign("\n".join(said).encode()).hex() == row["signature"]


def test_streams_hash_by_the_page() -> None:
    hashes = [sha256(bytes([n])).digest() for n in range(20)]
    at, total, point = bytes(32), 0, chains.StreamPoint()
    digest = chains.EMPTY
    for n, hashed in enumerate(hashes, 1):
        at = sha256(at + n.to_bytes(8, "big") + hashed).digest()
        total += int.from_bytes(sha256(n.to_bytes(8, "big") + hashed).digest(), "big")
        point = chains.link(point, hashed)
        digest = chains.add(digest, [chains.element(n, hashed)])
        assert (point.seq, point.hash) == (n, at)
    assert digest == (total % 2**256).to_bytes(32, "big")


@pytest.mark.parametrize("row", shown("messages-v1.jsonl", "carried"), ids=["out", "back"])
def test_a_carried_file_opens_by_the_page(row: dict[str, Any]) -> None:
    data = bytes.fromhex(row["bytes"])
    magic = b"jobdesk-carried\n"
    assert data.startswith(magic) and sha256(data[:-32]).digest() == data[-32:]
    rest = data[len(magic) : -32]
    head = data[: len(magic) + 66]
    form, way, short, exchange, theirs, length = (
        rest[0], rest[1:2], rest[2:10], rest[10:26], rest[26:58], rest[58:66]
    )  # fmt: skip
    sealed = rest[66:]
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(row["private"]))
    mine = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert (form, way) == (1, {"out": b"O", "back": b"A"}[row["carried"]])
    assert sha256(mine).digest()[:8] == short and exchange.hex() == row["exchange"]
    assert int.from_bytes(length, "big") == len(sealed)
    shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
    key = HKDF(SHA256(), 32, theirs + mine, b"jobdesk-sealed-1").derive(shared)
    plain = ChaCha20Poly1305(key).decrypt(bytes(12), sealed, head)
    signature, content = plain[:64], plain[64:]
    signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row["by"]))
    signer.verify(signature, b"jobdesk-carried-1\n" + head + sha256(content).digest())
    size = int.from_bytes(content[:4], "big")
    told = json.loads(content[4 : 4 + size])
    bodies = told["asks"] if "asks" in told else told["replies"]
    assert sum(one["size"] for one in bodies) == len(content) - 4 - size


def test_the_limits_of_the_page_are_ours() -> None:
    table = {
        name: int(re.sub(r"\D", "", value.split(" ")[0]))
        for name, value in re.findall(r"^\| ([^|]+) \| (\d[^|]*) \|$", PAGE, re.MULTILINE)
    }
    assert table == {
        "a body on the wire": limits.MAX_BODY_BYTES,
        "inflated, of a push or a page": limits.MAX_BATCH_BYTES,
        "of that a page's operations": limits.MAX_PAGE_BYTES,
        "one operation's line": limits.MAX_OP_BYTES,
        "operations of an action": limits.MAX_ACTION_OPS,
        "operations of a push": 100_000,
        "streams of a pull": limits.MAX_STREAMS,
        "a content": limits.MAX_BLOB_BYTES,
        "a chunk of it": limits.BLOB_CHUNK_BYTES,
        "a file of section 12": limits.MAX_CARRIED_BYTES,
        "requests in it": limits.MAX_CARRIED_PARTS,
        "age of a nonce": limits.NONCE_SECONDS,
    }
    assert "and 100 times what came" in PAGE and limits.MAX_INFLATION == 100
