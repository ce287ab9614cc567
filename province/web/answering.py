"""A message of the protocol as an answer."""

from __future__ import annotations

from fastapi import Response

from jobdesk.protocol.messages import Message


def as_json(message: Message, status: int = 200) -> Response:
    """What the message leaves out is left out."""
    return Response(
        message.model_dump_json(exclude_none=True), status_code=status, media_type="application/json"
    )
