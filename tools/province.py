"""``make province``: a server with sample organisations on this machine, and a code to enrol a desk with.

On SQLite in ``build/province``, or with ``DB=postgres`` on a PostgreSQL of its own in the same folder.
Nothing is thrown away: a second start goes on with what the first one had. While it runs, its environment
stands in ``build/province/environment``, for the other commands of the server (``code`` for one more machine).
"""

from __future__ import annotations

import argparse
import shlex
import signal
import subprocess
import sys
from pathlib import Path

from tools.environment import SETTINGS, without_a_server
from tools.postgres import Postgres

HERE = Path("build/province").resolve()
STATION = "220102001001"
ENVIRONMENT = HERE / "environment"
ANOTHER = f"(set -a; . build/province/environment; .venv/bin/python -m province code {STATION})"


def province(*args: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "province", *args], env=env, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--port", default="8080")
    args = parser.parse_args()
    HERE.mkdir(parents=True, exist_ok=True)
    for asked in (
        signal.SIGTERM,
        signal.SIGHUP,
    ):  # a terminal that is closed ends it too, with its PostgreSQL
        if signal.getsignal(asked) is not signal.SIG_IGN:
            signal.signal(asked, told_to_end)
    env = dict(without_a_server(), JOBDESK_PROVINCE_PORT=args.port, JOBDESK_PROVINCE_NAME="示例省级服务器")
    env["JOBDESK_PROVINCE_CONTENTS"] = str(HERE / "contents")
    if args.db == "sqlite":
        env["JOBDESK_PROVINCE_DATABASE"] = f"sqlite:///{HERE / 'province.db'}"
        return run(env)
    server = Postgres(HERE / "postgres")
    if pid := server.runs_as():
        print(f"{server.folder} 的 PostgreSQL 已在运行：另一个 make province 没有结束，或者上次被强行结束。"
              f"先结束它：kill -INT {pid}", file=sys.stderr)  # fmt: skip
        return 1
    server.start()
    try:
        owner, app = server.database("province")
        env["JOBDESK_PROVINCE_OWNER"], env["JOBDESK_PROVINCE_DATABASE"] = owner, owner
        print(province("migrate", env=env))
        server.grant("province")
        env["JOBDESK_PROVINCE_DATABASE"] = app
        return run(env)
    finally:
        server.stop()


def told_to_end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def note_environment(env: dict[str, str]) -> None:
    """For a shell beside the server: its database listens at another port at every start."""
    ours = {k: v for k, v in env.items() if k.startswith(SETTINGS)}
    ENVIRONMENT.touch(mode=0o600)
    ENVIRONMENT.write_text("".join(f"{k}={shlex.quote(v)}\n" for k, v in sorted(ours.items())), "utf-8")


def run(env: dict[str, str]) -> int:
    """Migrate, fill, tell, serve until Ctrl-C."""
    if env["JOBDESK_PROVINCE_DATABASE"].startswith("sqlite"):
        print(province("migrate", env=env))
    print(province("orgs", "--sample", "resources/regions", env=env))
    print(f"服务站 {STATION} 的登记码：{province('code', STATION, env=env)}（24 小时内有效，只能用一次）")
    print(f"县级电脑的登记码：{province('code', '220102', env=env)}")
    print(f"查看页面：{province('view', '22', env=env)}")
    note_environment(env)
    print(f"另一台电脑的登记码等命令：{ANOTHER}", flush=True)
    child = subprocess.Popen([sys.executable, "-m", "province", "serve"], env=env)
    try:
        return child.wait()
    except KeyboardInterrupt:
        return child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


if __name__ == "__main__":
    raise SystemExit(main())
