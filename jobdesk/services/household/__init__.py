"""Households: one verb a file, each one action that can be taken back. Only the county recognises."""
