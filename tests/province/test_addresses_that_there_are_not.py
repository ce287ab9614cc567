"""An address that there is not is told so (§10), and nobody is sent elsewhere."""

from __future__ import annotations

from jobdesk.protocol.messages import Refusal
from jobdesk.protocol.signing import VERSION
from province.config import Config
from province.db.engine import Database
from province.serving import Province
from province.web.app import make_app
from tests.province.ground import NOW
from tests.province.http import Http

PATHS = ("/v1/hello/", "/v1/pull/", "/v1/blobs/", "/view/", "/view/streams.json/", "/health/")


def test_a_slash_behind_an_address_is_none(db: Database) -> None:
    """It was sent on to whatever ``Host`` said."""
    http = Http(make_app(Province(db, lambda: NOW, lambda: "id"), Config()))
    for path in PATHS:
        for method in ("GET", "POST"):
            answer = http.request(method, path, b"", {VERSION: "1", "Host": "elsewhere.example"})
            told = Refusal.model_validate_json(answer.content)
            assert (answer.status_code, told.error.value, told.detail) == (404, "body", "address"), path
            assert "location" not in answer.headers
