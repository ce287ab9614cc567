"""What was kept apart, decided by who looks at the view: a page that asks once more, and the same as JSON.

All stays within what is under their organisation; the log has the action, the organisation and the visit.
"""

from __future__ import annotations

import hmac
import json
import re
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from province import clashing, quarantine, viewing
from province.db.engine import EVERYTHING
from province.identity import Identity, identity
from province.serving import Province
from province.web.pages import COOKIE, closed, labels, machine, page, when
from province.web.telling import note

_MOST_BYTES = 4096
_ACTION = re.compile(r"[0-9A-Za-z_-]{1,128}")
"""What an action can be called; nothing else is asked of the database, which takes not every text."""
_DONE = {"released": "已列入，服务站下次同步时会收到。", "discarded": "已丢弃。",
         "gone": "没有这次保存，或者已经处理。", "unknown": "请求无法识别，什么也没有改变。"}  # fmt: skip
_TOLD = {
    "release": "列入：内容进入对象所在服务站的记录，该站各台电脑下次同步时收到；"
    "填写的电脑另外看到一条通知。列入后不能收回。",
    "discard": "丢弃：服务器不再留有这次保存的内容，填写的电脑上仍然有。丢弃后不能找回。",
}
_BUTTONS = {"release": "列入", "discard": "丢弃"}
_STATUS = {"released": 200, "discarded": 200, "gone": 404, "unknown": 400}


def add_kept(app: FastAPI, province: Province) -> None:
    """No part of the protocol, as the rest of the view."""

    def visitor(cookie: str) -> tuple[str, Identity] | None:
        with province.db.reading(EVERYTHING) as con:
            me = identity(con)
        org = viewing.who(cookie, me, province.now_ms())
        return None if org is None else (org, me)

    def shown(org: str, action: str) -> tuple[viewing.Overview, viewing.KeptLine | None]:
        asked = action if _ACTION.fullmatch(action) else ""
        with province.db.reading(EVERYTHING) as con:
            seen = viewing.overview(con, org, province.now_ms(), province.bound.most, asked)
        return seen, next((k for k in seen.kept if k.action == action and k.choices), None)

    def dropped(action: str, now_ms: int, by: quarantine.Decider) -> int:
        with province.db.writing(by.scope) as con:
            return quarantine.discard(con, action, now_ms, by)

    def decided(org: str, me: Identity, action: str, do: str, to: str | None) -> str:
        """A word of ``_DONE``, or the reason why it cannot be listed."""
        if not _ACTION.fullmatch(action):
            return "gone"
        with province.db.reading(EVERYTHING) as con:
            by, now = quarantine.decider(con, org), province.now_ms()
        try:
            if do == "discard":
                return "discarded" if clashing.begun_anew(lambda: dropped(action, now, by)) else "gone"
            reason = quarantine.release(
                province.db, action, me.person_secret, now, to, by,
                lambda came: province.afterwards.push_came(came, ()),
            )  # fmt: skip
        except LookupError:
            return "gone"
        if reason is None:
            province.drop_erased()  # it may have been an erasure
        return "released" if reason is None else reason.value

    @app.get("/view/kept/{action}", include_in_schema=False)
    async def ask(request: Request, action: str) -> Response:
        cookie = request.cookies.get(COOKIE, "")
        came = await run_in_threadpool(visitor, cookie)
        if came is None:
            return closed()
        seen, line = await run_in_threadpool(shown, came[0], action)
        if line is None:
            return page(seen.name, f"<h1>未被接收的保存</h1>{_said('gone')}", 404)
        return page(seen.name, _question(seen, line, viewing.mark(cookie, action, came[1])))

    @app.post("/view/kept/{action}", include_in_schema=False)
    async def decide(request: Request, action: str) -> Response:
        cookie = request.cookies.get(COOKIE, "")
        came = await run_in_threadpool(visitor, cookie)
        program = request.headers.get("content-type", "").startswith("application/json")
        if came is None:
            return JSONResponse({"error": "unsigned"}, 401) if program else closed()
        org, me = came
        given = _given(await _body(request), program)
        # another page's form cannot say JSON, nor the mark
        mark = given.get("mark", "").encode("utf-8", "replace")
        marked = program or hmac.compare_digest(mark, viewing.mark(cookie, action, me).encode())
        do, outcome = given.get("do", ""), "unknown"
        if marked and do in _BUTTONS:
            outcome = await run_in_threadpool(decided, org, me, action, do, given.get("to") or None)
        visit = sha256(cookie.encode("utf-8", "replace")).hexdigest()[:12]
        note(
            request,
            decision=do if do in _BUTTONS else "",
            action=action[:64],
            outcome=outcome,
            org=org,
            visit=visit,
        )
        status = _STATUS.get(outcome, 409)
        if program:
            return JSONResponse({"done": outcome} if status == 200 else {"error": outcome}, status)
        return page("未被接收的保存", f"<h1>未被接收的保存</h1>{_said(outcome)}", status)


def _question(seen: viewing.Overview, line: viewing.KeptLine, mark: str) -> str:
    named = labels(seen)
    facts = {
        "收到": when(line.at_ms), "服务站": named.get(line.stream, ""), "编号": line.action,
        "电脑": machine(line), "条数": str(line.operations), "原因": line.means, "怎么办": line.way_out,
    }  # fmt: skip
    table = "".join(f"<tr><th>{name}<td>{escape(value)}</tr>" for name, value in facts.items())
    stations = "".join(
        f'<option value="{escape(s.stream, quote=True)}"{" selected" * (s.stream == line.stream)}>'
        f"{escape(named[s.stream])}"
        for s in seen.stations
    )
    forms = ""
    for do in line.choices:
        to = f'<p><label>服务器上还没有记录的对象，列入 <select name="to">{stations}</select></label></p>'
        forms += (
            f'<h2>{_BUTTONS[do]}</h2><form method="post"><p>{_TOLD[do]}</p>{to if do == "release" else ""}'
            f'<input type="hidden" name="mark" value="{mark}"><p><label><input type="checkbox" required> '
            f'已同服务站核实</label></p><button name="do" value="{do}">{_BUTTONS[do]}</button></form>'
        )
    return f'<h1>未被接收的保存</h1><table>{table}</table>{forms}<p><a href="/view">返回</a></p>'


def _said(outcome: str) -> str:
    told = _DONE.get(outcome)
    if told is None:
        told = f"不能列入：{'；'.join(viewing.REASONS.get(outcome, (outcome, '')))}。"
        if outcome == "out_of_scope":
            told += "对象在您的范围以外时，请联系服务器管理人员。"
    return f'<p>{escape(told)}</p><p><a href="/view">返回</a></p>'


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            return b""
    return body


def _given(body: bytes, program: bool) -> dict[str, str]:
    """Nothing where it cannot be read."""
    try:
        if not program:
            return dict(parse_qsl(body.decode()))
        read: Any = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    found = read.items() if isinstance(read, dict) else ()  # pyright: ignore[reportUnknownVariableType]
    return {str(k): v for k, v in found if isinstance(v, str)}  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
