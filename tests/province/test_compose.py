"""``compose.yaml`` without containers: its shape, and its commands one by one against a PostgreSQL of our own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tools.live_province import ROOT, own_environment
from tools.postgres import Postgres, binaries

PASSWORDS = {"POSTGRES_PASSWORD": "sa", "OWNER_PASSWORD": "ein", "APP_PASSWORD": "zwei"}
_VARIABLE = re.compile(r"\$\{(\w+)(?::\?[^}]*)?\}")


def services() -> dict[str, Any]:
    read = cast("dict[str, Any]", yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8")))
    assert set(read) == {"services", "volumes"}
    return cast("dict[str, Any]", read["services"])


def filled(words: str) -> str:
    """As compose does it, before any shell sees it."""
    return _VARIABLE.sub(lambda m: PASSWORDS[m.group(1)], words)


def test_everybody_waits_for_what_he_needs_and_every_file_is_there() -> None:
    found = services()
    wait = {
        name: {k: v["condition"] for k, v in s.get("depends_on", {}).items()} for name, s in found.items()
    }
    assert wait == {
        "database": {}, "roles": {"database": "service_healthy"},
        "migrate": {"roles": "service_completed_successfully"},
        "server": {"migrate": "service_completed_successfully"},
    }  # fmt: skip
    named = set(_VARIABLE.findall((ROOT / "compose.yaml").read_text("utf-8")))
    assert named == PASSWORDS.keys()
    volumes = cast("dict[str, Any]", yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["volumes"])
    for service in found.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert source in volumes or (ROOT / source).is_file(), source
        if "build" in service:
            assert (ROOT / service["build"]["dockerfile"]).is_file()
    contents = [found[name]["volumes"] for name in ("migrate", "server")]
    assert contents[0] == contents[1], "migrate writes down whose contents are, and drops those of the erased"
    assert "-h" in found["database"]["healthcheck"]["test"], (
        "the cluster is being made while its socket answers"
    )
    assert all(p.startswith("127.0.0.1:") for p in found["server"]["ports"]), "TLS ends at a proxy"
    assert found["server"]["stop_grace_period"] == "30s"


def test_what_the_image_copies_is_there_and_what_is_secret_stays_out() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".venv", ".env"} <= {line.strip("/") for line in ignored}
    made = (ROOT / "packaging/province/Containerfile").read_text("utf-8")
    assert "USER jobdesk-province" in made and 'CMD ["python", "-m", "province", "serve"]' in made


@pytest.fixture
def cluster() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="compose-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Postgres(Path(folder) / "pg", durable=False)
        made.start()
        made.ask("CREATE ROLE postgres SUPERUSER LOGIN")
        yield made
        made.remove()


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_roles_migrations_and_server_as_the_file_starts_them(cluster: Postgres, tmp_path: Path) -> None:
    """The owner is no superuser there: row-level security holds its migrations too."""
    found = services()
    here = f"127.0.0.1 -p {cluster.port}"
    shell = filled(found["roles"]["command"][0]).replace("-h database", f"-h {here}")
    shell = shell.replace("/roles.sql", str(ROOT / "packaging/province/roles.sql"))
    path = f"{binaries()}:{os.environ['PATH']}"
    for _ in range(2):  # the second start changes nothing
        subprocess.run(
            [*found["roles"]["entrypoint"], shell], env=own_environment() | {"PATH": path}, check=True
        )

    def run(service: str, *command: str) -> str:
        given = {k: filled(v) for k, v in found[service].get("environment", {}).items()}
        env = {k: v.replace("@database/", f"@127.0.0.1:{cluster.port}/") for k, v in given.items()}
        env |= {"JOBDESK_PROVINCE_CONTENTS": str(tmp_path / "contents")}
        words = [sys.executable, *(command or found[service]["command"][1:])]
        done = subprocess.run(
            words, env=own_environment() | env, cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    for _ in range(2):
        run("migrate")
    file = tmp_path / "orgs.csv"
    file.write_text("id,name,level,parent,region\n22,省,province,,22\ns,站,station,22,22\n", encoding="utf-8")
    run("server", "-m", "province", "orgs", str(file))
    assert run("server", "-m", "province", "code", "s").strip()
    asked = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = '{}'"
    assert {cluster.ask(asked.format(role)) for role in ("province_owner", "jobdesk_app")} == {"f"}
    may = "SELECT has_table_privilege('jobdesk_app', 'notice_subject', '{}')"
    assert [cluster.ask(may.format(what), "province") for what in ("INSERT", "DELETE")] == ["t", "f"]
