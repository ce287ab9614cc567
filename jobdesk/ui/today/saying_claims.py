"""Why lines of registration and recognition stand in 今日, without naming what a list may not show. Pure."""

from __future__ import annotations

from datetime import date

from jobdesk.cases.due import DueKind, DueLine
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.ui.today import words
from jobdesk.ui.today.words import t


def why(line: DueLine, today: date) -> str:
    """The sentence; empty for kinds that are not of these. 残疾, 低保 and 收监 stand in the file only."""
    params = dict(line.params)
    match line.kind:
        case DueKind.MAY_APPLY if not params.get("household"):
            named = _plain("hardship", str(params.get("categories") or ""))
            return t("why_may_apply", what=named) if named else t("why_may_apply_veiled")
        case DueKind.LEAVE:
            named = _plain("recognition_exit", str(params.get("reasons") or ""))
            return t("why_leave", what=named) if named else t("why_leave_veiled")
        case DueKind.CLAIM | DueKind.PUBLICITY if params.get("act"):
            said = text(f"claim.act.{params['act']}")
            lacks = params.get("no_verification") and params["act"] in ("check", "report")
            return t("why_act_unverified", act=said) if lacks else t("why_act", act=said)
        case DueKind.VERIFY:
            until = words.iso(str(params.get("on") or ""), today)
            when = "before" if str(params.get("on")) > today.isoformat() else "after"
            if params.get("part") == "birth":
                return t(f"why_verify_birth_{when}", until=until)
            left = words.iso(str(params.get("left") or ""), today)
            return t(f"why_verify_{when}", until=until, left=left, months=params.get("months", 0))
        case DueKind.PREPARE:
            until = words.iso(str(params.get("until") or ""), today)
            return t("why_prepare", until=until, days=params.get("days", 0))
        case DueKind.WINDOW_END:
            until = words.iso(str(params.get("until") or ""), today)
            return t("why_window_end", until=until, days=params.get("days", 0))
        case DueKind.DEREGISTER:
            unit = str(params.get("unit") or "")
            key = "why_deregister" if params.get("verified") else "why_deregister_heard"
            return t(key, unit=unit).strip()
        case DueKind.UNREACHABLE:
            return t("why_unreachable", days=params.get("attempts", 0))
        case _:
            return ""


def _plain(table: str, codes: str) -> str:
    """Names of codes; empty when one of them is sensitive or restricted."""
    entries = [code_lists.table(table).get(code) for code in codes.split(",") if code]
    if not entries or any(e is None or e.sensitive or e.restricted for e in entries):
        return ""
    return "、".join(e.name for e in entries if e is not None)
