"""Arguments of the commands for the machine: signed packs, selftest, updates, the support bundle."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from jobdesk.host.signed_pack import KINDS
from jobdesk.host.strings import text

Command = Callable[..., argparse.ArgumentParser]


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
