"""Verdicts: what an action was told once it is told for good (M-4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jobdesk.protocol.codes import Verdict


@dataclass(frozen=True, slots=True)
class Told:
    """The verdict of an action as its replica's owner was told it. ``listed``: of its operations then."""

    verdict: str
    reason: str
    listed: int

    @property
    def apart(self) -> bool:
        return self.verdict == Verdict.QUARANTINED


Said = dict[tuple[str, str], Told]
"""(Replica, action) → what was told last."""


def changed(
    said: Said, head: Mapping[str, Any], verdicts: Iterable[Mapping[str, Any]], listed: Mapping[str, int]
) -> str:
    """Write down what an answer to a push tells that was not told before; what differs from what was, in a few
    words, empty when nothing does.

    ``accepted`` is ``already`` ever after, but for a piece of the action that was lost with a server and comes
    later than the others: it lists more. ``quarantined`` stays with its reason, whatever is listed later: that
    is a notice (M-4.10). To a witness only the first holds: what it may not list it may list later (M-4.9).

    Args:
        listed: action → operations of it that the server has listed by now.
    """
    for one in verdicts:
        action = str(one["action"])
        key = str(head["replica"]), action
        now = Told(str(one["verdict"]), str(one.get("reason") or ""), listed.get(action, 0))
        before = said.get(key)
        if head.get("witness"):
            same = before is None or before.apart or not now.apart
        else:
            same = before is None or _holds(before, now)
            if before is None or (same and not before.apart):
                said[key] = now
        if before is not None and not same:
            was, comes = f"{before.verdict} {before.reason}", f"{now.verdict} {now.reason}"
            return f"action {action} of {key[0]} was {was.strip()}, and is {comes.strip()}"
    return ""


def _holds(before: Told, now: Told) -> bool:
    if before.apart:
        return (now.verdict, now.reason) == (before.verdict, before.reason)
    return now.verdict == Verdict.ALREADY or (now.verdict == Verdict.ACCEPTED and now.listed > before.listed)
