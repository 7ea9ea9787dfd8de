"""The programs of the system that some tests look at our files with. They are no part of the project.

A test that needs one says so: ``@pytest.mark.needs("chromium")``. Where the program is absent the test is
skipped; where REPORTKIT_REQUIRE_TOOLS is set, as in CI, it fails, so that nothing goes untested unseen.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.registers.store import postgres

REQUIRED: Final = "REPORTKIT_REQUIRE_TOOLS"
"""The variable; any value but none and 0 sets it."""

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
OFFICE: Final = shutil.which("soffice")
PANDOC: Final = shutil.which("pandoc")

_CALC = "/usr/lib/libreoffice/program/libsclo.so"

_PRESENT: Final = {
    "chromium": CHROMIUM is not None,
    "libreoffice-writer": OFFICE is not None,
    "libreoffice-calc": OFFICE is not None and Path(_CALC).exists(),
    "pandoc": PANDOC is not None,
    "poppler-utils": shutil.which("pdftotext") is not None,
    "postgresql": postgres.installed(),
}
"""Debian's packages, and whether this machine has them."""


def require(package: str) -> None:
    """Skip the test that runs, or fail it where the variable is set, if a Debian package is absent."""
    if _PRESENT[package]:
        return
    message = f"needs {package} (Debian: apt-get install {package})"
    if os.environ.get(REQUIRED, "0") not in {"", "0"}:
        pytest.fail(f"{message}, and {REQUIRED} is set", pytrace=False)
    pytest.skip(message)
