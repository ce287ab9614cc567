"""Copies the icons in use from lucide-static (ISC) under our own names, stripped to one line each.

npm pack lucide-static@1.62.0
python tools/build_icons.py UNPACKED_PACKAGE
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "resources" / "icons"

ICONS = {
    "today": "list-checks",
    "ledger": "table",
    "home": "house",
    "briefcase": "briefcase",
    "report": "file-text",
    "sync": "refresh-cw",
    "settings": "settings",
    "search": "search",
    "eye": "eye",
    "eye-off": "eye-off",
    "phone": "phone",
    "id-card": "id-card",
    "chevron-left": "chevron-left",
    "chevron-right": "chevron-right",
    "chevron-up": "chevron-up",
    "chevron-down": "chevron-down",
    "chevrons-up-down": "chevrons-up-down",
    "arrow-up": "arrow-up",
    "arrow-down": "arrow-down",
    "arrow-left": "arrow-left",
    "arrow-right": "arrow-right",
    "close": "x",
    "plus": "plus",
    "minus": "minus",
    "check": "check",
    "check-circle": "circle-check",
    "alert": "triangle-alert",
    "error": "circle-alert",
    "info": "info",
    "help": "circle-question-mark",
    "columns": "columns-3",
    "download": "download",
    "export": "download",
    "upload": "upload",
    "import": "upload",
    "printer": "printer",
    "external-link": "external-link",
    "undo": "undo-2",
    "redo": "redo-2",
    "user": "user",
    "user-plus": "user-plus",
    "users": "users",
    "calendar": "calendar",
    "clock": "clock",
    "history": "history",
    "file": "file",
    "plan": "clipboard-list",
    "paperclip": "paperclip",
    "image": "image",
    "camera": "camera",
    "folder": "folder",
    "lock": "lock",
    "key": "key-round",
    "shield": "shield",
    "flag": "flag",
    "filter": "funnel",
    "star": "star",
    "edit": "pencil",
    "trash": "trash-2",
    "moon": "moon",
    "sun": "sun",
    "more": "ellipsis",
    "link": "link",
    "copy": "copy",
    "save": "save",
    "database": "database",
    "hard-drive": "hard-drive",
    "map-pin": "map-pin",
    "building": "building-2",
    "split": "split",
    "merge": "merge",
    "log-out": "log-out",
    "keyboard": "keyboard",
    "panel": "panel-right",
    "sort": "arrow-up-down",
    "note": "sticky-note",
    "graduate": "graduation-cap",
}


def one_line(svg: str) -> str:
    """Without comments, class and line breaks; the stroke stays ``currentColor``."""
    bare = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    bare = re.sub(r'\sclass="[^"]*"', "", bare)
    bare = re.sub(r"\s+", " ", bare)
    return re.sub(r"\s*(/?>)\s*", r"\1", bare).strip().replace("><", ">\n<") + "\n"


def main(package: Path) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for ours, theirs in ICONS.items():
        source = package / "icons" / f"{theirs}.svg"
        (OUT / f"{ours}.svg").write_text(one_line(source.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copyfile(package / "LICENSE", OUT / "LICENSE-lucide.txt")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
