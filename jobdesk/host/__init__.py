"""The machine: paths, settings, log, secrets, strings, assets, clock."""
