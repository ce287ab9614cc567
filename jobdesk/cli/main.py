"""The command line: parse, run one command, say errors on stderr with their exit code."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

from jobdesk.cases.errors import BadInput, FileLocked, JobdeskError, Refused, Trouble
from jobdesk.cli import (
    commands,
    commands_carry,
    commands_import,
    commands_machine,
    commands_pack,
    commands_rules,
    commands_station,
    commands_sync,
)
from jobdesk.cli.place import Place
from jobdesk.host.disk import take_rights_of
from jobdesk.host.log import start_log
from jobdesk.host.settings_file import AppConfig, load_config
from jobdesk.host.strings import text
from jobdesk.host.system_clock import SystemClock

EXIT_BAD_INPUT, EXIT_REFUSED, EXIT_TROUBLE, EXIT_BUG = 2, 3, 4, 70
Command = Callable[[Place, argparse.Namespace], "Answer"]

Answer = commands.Answer
COMMANDS: Mapping[str, Command] = {
    "init": commands_station.init,
    "practice": commands_station.practice,
    "backup": commands_station.backup,
    "restore": commands_station.restore,
    "check": commands_station.check,
    "import": commands_import.import_file,
    "import-undo": commands_import.import_undo,
    "list": commands.list_cases,
    "sheets": commands.sheets,
    "today": commands.today,
    "pack": commands_pack.pack,
    "rules": commands_rules.rules,
    "updates": commands_machine.update,
    "selftest": commands_machine.selftest,
    "support-bundle": commands_machine.bundle,
    "open": commands_machine.open_file,
    "enrol": commands_sync.enrol,
    "sync": commands_sync.sync,
    "carry-out": commands_carry.carry_out,
    "carry-in": commands_carry.carry_in,
    "carry": commands_carry.carry,
}


_NOT_IN_PRACTICE = frozenset(
    {"init", "restore", "enrol", "sync", "carry-out", "carry-in", "carry", "updates"}
)
"""What makes a station, lets it exchange or concerns the machine: the practice station has none of it."""


def config_of(args: argparse.Namespace) -> AppConfig:
    """The settings as flags, environment and file give them; with ``--practice`` the practice station's own.

    Raises:
        Refused: ``not_in_practice``: the practice station knows no such command.
        BadInput: as ``load_config``.
    """
    flags = {n: str(v) if v else None for n, v in (("data", args.data), ("second", args.second),
                                                   ("key_file", args.key_file))}  # fmt: skip
    config = load_config(flags, os.environ)
    if not args.practice or args.command == "practice":
        return config
    if args.command in _NOT_IN_PRACTICE:
        raise Refused("not_in_practice", command=args.command)
    from jobdesk.services.practice.making import key_file_of

    own = {"data": str(config.paths.practice().data), "key_file": str(key_file_of(config.paths))}
    return replace(load_config(own, os.environ), second="")


def run(args: argparse.Namespace) -> int:
    """Run the command of the arguments; returns the exit code."""
    try:
        config = config_of(args)
        if args.show_config:
            return _show_config(config)
        take_rights_of(config.paths.data)
        start_log(config.paths.logs, logging.getLevelNamesMapping()[config.log_level.upper()])
        answer = COMMANDS[args.command](Place(config, SystemClock()), args)
    except JobdeskError as error:
        return say_error(error)
    _say(answer, as_json=args.json)
    return answer.exit_code


def _show_config(config: AppConfig) -> int:
    """Every setting with its origin, then what IT has set besides; what cannot be used on stderr."""
    for name, value, origin in config.shown():
        print(f"{name} = {value}  ({origin})")
    for managed in config.policy.values.values():
        if managed.name not in ("second", "data_folder"):
            print(f"{managed.name} = {managed.value}  ({managed.origin})")
    if config.policy.enrolment is not None:
        print(f"enrolment_code = {config.policy.enrolment.masked}  (install)")
    for complaint in config.policy.complaints:
        print(complaint.said, file=sys.stderr)
    return 0


def _say(answer: commands.Answer, *, as_json: bool) -> None:
    """Print the answer; somebody who closed the pipe has read enough."""
    try:
        if as_json:
            print(json.dumps(answer.data, ensure_ascii=False), flush=True)
        else:
            for line in answer.lines:
                print(line, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what Python would still flush goes nowhere


def say_error(error: JobdeskError) -> int:
    """The sentence on stderr; the exit code tells the kind."""
    print(text(f"error.{error.code}", **error.params), file=sys.stderr)
    if isinstance(error, BadInput):
        return EXIT_BAD_INPUT
    if isinstance(error, (Refused, FileLocked)):  # somebody's window has the file: a writing command waits
        return EXIT_REFUSED
    return EXIT_TROUBLE if isinstance(error, Trouble) else EXIT_BUG
