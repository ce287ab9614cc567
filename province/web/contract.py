"""What ``/openapi.json`` says of the addresses: every message, header, body and refusal as they really are.

FastAPI sees raw requests and raw answers only; what it would guess of them is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from jobdesk.protocol import carried, messages
from jobdesk.protocol.codes import STATUS
from jobdesk.protocol.limits import PROTOCOL
from jobdesk.protocol.messages import Message, Refusal
from jobdesk.protocol.signing import DEVICE, NONCE, SIGNATURE, VERSION

BODY = "application/vnd.jobdesk.body"
FILE = "application/vnd.jobdesk.exchange"
BYTES = "application/octet-stream"
TEXT, OPENMETRICS = "text/plain", "application/openmetrics-text"
_JSON = "application/json"
_REF = "#/components/schemas/{model}"
_BINARY = {"type": "string", "format": "binary"}
_SIGNED = {DEVICE: "id of the enrolled device; left out by enrol", NONCE: "of hello, ten minutes old at most",
           SIGNATURE: "Ed25519 over method, path with query, body digest and nonce, as hex"}  # fmt: skip
_Parts = dict[str, Any]


def asks(model: type[Message], signed: bool = True) -> _Parts:
    """Of an address that is sent a message as JSON."""
    content = {_JSON: {"schema": {"$ref": _REF.format(model=model.__name__)}}}
    return {"requestBody": {"required": True, "content": content}, "parameters": _headers(signed)}


def sends(media: str, told: str, signed: bool = True) -> _Parts:
    """Of an address that is sent bytes."""
    body = {"required": True, "description": told, "content": {media: {"schema": _BINARY}}}
    return {"requestBody": body, "parameters": _headers(signed)}


def plain(signed: bool = True) -> _Parts:
    """Of an address that is sent nothing."""
    return {"parameters": _headers(signed)}


def answers(media: str, told: str) -> dict[int | str, _Parts]:
    """Bytes of this kind, or a refusal."""
    return {200: {"description": told, "content": {media: {"schema": _BINARY}}}, **refusals()}


def refusals(*statuses: int) -> dict[int | str, _Parts]:
    """These, or every one that the protocol knows."""
    found = statuses or tuple(sorted(set(STATUS.values())))
    return {s: {"description": _why(s), "model": Refusal} for s in found}


def words(media: str, *statuses: int) -> dict[int | str, _Parts]:
    """Of addresses for whoever watches the server."""
    content = {media: {"schema": {"type": "string"}}}
    return {s: {"description": HTTPStatus(s).phrase, "content": content} for s in statuses}


def _why(status: int) -> str:
    return " · ".join(code.value for code, at in STATUS.items() if at == status)


def _headers(signed: bool) -> list[_Parts]:
    wanted = {VERSION: "version of the protocol", **(_SIGNED if signed else {})}
    return [
        {"name": name, "in": "header", "required": name in (VERSION, NONCE, SIGNATURE), "description": told,
         "schema": {"type": "string"}}
        for name, told in wanted.items()
    ]  # fmt: skip


def publish(app: FastAPI) -> None:
    """Let the application say so."""

    def made() -> _Parts:
        if app.openapi_schema is None:
            app.openapi_schema = _schema(app)
        return app.openapi_schema

    app.openapi = made  # type: ignore[method-assign]


def _schema(app: FastAPI) -> _Parts:
    found: _Parts = get_openapi(title=app.title, version=str(PROTOCOL), routes=app.routes)
    _, shown = models_json_schema([(m, "validation") for m in _messages()], ref_template=_REF)
    schemas = cast("_Parts", found.setdefault("components", {}).setdefault("schemas", {}))
    schemas |= shown["$defs"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in cast("Mapping[str, Mapping[str, _Parts]]", found["paths"]).values():
        for operation in path.values():
            operation["responses"].pop("422", None)  # told as a refusal, 400
    return found


def _messages() -> list[type[Message]]:
    kinds = [v for module in (messages, carried) for v in vars(module).values() if isinstance(v, type)]
    return [k for k in dict.fromkeys(kinds) if issubclass(k, Message) and k is not Message]
