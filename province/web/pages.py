"""The view as pages without scripts, and the same as JSON (``/view/streams.json``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from html import escape

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse

from jobdesk.cases.clock import local_datetime
from province import viewing
from province.db.engine import EVERYTHING
from province.identity import identity
from province.serving import Province

COOKIE = "jobdesk_view"
_GUARD = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
_STYLE = """body{font:15px/1.6 "Noto Sans SC","Microsoft YaHei",sans-serif;margin:32px auto;max-width:1080px;
padding:0 24px;color:#1f2328;background:#fff}h1{font-size:22px;margin:0 0 4px}
h2{font-size:17px;margin:32px 0 8px}p{color:#57606a;margin:4px 0 16px}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600;color:#57606a;white-space:nowrap}
th,td{padding:7px 12px 7px 0;border-bottom:1px solid #e3e6ea;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.n+td:not(.n),.n+th:not(.n){padding-left:20px}.w{color:#9a3412;font-weight:600}
button{font:inherit;padding:8px 20px;border:1px solid #1f6feb;border-radius:6px;background:#1f6feb;color:#fff}
@media(prefers-color-scheme:dark){body{background:#16191d;color:#e6e8ea}p,th{color:#9aa4ae}
th,td{border-color:#30363d}.w{color:#f0a36b}}"""


def add_pages(app: FastAPI, province: Province) -> None:
    """Pages are no part of the protocol: they are left out of the contract."""

    def looked(request: Request) -> viewing.Overview | None:
        with province.db.reading(EVERYTHING) as con:
            org = viewing.who(request.cookies.get(COOKIE, ""), identity(con), province.now_ms())
            return None if org is None else viewing.overview(con, org, province.now_ms(), province.bound.most)

    def entered(token: str) -> str | None:
        with province.db.writing(EVERYTHING) as con:
            return viewing.enter(con, token, identity(con), province.now_ms())

    @app.get("/view/in/{token}", include_in_schema=False)
    async def door(token: str) -> Response:
        """A button: a mail program that looks at links must not use it up."""
        told = "<h1>服务站同步情况</h1><p>此链接只能使用一次，进入后 12 小时内有效。</p>"
        path = escape(f"/view/in/{token}", quote=True)
        form = f'<form method="post" action="{path}"><button>进入</button></form>'
        return page("进入", told + form)

    @app.post("/view/in/{token}", include_in_schema=False)
    async def enter(request: Request, token: str) -> Response:
        cookie = await run_in_threadpool(entered, token)
        if cookie is None:
            return closed()
        answer = RedirectResponse("/view", status_code=303)
        secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
        answer.set_cookie(COOKIE, cookie, max_age=viewing.COOKIE_MS // 1000, httponly=True,
                          samesite="strict", secure=secure, path="/view")  # fmt: skip
        return answer

    @app.get("/view", include_in_schema=False)
    async def view(request: Request) -> Response:
        seen = await run_in_threadpool(looked, request)
        return closed() if seen is None else page(seen.name, _body(seen))

    @app.get("/view/streams.json", include_in_schema=False)
    async def streams(request: Request) -> Response:
        seen = await run_in_threadpool(looked, request)
        return JSONResponse({"error": "unsigned"}, 401) if seen is None else JSONResponse(asdict(seen))


def closed() -> Response:
    return page("需要链接", "<h1>请重新取得链接</h1><p>链接已用过或已过期。请联系服务器管理人员"
                 "（python -m province view 机构编号）。</p>", 403)  # fmt: skip


def is_program(request: Request) -> bool:
    """Whether who asks reads JSON, and no page."""
    kind = request.headers.get("content-type", "")
    return request.url.path.endswith(".json") or kind.startswith("application/json")


def wait(seconds: int) -> Response:
    """For a browser whose address has asked too much."""
    answer = page("请稍候", f"<h1>请稍候</h1><p>请求过多，请在 {seconds} 秒后再试。</p>", 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def page(title: str, body: str, status: int = 200) -> Response:
    html = (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{escape(title)}</title><style>{_STYLE}</style>{body}</html>'
    )
    answer = Response(html, status, media_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = _GUARD
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def labels(seen: viewing.Overview) -> Mapping[str, str]:
    """Names of stations by id, with the id where two have one name: 兴隆村 is in every county."""
    count = Counter(s.name for s in seen.stations)
    return {s.stream: s.name if count[s.name] == 1 else f"{s.name}（{s.stream}）" for s in seen.stations}


def _body(seen: viewing.Overview) -> str:
    named = labels(seen)
    silent = sum(1 for s in seen.stations if _is_silent(s, seen.now_ms))
    told = f"{len(seen.stations)} 个服务站，{silent} 个超过 7 天没有同步。{when(seen.now_ms)}"
    return (
        f"<h1>{escape(seen.name)}</h1><p>{told}</p><h2>服务站</h2><table><tr><th>服务站<th>最近同步"
        '<th class="n">电脑<th class="n">已收<th class="n">待上传<th>时钟偏差<th class="n">未被接收</tr>'
        + "".join(_line(s, named[s.stream], seen.now_ms) for s in seen.stations)
        + f"</table><h2>未被接收的保存</h2>{_kept(seen)}"
    )


def _line(s: viewing.StationLine, name: str, now_ms: int) -> str:
    seen = "从未" if s.seen_ms is None else when(s.seen_ms)
    late = ' class="w"' if _is_silent(s, now_ms) else ""
    skew = f'<span class="w">{_long(s.skew_ms)}</span>' if s.skew_ms > viewing.SKEWED_MS else "正常"
    waiting = str(s.waiting)
    if s.seen_ms is None:  # nobody has told anything
        skew = waiting = "—"
    kept = f'<span class="w">{s.kept}{f"（{s.full} 台已到上限）" if s.full else ""}</span>' if s.kept else "0"
    return (
        f'<tr><td>{escape(name)}<td{late}>{seen}<td class="n">{s.devices}<td class="n">{s.operations}'
        f'<td class="n">{waiting}<td>{skew}<td class="n">{kept}</tr>'
    )


def _kept(seen: viewing.Overview) -> str:
    if not seen.kept:
        return "<p>没有。</p>"
    rows, named = "", labels(seen)
    for one in seen.kept:
        rows += (
            f"<tr><td>{when(one.at_ms)}<td>{escape(named.get(one.stream, ''))}<td>{escape(one.action)}"
            f'<td>{escape(machine(one))}<td class="n">{one.operations}<td>{escape(one.means)}'
            f"<td>{escape(one.way_out)}{_door(one)}</tr>"
        )
    head = '<tr><th>收到<th>服务站<th>编号<th>电脑<th class="n">条数<th>原因<th>怎么办</tr>'
    more = f"<p>只列出 {viewing.MOST_KEPT} 项，每台电脑先列最新的。</p>" if seen.more_kept else ""
    if seen.full:
        more += (
            f'<p class="w">已到上限的电脑：{escape("、".join(seen.full))}。处理或丢弃之前不能再上传；'
            "很多时请服务器管理人员整台丢弃。</p>"
        )
    return f"<table>{head}{rows}</table>{more}"


def machine(one: viewing.KeptLine) -> str:
    """Which one of an office's: the station knows when it enrolled each, and nobody can say an id."""
    if not one.machine:
        return one.device
    return f"{one.office}第 {one.machine} 台，{when(one.enrolled_ms)} 登记（{one.device}）"


def _door(one: viewing.KeptLine) -> str:
    return f' <a href="/view/kept/{escape(one.action, quote=True)}">处理</a>' if one.choices else ""


def _is_silent(s: viewing.StationLine, now_ms: int) -> bool:
    return s.seen_ms is None or now_ms - s.seen_ms > viewing.SILENT_MS


def _long(ms: int) -> str:
    """How long, in the largest unit that says something."""
    for size, unit in ((86_400_000, "天"), (3_600_000, "小时"), (60_000, "分钟")):
        if ms >= 2 * size:
            return f"{ms // size} {unit}"
    return "1 分钟"


def when(ms: int) -> str:
    return f"{local_datetime(ms):%Y-%m-%d %H:%M}"
