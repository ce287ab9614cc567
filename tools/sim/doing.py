"""The kinds of steps by name, as plans and traces say them."""

from __future__ import annotations

from tools.sim import apart, clerk, disks, lines, matters, papers, regions, restricted, stick, talks
from tools.sim.world import Play

BETWEEN = (
    "set", "serve", "open", "sync", "sync", "sync", "copy_server", "server_back", "server_back_silent", "ghost",
)  # fmt: skip
"""What others do before a request arrives."""

STEPS: dict[str, Play] = {
    "meet": clerk.meet, "open": clerk.open_case, "set": clerk.set_field, "serve": clerk.serve,
    "form": apart.load_form, "save_form": apart.save_form, "undo": clerk.undo, "big": clerk.big,
    "settle": apart.settle_conflict, "help": clerk.help_state,
    "transfer": matters.transfer, "merge": matters.merge, "unmerge": matters.unmerge, "erase": matters.erase,
    "same_person": matters.same_person,
    "sync": lines.sync, "bad_sync": lines.bad_sync, "broken_sync": lines.broken_sync,
    "killed_sync": lines.killed_sync, "killed_save": lines.killed_save, "ghost": lines.ghost,
    "backup": disks.backup, "restore": disks.restore, "bare_restore": disks.bare_restore, "clone": disks.clone,
    "destroyed": disks.destroyed, "drift": disks.drift, "clock": disks.clock, "week": disks.week,
    "reopen": disks.reopen, "upgrade": disks.upgrade, "revoke": disks.revoke,
    "copy_server": disks.copy_server, "server_back": disks.server_back,
    "server_back_silent": disks.server_back_silent, "upgrade_server": disks.upgrade_server,
    "server_clock": disks.server_clock,
    "restricted": restricted.write, "attach": papers.attach, "regroup": regions.regroup, "ask": talks.ask, "answer": talks.answer,
    "stick_out": stick.out, "stick_carried": stick.carried, "stick_back": stick.back,
}  # fmt: skip
