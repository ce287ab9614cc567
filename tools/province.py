"""``make province``: a server with sample organisations on this machine, and a code to enrol a desk with.

On SQLite in ``build/province``, or with ``DB=postgres`` on a PostgreSQL of its own in the same folder.
Nothing is thrown away: a second start goes on with what the first one had.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tools.postgres import Postgres

HERE = Path("build/province").resolve()
STATION = "220102001001"


def province(*args: str, env: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-m", "province", *args], env=env, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--port", default="8080")
    args = parser.parse_args()
    HERE.mkdir(parents=True, exist_ok=True)
    env = dict(os.environ, JOBDESK_PROVINCE_PORT=args.port, JOBDESK_PROVINCE_NAME="示例省级服务器")
    env["JOBDESK_PROVINCE_CONTENTS"] = str(HERE / "contents")
    if args.db == "sqlite":
        env["JOBDESK_PROVINCE_DATABASE"] = f"sqlite:///{HERE / 'province.db'}"
        return run(env)
    server = Postgres(HERE / "postgres")
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


def run(env: dict[str, str]) -> int:
    """Migrate, fill, tell, serve until Ctrl-C."""
    if env["JOBDESK_PROVINCE_DATABASE"].startswith("sqlite"):
        print(province("migrate", env=env))
    print(province("orgs", "--sample", "resources/regions", env=env))
    print(f"服务站 {STATION} 的登记码：{province('code', STATION, env=env)}（24 小时内有效，只能用一次）")
    print(f"县级电脑的登记码：{province('code', '220102', env=env)}")
    print(f"查看页面：{province('view', '22', env=env)}", flush=True)
    child = subprocess.Popen([sys.executable, "-m", "province", "serve"], env=env)
    try:
        return child.wait()
    except KeyboardInterrupt:
        return child.wait()


if __name__ == "__main__":
    raise SystemExit(main())
