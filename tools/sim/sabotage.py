"""Deliberate bugs: each takes one defence of the program away, and the simulator must find it.

The program does not know of it: named functions are replaced in a worker of their own. Where several defences hold
the same thing, a bug takes all of them away, and its words say so.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Commit = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Sabotage:
    """``what`` is done wrong by ``commit``; ``often``: steps that have to meet for it to be seen (``plan_of``)."""

    name: str
    what: str
    commit: Commit
    often: tuple[str, ...] = ()


_found: dict[str, Sabotage] = {}

STARTS: dict[str, int] = {
    "fewer_pushes_believed": 450002473, "lost_base": 1000, "ack_without_answer": 1036,
    "no_refill": 1054, "no_witness": 1054, "no_rotation": 1016, "no_new_life_after_restore": 1053,
    "journal_ignored": 1053, "fork_not_settled": 1016, "fresh_ids_after_fork": 1016,
    "blanked_at_ack": 1039, "erased_stay_on_desk": 1020, "digest_ignored": 1044,
    "server_word_ignored": 1042, "part_counts_as_whole": 608, "left_stream_stays": 634,
    "answer_read_twice": 1947, "cursor_off_by_one": 1017, "ack_before_commit": 1019,
    "no_op_dedupe": 1042, "no_quarantine": 1016, "no_hash_comparison": 1094, "half_an_action": 1017,
    "page_splits_an_action": 1017, "wrong_order_of_streams": 1020, "scope_leak": 1017,
    "duplicates_not_told": 1067, "move_without_the_past": 1026, "erasure_in_one_stream": 490000038,
    "erased_come_back_on_server": 1000, "late_work_refused": 1002, "digest_lost": 1017,
    "contents_of_the_erased_stay": 2382, "owners_not_noted": 15, "copy_not_noticed": 30000084,
    "unread_not_restored": 9000324, "restricted_told_above": 1, "cursor_back": 0,
    "cursor_before_page": 70, "newer_lines_dropped": 490000104, "safe_of_the_newest": 491000007,
    "header_for_the_thing": 490000175, "others_forgotten": 1002, "skipped_epoch": 1521,
    "merge_in_one_stream": 1643, "revoked_is_answered": 1, "newer_not_asked_again": 1052,
    "clock_decides": 1019, "notices_of_others": 1001, "taken_in_anew": 1001, "words_not_told": 799,
    "left_stream_kept": 480000004, "damaged_file_read": 9200019, "foreign_answer_read": 9200054,
    "place_given_away": 80004409, "register_forgotten": 3994, "verdict_changes": 4474,
    "merge_told_to_all": 85000004, "left_never_blanked": 85000141, "unmerge_in_one_stream": 90000595,
    "list_of_revoked_forgotten": 90002178, "given_and_stays": 95200007, "apart_for_ever": 95200039,
    "agreed_moves_never_happen": 32, "released_not_heard": 24,
}  # fmt: skip
"""Seeds that found a bug when it was last looked for, to begin with: those behind them are tried when a plan has
changed since.
"""


def bug(what: str, *often: str) -> Callable[[Commit], Commit]:
    """``commit``'s name is the bug's."""

    def kept(commit: Commit) -> Commit:
        _found[commit.__name__] = Sabotage(commit.__name__, what, commit, often)
        return commit

    return kept


def swap(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Replace a function by what ``make`` makes of it."""
    setattr(owner, name, make(getattr(owner, name)))


def sabotages() -> dict[str, Sabotage]:
    """All of them: the desk's, the province's, those of losses, of operation, of sticks and of what is told."""
    for part in ("desk", "losses", "province", "operating", "stick", "told"):
        importlib.import_module(f"tools.sim.sabotage_{part}")
    return _found
