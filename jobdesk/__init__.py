"""jobdesk: offline-first case management for the lowest desks of the employment service."""

__version__ = "0.1.0"
