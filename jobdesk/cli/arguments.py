"""The arguments of every command. No command asks questions."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NoReturn

from jobdesk import __version__
from jobdesk.cases.errors import BadInput
from jobdesk.cli import arguments_machine, arguments_rules
from jobdesk.host.pack_kinds import SUFFIX
from jobdesk.host.strings import text


class _Parser(argparse.ArgumentParser):
    """A wrong argument is bad input like any other: one sentence on stderr, exit code 2."""

    def error(self, message: str) -> NoReturn:
        raise BadInput("arguments", detail=message, usage=self.format_usage().strip())


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The command line as attributes; ``command`` is empty when the window is wanted.

    Raises:
        BadInput: unknown or missing arguments.
    """
    parser, names = _parser()
    rest, opened = _opened_file(argv, names)
    args = parser.parse_args(rest)
    args.open_file = opened
    if args.command == "open":
        args.open_file = args.file
        args.command = "open" if args.json else None  # the window shows it, where there can be one
    return args


def _opened_file(argv: Sequence[str], commands: Collection[str]) -> tuple[Sequence[str], Path | None]:
    """A double click hands over nothing but a ``.jobdesk`` file; beside a command it is the command's."""
    found = [a for a in argv if a.casefold().endswith(SUFFIX) and not a.startswith("-")]
    if len(found) != 1 or any(a in commands for a in argv):
        return argv, None
    return [a for a in argv if a != found[0]], Path(found[0])


def _common(parser: argparse.ArgumentParser, *, top: bool) -> None:
    missing = None if top else argparse.SUPPRESS
    parser.add_argument("--data", type=Path, default=missing, metavar="DIR", help=text("cli.data"))
    parser.add_argument("--key-file", type=Path, default=missing, metavar="F", help=text("cli.key_file"))
    parser.add_argument("--second", type=Path, default=missing, metavar="DIR", help=text("cli.second"))
    for flag in ("json", "practice"):
        parser.add_argument(
            f"--{flag}", action="store_true", default=False if top else argparse.SUPPRESS,
            help=text(f"cli.{flag}"),
        )  # fmt: skip


def _parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    """The parser and the names of its commands."""
    parser = _Parser(prog="jobdesk", description=text("app.name"))
    parser.add_argument("--version", action="version", version=f"jobdesk {__version__}")
    parser.add_argument("--show-config", action="store_true", help=text("cli.show_config"))
    _common(parser, top=True)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    def command(name: str, about: str = "") -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text(about or f"cli.{name.replace('-', '_')}"))
        _common(made, top=False)
        return made

    init = command("init")
    init.add_argument("--station", default="", metavar="CODE", help=text("cli.station"))
    init.add_argument("--staff", required=True, metavar="NAME", help=text("cli.staff"))
    init.add_argument("--name", default="", help=text("cli.station_name"))

    imported = command("import")
    imported.add_argument("file", type=Path)
    imported.add_argument("--sheet", default=None, help=text("cli.sheet"))
    imported.add_argument("--apply", action="store_true", help=text("cli.apply"))

    command("import-undo").add_argument("import_id")

    listed = command("list")
    listed.add_argument("--search", default="", help=text("cli.search"))
    _unmasked(listed)

    sheets = command("sheets")
    sheets.add_argument("--month", required=True, metavar="YYYY-MM")
    sheets.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")
    _unmasked(sheets)

    command("today")
    command("check")
    command("backup")
    restore = command("restore")
    restore.add_argument("file", type=Path)
    restore.add_argument("--journal", type=Path, default=None, metavar="DIR", help=text("cli.journal"))
    restore.add_argument("--code-file", type=Path, default=None, metavar="F", help=text("cli.code_file"))
    practice = command("practice")
    practice.add_argument("--reset", action="store_true", help=text("cli.reset"))
    arguments_rules.add_rules(command("rules", "cli.rules.about"), lambda made: _common(made, top=False))
    arguments_machine.add_pack(command("pack", "cli.pack.about"), lambda made: _common(made, top=False))
    arguments_machine.add_updates(
        command("updates", "cli.updates.about"), lambda made: _common(made, top=False)
    )
    command("selftest", "cli.selftest")
    enrol = command("enrol", "cli.sync.enrol")
    enrol.add_argument("code", nargs="?", default="", metavar="CODE", help=text("cli.sync.code"))
    enrol.add_argument("--server", default="", metavar="URL", help=text("cli.sync.server"))
    command("sync", "cli.sync.about")
    command("carry-out", "cli.carry.out").add_argument("folder", type=Path, help=text("cli.carry.folder"))
    command("carry-in", "cli.carry.in").add_argument("where", type=Path, help=text("cli.carry.where"))
    carry = command("carry", "cli.carry.about")
    carry.add_argument("folder", type=Path, help=text("cli.carry.folder"))
    carry.add_argument("--server", default="", metavar="URL", help=text("cli.sync.server"))
    command("open", "cli.open").add_argument("file", type=Path)
    bundle = command("support-bundle", "cli.support_bundle")
    bundle.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help=text("cli.pack.out"))
    return parser, commands.choices


def _unmasked(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unmasked", action="store_true", help=text("cli.unmasked"))
    parser.add_argument("--reason", default="", help=text("cli.reason"))
