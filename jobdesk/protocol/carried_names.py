"""Names of carried files: the station, the day, a number; which way it goes. Nothing about a person."""

from __future__ import annotations

SUFFIX = ".jobdesk"
OUT, BACK = "带出", "回执"
_UNFIT = set('\\/:*?"<>|')
_MOST = 40


def out_name(station: str, day: str, number: int, device: str) -> str:
    """``南岭街道服务站-带出-20261121-003-7F2A.jobdesk``; fit for every file system a stick may have.

    The end of the device's id keeps the files of two PCs of one station apart.
    """
    kept = "".join(c for c in station if c.isprintable() and c not in _UNFIT).strip(" .-")[:_MOST] or "服务站"
    return f"{kept}-{OUT}-{day}-{number:03}-{device[-4:].upper()}{SUFFIX}"


def answer_name(name: str) -> str:
    """The answer's name beside the file that it answers."""
    stem = name[: -len(SUFFIX)] if name.casefold().endswith(SUFFIX) else name
    before, found, after = stem.rpartition(f"-{OUT}-")
    return f"{before}-{BACK}-{after}{SUFFIX}" if found else f"{stem}-{BACK}{SUFFIX}"
