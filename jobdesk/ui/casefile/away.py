"""What stands in place of a file that is at another station, and over one that is asked to go there."""

from __future__ import annotations

from jobdesk.host.strings import text
from jobdesk.services.moving.reading import Away, OpenMove
from jobdesk.ui.case_words import Words


def away_words(away: Away, words: Words) -> tuple[str, str]:
    """已转出至××, and since when, with the way back."""
    said = text("moves.gone", station=away.station)
    if not away.stub.moved_on:
        return said, text("moves.gone_more_undated")
    return said, text("moves.gone_more", day=words.day(away.stub.moved_on))


def move_words(move: OpenMove) -> str:
    """Who asked to move this file away, and whose word is waited for."""
    if not move.ours:
        return text("moves.file_want", station=move.station)
    return text("moves.file_out" if move.sent else "moves.file_out_unsent", station=move.station)
