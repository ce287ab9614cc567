"""Arguments of ``jobdesk rules``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from jobdesk.host.strings import text


def add_rules(parser: argparse.ArgumentParser, common: Callable[[argparse.ArgumentParser], None]) -> None:
    """``jobdesk rules check|show|list|take|rollback``."""
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=type(parser))

    def act(name: str) -> argparse.ArgumentParser:
        made = acts.add_parser(name, help=text(f"cli.rules.{name}"))
        common(made)
        return made

    act("check").add_argument("files", type=Path, nargs="*", help=text("cli.rules.files"))
    show = act("show")
    show.add_argument("key", nargs="?", default="", help=text("cli.rules.key"))
    show.add_argument("--on", default="", metavar="DATE", help=text("cli.rules.day"))
    show.add_argument("--region", default="", metavar="CODE", help=text("cli.rules.region"))
    act("list")
    take = act("take")
    take.add_argument("file", type=Path, help=text("cli.rules.file"))
    take.add_argument("--effects", action="store_true", help=text("cli.rules.effects"))
    rollback = act("rollback")
    rollback.add_argument("name", help=text("cli.rules.name"))
    rollback.add_argument("--reason", required=True, help=text("cli.rules.reason"))
