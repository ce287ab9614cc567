"""Front door."""

from __future__ import annotations


def main() -> int:
    """Start the desk or a command."""
    from jobdesk.app import run

    return run()


if __name__ == "__main__":
    raise SystemExit(main())
