"""The pages of docs/ say what the code says, and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs import DOCS, architecture

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_the_picture_of_the_floors_is_that_of_the_code() -> None:
    assert (DOCS / "architecture.md").read_text("utf-8") == architecture(), "run make docs"


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_every_file_that_the_contributors_page_names_is_there() -> None:
    page = DOCS.parent / "CONTRIBUTING.md"
    for target in LINK.findall(page.read_text("utf-8")):
        assert "://" in target or (page.parent / target).exists(), target
