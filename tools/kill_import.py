"""Imports for the kills."""

from __future__ import annotations

from typing import Any

from jobdesk.services.desk import Desk

READY = False


def import_without_end(victim: Any, station: Any, desk: Desk, say: Any) -> None:
    raise NotImplementedError


def finish_and_judge(desk: Desk, imports: dict[str, dict[str, Any]]) -> list[str]:
    return []
