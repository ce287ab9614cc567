"""Verdicts: what an action was told once it is told for good (M-4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jobdesk.protocol.codes import Verdict

Said = dict[tuple[str, str], tuple[str, str]]
"""(Replica, action) → verdict and reason, as the replica's owner was told them first."""


def changed(said: Said, head: Mapping[str, Any], verdicts: Iterable[Mapping[str, Any]]) -> str:
    """Write down what an answer to a push tells that was not told before; what differs from what was, in a few
    words, empty when nothing does.

    ``accepted`` is ``already`` ever after. ``quarantined`` stays with its reason, whatever is listed later: that
    is a notice (M-4.10). To a witness only the first holds: what it may not list it may list later (M-4.9).
    """
    for one in verdicts:
        key = str(head["replica"]), str(one["action"])
        now = str(one["verdict"]), str(one.get("reason") or "")
        before = said.get(key)
        if head.get("witness"):
            same = before is None or _apart(before) or not _apart(now)
        elif before is None:
            said[key], same = now, True
        else:
            same = now == before if _apart(before) else now[0] == Verdict.ALREADY
        if before is not None and not same:
            return (
                f"action {key[1]} of {key[0]} was {' '.join(before).strip()}, and is {' '.join(now).strip()}"
            )
    return ""


def _apart(told: tuple[str, str]) -> bool:
    return told[0] == Verdict.QUARANTINED
