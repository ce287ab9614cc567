"""Arguments of the commands for the machine: signed packs, selftest, updates, the support bundle."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from jobdesk.host.pack_kinds import KINDS
from jobdesk.host.strings import text


def add_pack(parser: argparse.ArgumentParser, common: Callable[[argparse.ArgumentParser], None]) -> None:
    """``jobdesk pack keygen|sign|show|trust|distrust|publishers``."""
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=type(parser))

    def act(name: str) -> argparse.ArgumentParser:
        made = acts.add_parser(name, help=text(f"cli.pack.{name}"))
        common(made)
        return made

    keygen = act("keygen")
    keygen.add_argument("--out", type=Path, required=True, metavar="KEY.pem", help=text("cli.pack.out"))
    keygen.add_argument("--name", required=True, metavar="NAME", help=text("cli.pack.who"))
    sign = act("sign")
    sign.add_argument("--kind", required=True, choices=KINDS, help=text("cli.pack.kind"))
    sign.add_argument("--name", required=True, help=text("cli.pack.name"))
    sign.add_argument("--version", required=True, type=int, dest="number", help=text("cli.pack.version"))
    sign.add_argument("--issued-on", default="", metavar="DATE", help=text("cli.pack.issued_on"))
    sign.add_argument("--key", type=Path, required=True, metavar="KEY.pem", help=text("cli.pack.key"))
    sign.add_argument("--out", type=Path, required=True, metavar="FILE.jobdesk", help=text("cli.pack.out"))
    sign.add_argument("files", type=Path, nargs="+", help=text("cli.pack.files"))
    act("show").add_argument("file", type=Path)
    act("trust").add_argument("line", help=text("cli.pack.line"))
    act("distrust").add_argument("key_id", help=text("cli.pack.key_id"))
    act("publishers")


def add_updates(parser: argparse.ArgumentParser, common: Callable[[argparse.ArgumentParser], None]) -> None:
    """``jobdesk updates check|stage|make``."""
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=type(parser))

    def act(name: str) -> argparse.ArgumentParser:
        made = acts.add_parser(name, help=text(f"cli.updates.{name}"))
        common(made)
        return made

    for name in ("check", "stage"):
        made = act(name)
        made.add_argument("folder", nargs="?", default=None, help=text("cli.updates.folder"))
        made.add_argument("--regardless", action="store_true", help=text("cli.updates.regardless"))
        if name == "stage":
            made.add_argument("--to", type=Path, required=True, metavar="DIR", help=text("cli.updates.to"))
    make = act("make")
    make.add_argument("--number", required=True, type=int, metavar="N", help=text("cli.updates.number"))
    make.add_argument("--release", required=True, metavar="VERSION", help=text("cli.updates.release"))
    make.add_argument("--minimum", default="0.0", metavar="VERSION", help=text("cli.updates.minimum"))
    make.add_argument("--percent", type=int, default=100, metavar="0-100", help=text("cli.updates.percent"))
    make.add_argument("--expires-on", required=True, metavar="DATE", help=text("cli.updates.expires_on"))
    make.add_argument("--key", type=Path, required=True, metavar="KEY.pem", help=text("cli.pack.key"))
    make.add_argument("packages", type=Path, nargs="+", help=text("cli.updates.packages"))
