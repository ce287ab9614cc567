"""The bill of materials in CycloneDX 1.5: what is inside, by package URL, version, hash and licence."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from common.licences import Work, other_works
from common.product import epoch, product

BUILT_IN = {
    "openssl": re.compile(rb"OpenSSL (\d+\.\d+\.\d+) \d"),
    "sqlcipher": re.compile(rb"community\0+(\d+\.\d+\.\d+)\0"),
    "expat": re.compile(rb"expat_(\d+\.\d+\.\d+)\0"),
    "zlib-ng": re.compile(rb"zlib-ng (\d+\.\d+\.\d+)"),
    "qt": re.compile(rb"Qt (\d+\.\d+\.\d+) \("),
}
"""Libraries inside others' binaries that watchers of vulnerabilities look for, as they name themselves."""


def built_in(binaries: Mapping[str, bytes]) -> dict[tuple[str, str], list[str]]:
    """(library, version) → the files it is built into."""
    found: dict[tuple[str, str], list[str]] = {}
    for path, data in sorted(binaries.items()):
        for name, pattern in BUILT_IN.items():
            for version in sorted({match[1].decode() for match in pattern.finditer(data)}):
                found.setdefault((name, version), []).append(path)
    return found


def write_sbom(
    works: list[Work],
    origins: Mapping[str, str],
    platform: str = "windows",
    binaries: Mapping[str, bytes] | None = None,
) -> bytes:
    """The SBOM as JSON; the same works at the same commit give the same bytes.

    Args:
        origins: path in the package → whose work it is, for the number of files of each.
        binaries: libraries and extension modules by their paths, to name what is built into them.
    """
    facts = product()
    ours, *_ = [work for work in other_works(platform) if work.name == facts.product["short"]]
    rest = [work for work in other_works(platform) if work is not ours and work.name != ours.name]
    every = sorted([*works, *rest], key=lambda work: work.name.lower())
    when = datetime.datetime.fromtimestamp(epoch(), datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    components = [_component(work, origins) for work in every]
    for (name, version), paths in built_in(binaries or {}).items():
        url = f"pkg:generic/{name}@{version}"
        inside = [{"name": "jobdesk:inside", "value": path} for path in paths]
        components.append(
            {
                "type": "library",
                "bom-ref": url,
                "name": name,
                "version": version,
                "purl": url,
                "properties": inside,
            }
        )
    serial = uuid.uuid5(uuid.UUID(facts.windows["namespace"]), json.dumps([when, platform, components]))
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "timestamp": when,
            "component": {
                "type": "application",
                "bom-ref": ours.url,
                "name": facts.product["short"],
                "version": facts.version,
                "description": facts.product["description"],
                "publisher": facts.product["manufacturer"],
                "licenses": [{"expression": ours.licence}],
                "purl": ours.url,
            },
        },
        "components": components,
        "dependencies": [{"ref": ours.url, "dependsOn": sorted(part["bom-ref"] for part in components)}],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _component(work: Work, origins: Mapping[str, str]) -> dict[str, Any]:
    count = sum(work.name in origin.split(", ") for origin in origins.values())
    found: dict[str, Any] = {
        "type": "data" if work.licence == "OFL-1.1" else "library",
        "bom-ref": work.url,
        "name": work.name,
        "version": work.version,
        "licenses": [{"expression": work.licence}],
        "purl": work.url,
    }
    if work.sha256:
        found["hashes"] = [{"alg": "SHA-256", "content": work.sha256}]
    if count:
        found["properties"] = [{"name": "jobdesk:files", "value": str(count)}]
    return found
