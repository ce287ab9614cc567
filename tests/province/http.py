"""Requests to the application in this process; what it raises is raised here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
from fastapi import FastAPI


class Http:
    """One event loop a request, as a server has one a process."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app)

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path, b"", {})

    def post(self, path: str, *, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
        return self.request("POST", path, content, headers)

    def request(self, method: str, path: str, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
        async def run() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://province") as client:
                return await client.request(method, path, content=content, headers=dict(headers))

        return asyncio.run(run())
