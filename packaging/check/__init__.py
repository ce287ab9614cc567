"""Tries the packages: in clean chroots, under Wine, and by reading their libraries."""
