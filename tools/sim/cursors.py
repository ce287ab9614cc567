"""Cursors: an exchange takes none back that it did not find wrong (the half of S6 that nobody sees on a screen)."""

from __future__ import annotations

from collections.abc import Mapping

from jobdesk.store import sync_state
from tools.sim.machine import Machine


def places(machine: Machine) -> dict[str, int]:
    """How far each stream is taken in; without those that are loading or left."""
    streams = machine.read(sync_state.streams)
    return {s.stream: s.at.seq for s in streams if s.loading is None and not s.gone}


def gone_back(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """What went back, said in a few words; empty when nothing did."""
    for stream, seq in after.items():
        if seq < before.get(stream, 0):
            return f"{stream} from {before[stream]} to {seq}"
    return ""
