"""What one request was, as one line of the log: ids and figures, never a word of anybody's."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable

from fastapi import Request

from jobdesk.protocol.signing import DEVICE
from province.web.metrics import name_of

_LOG = logging.getLogger("province")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_QUIET = ("/health", "/ready", "/metrics")
"""Asked every few seconds by whoever watches: nobody wants them in a log."""


def note(request: Request, **facts: object) -> None:
    """Facts of this request for its line: figures, codes, ids."""
    request.state.facts = {**getattr(request.state, "facts", {}), **facts}


def verdicts(request: Request, said: Iterable[str]) -> None:
    """How many actions came to what."""
    note(request, **Counter(said))


def log(request: Request, status: int, seconds: float) -> None:
    """The line. A link of the view is a secret and stands in its address: addresses are told by their kind.
    The device is the one the request named; only an answer that is no refusal has proved it.
    """
    name = name_of(request.url.path)
    if name in _QUIET:
        return
    device = request.headers.get(DEVICE, "")
    fields: dict[str, object] = {"method": request.method, "path": name, "status": status,
                                 "ms": round(seconds * 1000, 1)}  # fmt: skip
    if _ID.fullmatch(device):
        fields["device"] = device
    fields |= getattr(request.state, "facts", {})
    _LOG.log(logging.INFO if status < 500 else logging.ERROR, "request", extra={"fields": fields})
