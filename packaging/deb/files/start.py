"""Starts jobdesk from the packaged tree: Python runs isolated (-I -S), so nothing of the person's or the
system's packages is mixed in."""

import sys

HOME = "/usr/lib/jobdesk"
sys.path[:0] = [HOME, HOME + "/site-packages"]
sys.argv[0] = "/usr/bin/jobdesk"
sys.dont_write_bytecode = True

from jobdesk.__main__ import main  # noqa: E402 - only findable now

raise SystemExit(main())
