"""Journeys with a window are played as the tests of the screens are: off screen, dressed, with patience."""

from tests.ui.conftest import dressed, pytest_configure

__all__ = ["dressed", "pytest_configure"]
