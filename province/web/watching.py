"""What whoever watches the server asks: whether it lives, whether it can work, what it counted."""

from __future__ import annotations

from fastapi import FastAPI, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from province.schema import Fit, Schema
from province.serving import Province
from province.web.contract import OPENMETRICS, TEXT, words
from province.web.gauges import Gauges
from province.web.metrics import Metrics


def add_watching(app: FastAPI, province: Province, schema: Schema, metrics: Metrics) -> None:
    """No part of the protocol; in the contract all the same."""
    gauges = Gauges(province)

    @app.get("/health", response_class=Response, responses=words(TEXT, 200))
    async def health() -> Response:
        return Response("ok\n", media_type=TEXT)

    @app.get("/ready", response_class=Response, responses=words(TEXT, 200, 503))
    async def ready() -> Response:
        """Whether the database answers, has the tables of this program and can be written to."""
        try:
            fit = await run_in_threadpool(schema.look)
            if fit is not Fit.FITS:
                return Response(f"not ready: {fit}\n", 503, media_type=TEXT)
            if await run_in_threadpool(province.follows):
                return Response("not ready: standby\n", 503, media_type=TEXT)
        except (DBAPIError, PoolTimeout, KeyError) as missing:
            return Response(f"not ready: {type(missing).__name__}\n", 503, media_type=TEXT)
        return Response("ready\n", media_type=TEXT)

    @app.get("/metrics", response_class=Response, responses=words(OPENMETRICS, 200))
    async def shown() -> Response:
        return Response(metrics.text(await gauges.now()), media_type=f"{OPENMETRICS}; version=1.0.0")
