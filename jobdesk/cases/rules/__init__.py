"""Dated rules as data: packs, the tests in them, the facts they read, verdicts with their trace."""
