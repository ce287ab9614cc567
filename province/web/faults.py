"""What somebody is told whose request was not done as a whole: every fault as a refusal (§10)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from jobdesk.protocol.codes import STATUS, ErrorCode
from province.refusing import Refused
from province.serving import Province
from province.web.answering import as_json
from province.web.metrics import Metrics
from province.web.telling import note

_READ_ONLY = "25006"
_AWAY_S = 10
"""After this a desk asks again when the database is away (own figure): a restart takes no longer."""
_NOWHERE = {404: "address", 405: "method"}


def add_faults(
    app: FastAPI, province: Province, metrics: Metrics
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Let the application say so; returns what answers a refusal, for who refuses outside of a handler."""

    @app.exception_handler(Refused)
    async def refused(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, Refused)
        metrics.refused(fault.error.value)
        note(request, error=fault.error.value)
        if fault.error is ErrorCode.STALE_NONCE:  # the only one that asks the database
            body = await run_in_threadpool(province.refusal, fault)
        else:
            body = province.refusal(fault)
        answer = as_json(body, STATUS[fault.error])
        if fault.retry_after_s:
            answer.headers["Retry-After"] = str(fault.retry_after_s)
        return answer

    @app.exception_handler(RequestValidationError)
    async def misread(request: Request, _fault: Exception) -> Response:
        """A path or a query that is none: told like every other refusal."""
        return await refused(request, Refused(ErrorCode.BODY, detail="query"))

    @app.exception_handler(HTTPException)
    async def nowhere(request: Request, fault: Exception) -> Response:
        """An address or a method that there is not: the status for proxies, and a refusal as everywhere."""
        assert isinstance(fault, HTTPException)
        told = await refused(
            request, Refused(ErrorCode.BODY, detail=_NOWHERE.get(fault.status_code, "address"))
        )
        told.status_code = fault.status_code
        told.headers.update(fault.headers or {})
        return told

    @app.exception_handler(InternalError)
    async def standby(request: Request, fault: Exception) -> Response:
        """A PostgreSQL that follows another writes nothing, until it is promoted."""
        if not isinstance(fault, InternalError) or getattr(fault.orig, "sqlstate", "") != _READ_ONLY:
            raise fault
        return await away(request, fault)

    @app.exception_handler(OperationalError)
    @app.exception_handler(InterfaceError)
    @app.exception_handler(PoolTimeout)
    async def away(request: Request, fault: Exception) -> Response:
        """The database restarts, or all of its connections are taken: nothing was done, or the desk hears
        ``already`` (M-4.5).
        """
        note(request, database=type(fault).__name__)
        return await refused(request, Refused(ErrorCode.BUSY, detail="database", retry_after_s=_AWAY_S))

    return refused
