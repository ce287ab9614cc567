"""``python -m province``."""

from __future__ import annotations

from province.cli.commands import main

if __name__ == "__main__":
    raise SystemExit(main())
