"""Requests to a server in this process: as ``province.web.app`` answers them, without HTTP.

What tests and the simulator send over: one list of addresses, so that both meet every verb there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from jobdesk.protocol.codes import STATUS, ErrorCode
from jobdesk.protocol.limits import MAX_BODY_BYTES, MAX_CARRIED_BYTES
from jobdesk.protocol.messages import Message
from jobdesk.protocol.signing import DEVICE, NONCE, SIGNATURE, VERSION
from jobdesk.protocol.versions import is_answered
from jobdesk.sync.transport import Answered
from province.asking import Asked
from province.carrying import carried
from province.refusing import Refused
from province.serving import Province


def answer(p: Province, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
    """One request, under the limits that hold without a wire; 404 for an address that is none."""
    said = headers.get(VERSION, "")
    try:
        if path != "/v1/hello" and not is_answered(said, urlsplit(path).path, p.spoken):
            raise Refused(ErrorCode.UPGRADE, detail=said[:20])
        if len(body) > (MAX_CARRIED_BYTES if path == "/v1/carried" else MAX_BODY_BYTES):
            raise Refused(ErrorCode.BODY, detail="too_large")
        asked = Asked(method, path, body, headers.get(DEVICE, "")[:64], headers.get(NONCE, "")[:200],
                      headers.get(SIGNATURE, "")[:200])  # fmt: skip
        return _done(p, asked)
    except Refused as no:
        return Answered(STATUS[no.error], _json(p.refusal(no)))


def _done(p: Province, asked: Asked) -> Answered:
    parts = urlsplit(asked.path)
    query = {k: int(v[0]) for k, v in parse_qs(parts.query).items()}
    made: Message
    match asked.method, parts.path.split("/")[2:]:
        case "GET", ["hello"]:
            made = p.hello()
        case "POST", ["enrol"]:
            made = p.enrol(asked)
        case "POST", ["renew"]:
            made = p.renew(asked)
        case "POST", ["push"]:
            made = p.push(asked)
        case "POST", ["pull"]:
            return Answered(200, p.pull(asked))
        case "POST", ["bootstrap"]:
            return Answered(200, p.bootstrap(asked))
        case "POST", ["transfer"]:
            made = p.transfer(asked)
        case "POST", ["stations"]:
            return Answered(200, p.stations(asked))
        case "POST", ["blobs"]:
            made = p.blobs(asked)
        case "PUT", ["blobs", digest]:
            made = p.put_blob(asked, digest, query["at"], query["size"])
        case "POST", ["carried"]:
            return Answered(200, carried(p, asked.body, asked if asked.signature else None))
        case "GET", ["blobs", digest]:
            chunk, size = p.get_blob(asked, digest, query["at"])
            return Answered(200, chunk, {"jobdesk-size": str(size)})
        case _:
            return Answered(404, b"{}")
    return Answered(200, _json(made))


def _json(message: Message) -> bytes:
    return message.model_dump_json(exclude_none=True).encode()
