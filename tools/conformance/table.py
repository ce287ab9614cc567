"""Every MUST of ``docs/sync-protocol.md`` and what holds somebody to it. A number without a row fails a test.

``wire`` names functions of ``musts.ALL``: any server is asked; those of ``lives.py`` need somebody at it. What is a
desk's MUST, or shows only by time or a look into the database, names tests of ours (``file::test``); ``why`` says
which it is. ``told`` is the table of section 13 of the protocol's page; ``python -m tools.conformance.table`` writes it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_WIRE = "over the wire"


@dataclass(frozen=True, slots=True)
class Row:
    """What checks one number."""

    wire: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    why: str = _WIRE


def _wire(*names: str) -> Row:
    return Row(wire=names)


def _ours(why: str, *tests: str, wire: tuple[str, ...] = ()) -> Row:
    return Row(wire, tests, why)


_DESK = "a desk's MUST: tested on the desk"
_TIME = "only time shows it"
_UPGRADE = "only an upgrade shows it"
_DEATH = "by a death at a few moments over the wire; at all of them: make chaos, make sim"
_RESTORE = "over the wire where somebody restores the server; every order of who comes back: make sim"
_CHAOS = "tests/tools/test_chaos_live.py::test_a_short_run"
_HISTORY = "tests/tools/test_history_live.py::test_one_order_explains_what_clients_saw"
_FILES = "m_12_files_that_are_carried"
_ONE_MOVE = _ours("that it is one transaction shows a death in it, and the order of locks many at once",
                  "tests/sync/test_a_death_at_every_commit.py::test_nothing_is_lost_whichever_commit_is_the_last",
                  "tests/province/test_rehoming.py"
                  "::test_a_regrouping_and_a_push_of_two_stations_never_wait_for_each_other",
                  wire=("m_6_1_to_6_4_moves",))  # fmt: skip

ROWS: dict[str, Row] = {
    "1.1": _ours("both sides", "tests/sync/test_musts_of_desks.py::test_a_client_says_the_version_it_was_given",
                 wire=("m_1_1_and_1_2_versions", "m_1_1_a_request_without_a_version")),
    "1.2": _ours("that there will be older ones: only version 1 was ever shipped, and these tests give later servers and "
                 "desks numbers of their own with the messages of version 1",
                 "tests/province/test_two_versions.py::test_the_two_before_the_newest_are_answered_in_their_own",
                 wire=("m_1_1_and_1_2_versions",)),
    "1.3": _ours("as 1.2; over the wire once a server answers no version 1 any more",
                 "tests/province/test_two_versions.py::test_what_an_older_desk_saved_is_taken",
                 "tests/sync/test_carried_bad.py::test_what_an_old_program_saved_is_taken_from_a_file_too",
                 "tests/province/test_two_versions.py::test_an_old_desk_still_sends_what_was_saved_and_says_that_it_is_old",
                 wire=("m_1_3_pushes_of_older_versions",)),
    "1.4": _ours("both sides", "tests/sync/test_bootstrap.py::test_an_operation_of_a_newer_program_is_kept_until_it_can_be_read",
                 "tests/protocol/test_golden.py::test_keys_of_tomorrow_are_passed_over",
                 "tests/sync/test_lines_of_a_newer_program.py"
                 "::test_a_restored_server_gets_them_once_somebody_can_read_them",
                 wire=("m_1_4_unknown_keys_and_newer_operations",)),
    "1.5": _ours("the museum has every operation ever shipped, with ids of its own that a server takes once",
                 "tests/province/test_old_operations.py::test_every_operation_of_the_museum_is_accepted"),
    "2.1": _wire("m_2_1_to_2_3_signatures", "m_2_1_all_of_a_request_is_signed", "m_2_1_at_every_address",
                 "m_2_1_enrol_is_signed_by_the_key_it_brings"),
    "2.2": _ours(_TIME, "tests/protocol/test_signing.py::test_a_nonce_is_good_for_ten_minutes",
                 "tests/protocol/test_signing.py::test_another_servers_nonce_is_none", _HISTORY),
    "2.3": _ours("both sides", "tests/sync/test_musts_of_desks.py::test_2_3_a_stale_nonce_is_replaced_once",
                 wire=("m_2_1_to_2_3_signatures",)),
    "2.4": _ours("both sides", "tests/sync/test_wire.py::test_a_wrong_clock_is_told_and_decides_nothing",
                 "tests/sync/test_words_by_a_wrong_clock.py::test_a_clock_years_ahead_forgets_no_word",
                 "tests/sync/test_what_receipts_count.py::test_a_clock_years_ahead_keeps_the_receipts_of_this_year",
                 wire=("m_2_4_clocks",)),
    "2.5": _ours(_TIME, "tests/province/test_web.py::test_a_code_ends_after_a_day_and_a_slip_is_no_code",
                 wire=("m_2_5_codes",)),
    "2.6": _ours(_TIME, "tests/province/test_web.py::test_a_device_may_sleep_four_hundred_days_behind_its_validity",
                 "tests/province/test_web.py::test_a_device_that_slept_renews_and_a_stolen_one_is_shut_out",
                 wire=("m_2_6_renewing",)),
    "2.7": _ours("both sides", "tests/sync/test_running.py::test_a_revoked_pc_is_told_and_what_it_sends_is_kept_apart",
                 wire=("m_2_7_a_revoked_device",)),
    "3.1": _wire("m_3_1_and_3_2_limits"),
    "3.2": _ours("both sides", "tests/sync/test_what_repeats_itself.py::test_a_text_of_one_word_holds_nobody_up",
                 wire=("m_3_1_and_3_2_limits",)),
    "3.3": _ours("how much is too much is the server's own",
                 "tests/province/test_web.py::test_a_busy_server_says_so_before_it_reads_a_body",
                 "tests/province/test_web.py::test_too_many_at_once_or_in_a_minute_are_told_to_wait"),
    "3.4": _ours("a hundred thousand operations fill it, and the bound is the server's own",
                 "tests/province/test_bound_of_what_is_kept_apart.py::test_a_stolen_machine_fills_no_disk",
                 "tests/province/test_bound_of_what_is_kept_apart.py::test_short_lines_count_one_each",
                 "tests/province/test_bound_of_what_is_kept_apart.py::test_the_county_and_whoever_watches_are_told",
                 "tests/sync/test_kept_apart_at_the_bound.py::test_a_newer_pc_waits_for_the_servers_upgrade_and_loses_nothing"),
    "3.5": _ours("how long and how many is the server's own",
                 "tests/province/test_bounds_of_carried_files.py"
                 "::test_a_file_is_worked_on_so_long_and_the_rest_comes_with_the_next_one",
                 "tests/province/test_bounds_of_carried_files.py::test_one_machine_has_one_file_in_work",
                 "tests/sync/test_carried_large.py::test_what_there_was_no_time_for_goes_with_the_next_file"),
    "3.6": _ours("the bound is the server's own",
                 "tests/province/test_bound_of_uploads.py::test_a_machine_has_so_many_under_way",
                 "tests/province/test_bound_of_uploads.py::test_one_that_stands_still_for_a_day_keeps_nobody_out"),
    "4.1": _wire("m_4_1_and_4_3_whole_actions"),
    "4.2": _ours(_DEATH, _CHAOS, _HISTORY, wire=("m_4_2_what_is_acknowledged_outlives_a_death",)),
    "4.3": _ours("that a verdict never changes: only time shows it",
                 "tests/province/test_accept.py::test_a_verdict_is_told_again_whoever_used_the_name_of_the_action_since",
                 wire=("m_4_1_and_4_3_whole_actions", "m_4_3_an_action_of_too_many_operations",
                       "m_4_3_a_line_that_is_too_long", "m_4_3_a_piece_that_comes_later")),
    "4.4": _wire("m_4_4_bad_content_blocks_nobody", "m_4_4_a_header_whose_body_is_lost"),
    "4.5": _wire("m_4_5_nothing_twice"),
    "4.6": _ours("two ends of a chain", "tests/sync/test_forks_and_witnesses.py"
                 "::test_an_owner_whose_next_place_a_witness_gave_to_the_other_end_goes_on_in_another_life",
                 wire=("m_4_6_gap_and_fork",)),
    "4.7": _ours("both sides", "tests/sync/test_recovery.py::test_a_server_that_lost_a_day_is_refilled",
                 "tests/sync/test_recovery.py::test_a_clone_is_seen_and_both_go_on",
                 wire=("m_4_7_less_than_believed", "m_4_7_hashes_are_compared")),
    "4.8": _ours(_DESK, "tests/sync/test_musts_of_desks.py::test_4_8_only_what_the_server_named_is_acknowledged",
                 "tests/sync/test_musts_of_desks.py::test_4_8_nothing_goes_before_it_is_safe",
                 "tests/sync/test_answers_of_another_life.py"
                 "::test_what_another_life_was_told_is_safe_makes_nothing_of_this_one_safe"),
    "4.9": _ours("two ends of a chain", "tests/sync/test_forks_and_witnesses.py"
                 "::test_a_witness_knows_one_end_and_the_owner_brings_the_other",
                 "tests/sync/test_forks_and_witnesses.py::test_a_person_lists_the_end_that_nobody_has_any_more",
                 "tests/province/test_accept.py::test_what_a_witness_could_not_list_its_owner_is_judged_for_anew",
                 "tests/province/test_witnesses.py::test_an_action_that_a_witness_knows_in_part_keeps_its_other_part",
                 "tests/province/test_witnesses.py::test_what_stands_nowhere_in_a_place_that_was_gone_over_is_a_fork",
                 "tests/sync/test_found_by_sim_copies.py"
                 "::test_a_witness_brings_what_was_in_a_place_that_another_copy_filled_with_what_stands_elsewhere",
                 wire=("m_4_9_witnesses", "m_4_9_nobody_owns_what_is_anothers")),
    "4.10": _ours(f"{_UPGRADE}, and offices that are regrouped; what a desk asks anew behind a loss",
                  "tests/province/test_standing.py::test_after_an_upgrade_it_is_asked_again_and_told",
                  "tests/province/test_rehoming.py::test_two_townships_swap_their_only_stations_one_by_one",
                  "tests/province/test_how_long_notices_are_told.py"
                  "::test_an_answer_is_told_while_a_machine_may_come_back",
                  "tests/sync/test_found_by_sim_losses.py"
                  "::test_what_others_brought_a_restored_server_is_no_longer_told_as_kept_apart",
                  "tests/sync/test_found_by_sim_copies.py"
                  "::test_each_copy_hears_what_a_restored_server_keeps_apart",
                  "tests/sync/test_found_by_sim_copies.py"
                  "::test_each_copy_hears_what_a_restored_server_lists_after_all",
                  wire=("m_1_4_unknown_keys_and_newer_operations",)),
    "5.1": _ours("at all times, with several processes", _HISTORY, wire=("m_5_1_to_5_4_pages",)),
    "5.2": _ours("both sides, and notices by turns",
                 "tests/province/test_pages_of_large_actions.py::test_a_page_is_never_larger_than_is_said",
                 "tests/province/test_moving.py::test_a_thousand_notices_are_all_told_in_the_end",
                 "tests/sync/test_large_actions.py::test_a_part_is_not_taken_for_the_whole",
                 wire=("m_5_1_to_5_4_pages", "m_5_2_pages_end_with_actions")),
    "5.3": _ours("both sides", "tests/sync/test_recovery.py::test_a_server_that_lost_a_day_is_refilled",
                 wire=("m_5_1_to_5_4_pages",)),
    "5.4": _ours("both sides", "tests/sync/test_musts_of_desks.py::test_5_4_a_digest_that_differs_pulls_the_stream_again",
                 wire=("m_5_1_to_5_4_pages",)),
    "5.5": _ours("each of the two guards by itself", "tests/province/test_scope.py::test_the_database_refuses_what_the_handler_forgets",
                 wire=("m_5_5_scope",)),
    "5.6": _ours(_DESK, "tests/sync/test_musts_of_desks.py::test_5_6_a_stream_that_leaves_the_scope",
                 "tests/sync/test_scope_that_changes.py::test_what_a_stream_held_goes_with_it",
                 "tests/sync/test_scope_that_changes.py::test_its_own_work_there_stays_until_a_backup_has_it",
                 "tests/sync/test_scope_that_changes.py::test_a_paper_of_its_own_stays_until_the_server_has_the_bytes",
                 "tests/sync/test_scope_that_changes.py::test_what_went_with_a_stream_comes_back_with_it",
                 "tests/sync/test_scope_that_changes.py::test_an_erasure_is_not_blanked_with_the_stream_that_left",
                 "tests/sync/test_moves.py::test_there_and_back",
                 "tests/sync/test_found_by_sim.py::test_a_colleagues_work_on_who_left_stays_until_a_backup_has_it",
                 "tests/sync/test_found_by_sim.py::test_what_a_backup_has_of_who_left_goes"),
    "6.1": _ONE_MOVE,
    "6.2": _ONE_MOVE,
    "6.3": _wire("m_6_1_to_6_4_moves"),
    "6.4": _wire("m_6_1_to_6_4_moves"),
    "6.5": _ours("which of the two files comes first",
                 "tests/province/test_merges_that_come_first.py::"
                 "test_a_merge_is_listed_with_the_file_that_was_kept_once_that_comes",
                 "tests/sync/test_merges_of_the_erased.py::test_a_merge_that_comes_back_before_the_file_that_was_kept",
                 wire=("m_6_5_merges", "m_6_5_no_file_begins_by_a_merge")),
    "6.6": _ours("both sides, and what stays open for months",
                 "tests/sync/test_words_by_a_wrong_clock.py"
                 "::test_an_answer_is_said_again_to_a_restored_server_whatever_the_clock_says",
                 "tests/sync/test_answers_of_another_life.py"
                 "::test_a_word_that_a_server_before_its_restore_answered_is_said_to_the_one_there_is",
                 "tests/province/test_moving.py::test_a_request_is_told_until_it_is_answered_however_long_nobody_came",
                 "tests/province/test_how_long_notices_are_told.py"
                 "::test_an_answer_is_told_while_a_machine_may_come_back",
                 wire=("m_6_6_requests", "m_6_6_a_word_names_the_servers_life", "m_6_6_a_request_is_withdrawn",
                       "m_6_6_ids_of_words")),
    "6.7": _ours("both at the same moment, notices by turns, and one number in very many files",
                 "tests/province/test_doubles_at_once.py::test_both_push_at_once",
                 "tests/province/test_how_long_notices_are_told.py"
                 "::test_two_files_nobody_decided_on_are_told_for_years",
                 "tests/province/test_moving.py::test_a_thousand_notices_are_all_told_in_the_end",
                 "tests/province/test_one_number_in_many_files.py"
                 "::test_two_others_hear_of_each_other_behind_one_with_many",
                 "tests/province/test_one_number_in_many_files.py"
                 "::test_two_others_hear_of_each_other_first_behind_several_with_many",
                 "tests/province/test_one_number_in_many_files.py"
                 "::test_the_next_ones_follow_once_some_are_settled",
                 wire=("m_6_7_one_number_at_two_stations", "m_6_7_two_people_after_all", "m_6_7_a_merge_settles_it",
                       "m_6_7_told_after_a_move")),
    "6.8": _ours("two moves that did not know of each other",
                 "tests/province/test_moving.py::test_a_pull_tells_where_somebody_really_is",
                 "tests/sync/test_transfers.py::test_two_pcs_of_a_station_move_one_person_to_two_others",
                 wire=("m_6_8_where_somebody_really_is",)),
    "6.9": _ours("files at a third station; how many a day is the server's own; what it keeps shows its database",
                 "tests/province/test_moving.py::test_a_person_is_asked_for_by_number_and_nothing_of_the_file_is_told",
                 "tests/province/test_bound_of_numbers.py::test_an_id_is_known_for_its_own_number_only",
                 "tests/province/test_bound_of_pairs.py::test_guesses_are_listed_and_told_a_few_a_day",
                 "tests/province/test_moving.py::test_nobody_goes_through_the_numbers",
                 wire=("m_6_9_asked_for_by_number", "m_6_9_an_id_looks_up_one_number")),
    "6.10": _ours("both sides", "tests/sync/test_transfers.py::test_asked_for_by_number_without_seeing_the_file",
                  "tests/sync/test_words_about_the_erased.py::test_who_was_asked_hears_it_and_keeps_nothing",
                  "tests/province/test_moving.py::test_who_moved_is_erased_everywhere",
                  "tests/province/test_what_is_told_of_the_erased.py"
                  "::test_both_sides_hear_for_a_year_that_he_is_erased",
                  "tests/province/test_how_long_notices_are_told.py"
                  "::test_an_answer_is_told_while_a_machine_may_come_back",
                  wire=("m_6_10_masked_and_blanked",)),
    "6.11": _ours("a request, a move, and who waits in vain: three stations",
                  "tests/province/test_moving.py::test_a_household_is_asked_for_as_one",
                  "tests/province/test_requests_of_one_station.py::test_what_goes_along_is_at_the_same_station",
                  "tests/province/test_moving.py::test_who_asked_in_vain_is_told_where_it_is_over",
                  wire=("m_6_11_with_what_goes_along",)),
    "6.12": _ours("a province of more stations than a page",
                  "tests/province/test_list_of_stations.py::test_it_comes_in_pages_and_once",
                  wire=("m_6_12_the_list_of_stations",)),
    "6.13": _ours("both sides; deaths and two at once",
                  "tests/sync/test_transfers.py::test_the_new_station_comes_first_to_a_server_that_lost_the_move",
                  "tests/sync/test_found_by_chaos.py::test_a_county_that_comes_before_the_station_after_a_restore_is_heard_once_the_station_came",
                  "tests/province/test_afterwards.py::test_a_stretch_has_an_end_and_goes_on_where_it_stopped",
                  "tests/province/test_strays.py::test_a_process_that_dies_before_it_asks_again_is_made_up_for",
                  "tests/province/test_strays.py::test_two_at_once_see_each_other",
                  wire=("m_6_13_judged_again_after_the_move",)),
    "6.14": _ours("both sides; what others offered first",
                  "tests/sync/test_found_by_chaos.py::test_a_station_that_comes_first_with_somebody_who_moved_to_it_shuts_nobody_out",
                  "tests/province/test_strays.py::test_a_beginning_that_others_offered_first",
                  wire=("m_6_14_the_old_station_is_no_stranger",)),
    "7.1": _ours("what its tables hold shows only there; desks above stations",
                 "tests/province/test_what_tables_hold_of_the_erased.py::test_neither_text_nor_salt_is_left_in_any_table",
                 "tests/province/test_who_speaks_of_whom.py::test_who_erases",
                 "tests/province/test_what_is_told_of_the_erased.py::test_a_desk_above_erases",
                 wire=("m_7_erasing", "m_7_1_who_may_erase", "m_7_3_told_where_somebody_was")),
    "7.2": _ours("what another subject says of somebody",
                 "tests/sync/test_found_by_sim.py::test_what_speaks_of_the_erased_and_comes_late_is_listed_blank",
                 "tests/province/test_lines_that_go_on_with_blank_ones.py::"
                 "test_a_change_is_blanked_once_the_blank_line_that_it_goes_on_with_comes",
                 "tests/province/test_words_kept_apart.py::test_it_is_blank_whichever_comes_first",
                 "tests/province/test_who_speaks_of_whom.py::test_at_the_same_moment",
                 "tests/sync/test_changes_of_blank_lines.py::test_who_has_the_line_blank_keeps_no_change_of_it",
                 wire=("m_7_erasing", "m_7_2_and_7_3_the_erased_stay_erased")),
    "7.3": _ours("what others say of somebody, and what only a register has",
                 "tests/province/test_moving.py::test_who_moved_is_erased_everywhere",
                 "tests/province/test_who_speaks_of_whom.py::test_a_household_where_he_never_was",
                 "tests/province/test_what_is_told_of_the_erased.py"
                 "::test_a_push_of_nothing_is_told_whom_of_its_own_was_kept_apart",
                 "tests/sync/test_scope_that_changes.py"
                 "::test_what_it_wrote_of_the_erased_goes_with_the_answer",
                 "tests/sync/test_households_of_the_erased.py::test_a_county_adds_somebody_to_the_household_of_another_station",
                 "tests/sync/test_found_by_sim.py::test_the_register_tells_what_erased_when_its_desk_is_gone",
                 "tests/sync/test_erasures_that_arrive.py"
                 "::test_a_desk_above_that_erased_hears_of_it_though_it_left_its_sight",
                 wire=("m_7_erasing", "m_7_3_told_where_somebody_was", "m_7_3_told_to_who_wrote_of_somebody",
                       "m_7_2_and_7_3_the_erased_stay_erased")),
    "8.1": _ours("a promotion", "tests/province/test_promotion.py::test_what_a_standby_lacks_the_desks_bring_again",
                 wire=("m_8_1_to_8_3_a_restored_server",)),
    "8.2": _ours(_RESTORE, "tests/sync/test_recovery.py::test_a_server_that_lost_a_day_is_refilled",
                 "tests/sync/test_found_by_sim.py::test_what_a_stream_listed_that_left_with_a_restore_is_offered_all_the_same",
                 "tests/sync/test_what_a_witness_is_refused.py"
                 "::test_what_is_refused_keeps_nothing_else_from_going",
                 _CHAOS, wire=("m_8_1_to_8_3_a_restored_server",)),
    "8.3": _ours("several backups, and one that failed",
                 "tests/province/test_standing.py::test_safe_is_what_the_oldest_restorable_backup_holds",
                 "tests/province/test_standing.py::test_safe_asks_no_clock_which_backup_is_the_oldest",
                 "tests/province/test_standing.py::test_a_stream_that_one_backup_does_not_know_is_not_safe",
                 wire=("m_8_1_to_8_3_a_restored_server",)),
    "8.4": _ours(_DESK, "tests/sync/test_recovery.py::test_a_desk_restored_from_a_backup",
                 "tests/sync/test_found_by_sim.py::test_an_older_backup_takes_what_came_from_others_out_of_the_newest",
                 "tests/sync/test_recovery.py::test_a_clone_is_seen_and_both_go_on", _CHAOS),
    "8.5": _ours("both sides",
                 "tests/sync/test_a_life_that_others_claimed.py::"
                 "test_who_claims_the_replica_of_others_at_a_restored_server_keeps_nobody_out",
                 wire=("m_4_9_witnesses",)),
    "8.6": _ours("what a desk does when it is told of fewer, and what a restore takes back",
                 "tests/sync/test_restored_and_nobody_said_so.py"
                 "::test_a_restored_server_goes_on_counting_once_it_was_heard",
                 wire=("m_8_6_pushes_are_counted",)),
    "9.1": _ours("while others write at every page; from the mark of another place",
                 "tests/province/test_standing.py::test_a_bootstrap_holds_everything_once_open_files_first_while_others_write",
                 "tests/sync/test_bootstrap.py::test_open_files_come_first_and_can_be_worked_with",
                 wire=("m_9_1_to_9_3_bootstrap", "m_9_1_open_files_first")),
    "9.2": _wire("m_9_1_to_9_3_bootstrap"),
    "9.3": _wire("m_9_3_only_these_subjects"),
    "9.4": _ours("desks above stations, and what a restore left half done",
                 "tests/province/test_desks_above.py::test_a_paper_named_as_something_else_is_a_paper",
                 "tests/province/test_desks_above.py"
                 "::test_so_it_is_of_one_that_was_erased_or_lies_at_another_station",
                 "tests/sync/test_contents_after_a_restore.py::test_a_paper_of_two_people_stays_until_both_are_erased",
                 "tests/sync/test_contents_after_a_restore.py::test_the_register_alone_takes_the_bytes",
                 wire=("m_9_4_and_9_5_contents", "m_9_4_bytes_of_the_erased_go_behind_a_restore")),
    "9.5": _wire("m_9_4_and_9_5_contents"),
    "9.6": _ours("only a desk above the stations shows it, and each of the two guards by itself",
                 "tests/province/test_desks_above.py::test_a_reason_is_not_told_by_the_id_of_its_word_either",
                 "tests/province/test_restricted.py::test_the_database_withholds_what_the_handler_forgets",
                 "tests/province/test_restricted.py::test_the_handler_withholds_what_the_database_shows",
                 "tests/sync/test_restricted_facts.py::test_a_county_sees_the_rest_and_counts_what_it_does_not",
                 "tests/sync/test_restricted_facts.py::test_over_a_stick_too",
                 "tests/cases/test_restricting.py::test_every_field_that_can_hold_a_restricted_code"),
    "9.7": _ours("both sides",
                 "tests/sync/test_restricted_facts.py"
                 "::test_a_restored_server_gets_the_thing_from_its_station_whoever_comes_first",
                 "tests/province/test_restricted.py::test_a_header_never_takes_the_place_of_the_thing",
                 wire=("m_9_7_headers_are_not_the_thing",)),
    "10.1": _ours("of `busy` the server says itself how much is too much",
                  "tests/province/test_web.py::test_too_many_at_once_or_in_a_minute_are_told_to_wait",
                  wire=("m_10_1_refusals",)),
    "10.2": _wire("m_10_2_addresses_and_methods_that_there_are_not"),
    "10.3": _ours("a few odd bodies; whatever the contract allows", "tests/province/test_contract.py::test_nothing_answers_5xx",
                  wire=("m_10_3_nothing_answers_5xx",)),
    "12.1": _wire(_FILES),
    "12.2": _ours("a few changed bits of it; each bit of a file",
                  "tests/sync/test_carried_flips.py::test_no_changed_file_is_done",
                  "tests/sync/test_carried_flips.py::test_no_changed_answer_is_read", wire=(_FILES,)),
    "12.3": _ours("validity: only time shows it", "tests/sync/test_carried_bad.py::test_weeks_behind_the_validity",
                  wire=(_FILES, "m_12_3_whatever_a_line_may", "m_2_7_a_revoked_device")),
    "12.4": _wire(_FILES),
    "12.5": _ours("by one death over the wire, behind the answer",
                  "tests/province/test_carried_files.py"
                  "::test_what_an_answer_acknowledges_stands_before_the_answer_is_written",
                  wire=(_FILES, "m_12_5_what_an_answer_file_acknowledges_outlives_a_death")),
    "12.6": _wire(_FILES, "m_12_6_verdicts_always_have_room", "m_12_6_a_bootstrap_with_all_its_pages",
                  "m_12_7_contents_go_whole_or_wait"),
    "12.7": _ours("both sides; an answer of that size",
                  "tests/province/test_bounds_of_carried_files.py"
                  "::test_an_answer_is_never_larger_than_a_file_whatever_came",
                  "tests/province/test_bounds_of_carried_files.py"
                  "::test_no_push_is_taken_whose_verdicts_would_have_no_room",
                  "tests/sync/test_carried_large.py::test_an_answer_larger_than_a_file_goes_on",
                  "tests/sync/test_carried_large.py::test_the_largest_file_stays_below_the_limit",
                  wire=(_FILES, "m_12_7_contents_go_whole_or_wait")),
    "12.8": _ours("the limits of an address are the server's own",
                  "tests/province/test_web.py::test_a_minute_is_counted_by_machine_and_by_where_it_asks_from",
                  "tests/sync/test_carrier.py::test_a_county_desk_signs_and_one_that_was_revoked_still_carries",
                  wire=(_FILES,)),
    "12.9": _ours(_DESK, "tests/sync/test_carried_bad.py::test_answers_in_the_wrong_order",
                  "tests/sync/test_carried_bad.py::test_a_line_was_there_for_half_of_it",
                  "tests/sync/test_what_a_witness_is_refused.py"
                  "::test_by_a_stick_what_was_refused_is_offered_again"),
    "12.10": _ours(_DESK, "tests/sync/test_carried_bad.py::test_the_server_was_restored_in_between",
                   "tests/sync/test_carried_bad.py::test_an_answer_read_first_from_before_the_restore"),
    "12.11": _ours(_DESK, "tests/sync/test_carried_bad.py::test_answers_in_the_wrong_order"),
    "12.12": _ours(_DESK, "tests/sync/test_carried_bad.py::test_names_tell_the_station_and_the_day"),
}  # fmt: skip
"""Number → what checks it."""


def told() -> str:
    """The MUSTs that the suite does not see, or not the whole of: why, and what holds us to it."""
    lines = ["| MUST | asked | why not the whole of it | held by |", "|---|---|---|---|"]
    for number, row in ROWS.items():
        if row.tests:
            tests = ", ".join(sorted({f"`{t.removeprefix('tests/').split('::')[0]}`" for t in row.tests}))
            lines.append(f"| M-{number} | {'partly' if row.wire else 'no'} | {row.why} | {tests} |")
    return "\n".join(lines)


PAGE = Path(__file__).parents[2] / "docs" / "sync-protocol.md"
_BEGIN, _END = "<!-- not asked -->\n", "\n<!-- /not asked -->"


def written(page: str) -> str:
    """The page with this table in its place."""
    before, _, rest = page.partition(_BEGIN)
    return before + _BEGIN + told() + _END + rest.partition(_END)[2]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
