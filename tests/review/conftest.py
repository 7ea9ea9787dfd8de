"""The makers of reports that the tests of checks use."""

from tests.checks.conftest import make

__all__ = ["make"]
