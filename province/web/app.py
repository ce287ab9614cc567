"""The addresses of the protocol. Handlers are thin: read, ask the province on a thread, answer."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import FastAPI, Query, Request, Response
from fastapi import Path as InPath
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import MAX_BLOB_BYTES, MAX_CARRIED_BYTES, PROTOCOL
from jobdesk.protocol.messages import (
    BlobsAsk,
    BlobState,
    BlobsTold,
    BootstrapAsk,
    EnrolAsk,
    Enrolled,
    Hello,
    Notice,
    PullAsk,
    PushAnswer,
    StationsAsk,
    TransferAsk,
)
from province.asking import Asked
from province.carrying import carried
from province.config import Config
from province.refusing import Refused
from province.schema import SAID, Fit, Schema
from province.serving import Province
from province.web.answering import as_json
from province.web.around import Around
from province.web.contract import (
    BODY,
    BYTES,
    FILE,
    answers,
    asks,
    plain,
    publish,
    refusals,
    sends,
)
from province.web.faults import add_faults
from province.web.kept import add_kept
from province.web.limiting import Gate
from province.web.metrics import Metrics
from province.web.pages import add_pages, is_program, page, wait
from province.web.reading import Readers, read_request
from province.web.telling import note, verdicts
from province.web.watching import add_watching

T = TypeVar("T")
Digest = Annotated[str, InPath(pattern="^[0-9a-f]{64}$")]
At = Annotated[int, Query(ge=0, le=MAX_BLOB_BYTES)]
Size = Annotated[int, Query(ge=0, le=MAX_BLOB_BYTES)]
_CARRIED_AT_ONCE, _CARRIED_A_MINUTE = 2, 30
"""Own figures: such a file is large, and whoever brings it need not be known; of one address."""
_DEVICES_OF_AN_ADDRESS = 10
"""Own figure: as many requests as so many machines may make, ``hello`` too. An office of fifty behind one
address stays below; names made up anew for each request do not. The view counts too.
"""
_READING, _CARRIED_READING = 64, 4
"""Bodies that come in at once at a process (own figures): 128 MiB of memory each at the very most."""
_READ_ALREADY = 5
_SCHEMA_S = 30
"""After this while somebody migrates (own figure)."""
_ERRORS = refusals()


def make_app(province: Province, config: Config) -> FastAPI:
    """The application of one process."""

    @asynccontextmanager
    async def working(_app: FastAPI) -> AsyncGenerator[None]:
        """While the process serves, what pushes leave to be done is done behind the answers."""
        province.afterwards.begin()
        yield
        await run_in_threadpool(province.afterwards.end)

    app = FastAPI(
        title="jobdesk province", version=str(PROTOCOL), docs_url=None, redoc_url=None, lifespan=working,
        redirect_slashes=False,  # it would send to whatever ``Host`` says
    )  # fmt: skip
    gate = Gate(config.parallel, config.patience_s, config.per_minute, time.monotonic)
    addresses = Gate(
        config.parallel, config.patience_s, _DEVICES_OF_AN_ADDRESS * config.per_minute, time.monotonic
    )
    files = Gate(_CARRIED_AT_ONCE, config.patience_s, _CARRIED_A_MINUTE, time.monotonic)
    readers, file_readers = Readers(_READING), Readers(_CARRIED_READING)
    metrics = Metrics(Path(config.metrics) if config.metrics else None)
    schema = Schema(province.db)
    refused = add_faults(app, province, metrics)

    async def work(request: Request, job: Callable[[Asked], T]) -> T:
        """Limits before the body, the body within its limit, the job on a thread. The job holds a place."""
        device = f"{request.headers.get('Jobdesk-Device', '')[:64]} {_address(request)}"
        addresses.count(_address(request))
        gate.count(device)
        gate.is_free(device)
        await gate.has_room()
        asked = await read_request(request, readers, spoken=province.spoken)
        with gate.at_work(device):
            async with gate.slot(_READ_ALREADY):
                return await run_in_threadpool(job, asked)

    async def out_of_step(request: Request) -> Response | None:
        """The answer while the tables are not those of the program: nobody's work is tried on them."""
        path = request.url.path
        if schema.is_known_to_fit or not path.startswith(("/v1/", "/view")):
            return None
        fit = Fit.FITS
        with suppress(DBAPIError, PoolTimeout):  # away: told by whoever needs it
            fit = await run_in_threadpool(schema.at_request)
        if fit is Fit.FITS:
            return None
        if path.startswith("/view"):
            return page("暂停服务", f"<h1>暂停服务</h1><p>{SAID[fit]}</p>", 503)
        return await refused(request, Refused(ErrorCode.BUSY, detail="schema", retry_after_s=_SCHEMA_S))

    async def too_many(request: Request) -> Response | None:
        """The view within the limit of its address, before it asks the database: a link is easily made up."""
        if not request.url.path.startswith("/view"):
            return None  # counted with its device
        try:
            addresses.count(_address(request))
        except Refused as full:
            told = await refused(request, full)
            return told if is_program(request) else wait(full.retry_after_s or 1)
        return None

    async def instead(request: Request) -> Response | None:
        return await too_many(request) or await out_of_step(request)

    app.add_middleware(Around, province=province, metrics=metrics, instead=instead)

    @app.get("/v1/hello", response_model=Hello, responses=refusals(429), openapi_extra=plain(signed=False))
    async def hello(request: Request) -> Response:
        addresses.count(_address(request))
        async with gate.slot():
            return as_json(await run_in_threadpool(province.hello))

    @app.post("/v1/enrol", response_model=Enrolled, responses=_ERRORS, openapi_extra=asks(EnrolAsk))
    async def enrol(request: Request) -> Response:
        return as_json(await work(request, province.enrol))

    @app.post("/v1/renew", response_model=Enrolled, responses=_ERRORS, openapi_extra=plain())
    async def renew(request: Request) -> Response:
        return as_json(await work(request, province.renew))

    @app.post(
        "/v1/push",
        response_model=PushAnswer,
        responses=_ERRORS,
        openapi_extra=sends(BODY, "PushHead, then an operation a line"),
    )
    async def push(request: Request) -> Response:
        answer = await work(request, province.push)
        metrics.pushed(v.verdict.value for v in answer.verdicts)
        verdicts(request, (v.verdict.value for v in answer.verdicts))
        return as_json(answer)

    @app.post(
        "/v1/pull",
        response_class=Response,
        responses=answers(BODY, "PullHead, then an operation a line"),
        openapi_extra=asks(PullAsk),
    )
    async def pull(request: Request) -> Response:
        body = await work(request, province.pull)
        metrics.pulled(len(body))
        note(request, bytes=len(body))
        return Response(body, media_type=BODY)

    @app.post(
        "/v1/bootstrap",
        response_class=Response,
        responses=answers(BODY, "BootstrapHead, then an operation a line"),
        openapi_extra=asks(BootstrapAsk),
    )
    async def bootstrap(request: Request) -> Response:
        body = await work(request, province.bootstrap)
        metrics.pulled(len(body))
        note(request, bytes=len(body))
        return Response(body, media_type=BODY)

    @app.post("/v1/transfer", response_model=Notice, responses=_ERRORS, openapi_extra=asks(TransferAsk))
    async def transfer(request: Request) -> Response:
        return as_json(await work(request, province.transfer))

    @app.post(
        "/v1/stations",
        response_class=Response,
        responses=answers(BODY, "StationsHead, then a Station a line"),
        openapi_extra=asks(StationsAsk),
    )
    async def stations(request: Request) -> Response:
        return Response(await work(request, province.stations), media_type=BODY)

    @app.post("/v1/blobs", response_model=BlobsTold, responses=_ERRORS, openapi_extra=asks(BlobsAsk))
    async def blobs(request: Request) -> Response:
        return as_json(await work(request, province.blobs))

    @app.put(
        "/v1/blobs/{digest}",
        response_model=BlobState,
        responses=_ERRORS,
        openapi_extra=sends(BYTES, "bytes from `at` on, at most a chunk"),
    )
    async def put_blob(request: Request, digest: Digest, at: At = 0, size: Size = 0) -> Response:
        return as_json(await work(request, lambda asked: province.put_blob(asked, digest, at, size)))

    @app.get(
        "/v1/blobs/{digest}",
        response_class=Response,
        responses=answers(BYTES, "bytes from `at` on, at most a chunk"),
        openapi_extra=plain(),
    )
    async def get_blob(request: Request, digest: Digest, at: At = 0) -> Response:
        chunk, size = await work(request, lambda asked: province.get_blob(asked, digest, at))
        answer = Response(chunk, media_type=BYTES)
        answer.headers["Jobdesk-Size"] = str(size)
        return answer

    @app.post(
        "/v1/carried",
        response_class=Response,
        responses=answers(FILE, "the answer file"),
        openapi_extra=sends(FILE, "a file there", signed=False),
    )
    async def take_carried(request: Request) -> Response:
        files.count(_address(request))
        await files.has_room()
        asked = await read_request(request, file_readers, MAX_CARRIED_BYTES, spoken=province.spoken)
        carrier = asked if asked.device else None
        async with files.slot(_READ_ALREADY):
            body = await run_in_threadpool(carried, province, asked.body, carrier)
        return Response(body, media_type=FILE)

    add_watching(app, province, schema, metrics)
    add_pages(app, province)
    add_kept(app, province)
    publish(app)
    return app


def _address(request: Request) -> str:
    """Where a request comes from; nobody else can use up what is a device's by its name alone."""
    return request.client.host if request.client else ""
