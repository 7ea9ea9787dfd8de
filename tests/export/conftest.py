"""Pages and executed notebooks that several tests look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import nbformat
import pytest

from reportkit.dossier import Dossier
from reportkit.export.html import render_html
from reportkit.notebook.view import Audience, view
from tests import dossiers
from tests.notebooks import executed

NOW = datetime(2026, 3, 1, tzinfo=UTC)

DOSSIERS: dict[str, Callable[[], Dossier]] = {
    "full": dossiers.dossier,
    "edition-2019": lambda: dossiers.dossier(2020),
    "bare": dossiers.bare,
    "faulty": dossiers.faulty,
}


def ran(name: str, audience: Audience = "public") -> nbformat.NotebookNode:
    """Return the executed notebook of a named dossier."""
    return executed(view(DOSSIERS[name](), audience, NOW))


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    """Return every page by its name, such as ``full-public``."""
    return {
        f"{name}-{audience}": render_html(ran(name, audience), draft=True)
        for name in DOSSIERS
        for audience in ("public", "internal")
    }
