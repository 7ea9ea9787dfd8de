"""Pages and executed notebooks that several tests look at."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
import pytest

from reportkit.export.html import render_html
from reportkit.notebook.view import Audience, View
from reportkit.sources.dossier import Dossier
from tests import dossiers
from tests.notebooks import executed

DOSSIERS: dict[str, Callable[[], Dossier]] = {
    "full": dossiers.dossier,
    "edition-2019": lambda: dossiers.dossier(2020),
    "bare": dossiers.bare,
    "faulty": dossiers.faulty,
}


def shown(dossier: Dossier, audience: Audience = "public") -> View:
    """Return a view of a dossier with its own findings alone, whatever rules there are this week."""
    draft = ("有尚未处理的错误",) if dossier.report.errors else ()
    return View(dossier, dossier.report, audience, draft)


def ran(name: str, audience: Audience = "public") -> nbformat.NotebookNode:
    """Return the executed notebook of a named dossier."""
    return executed(shown(DOSSIERS[name](), audience))


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    """Return every page by its name, such as ``full-public``."""
    return {
        f"{name}-{audience}": render_html(ran(name, audience), draft=True)
        for name in DOSSIERS
        for audience in ("public", "internal")
    }
