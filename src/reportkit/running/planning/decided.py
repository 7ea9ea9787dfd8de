"""What was decided on a town's findings, as the project's reviews/<year>.yaml have it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportkit.project import Project


class Decided:
    """The decisions of a project, each year's file read once, when it is first asked for."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._by_year: dict[int, list[Mapping[str, Any]]] = {}

    def of(self, town: str, year: int) -> tuple[Mapping[str, Any], ...]:
        """Return what was decided on a town's findings of a year; a decision names it by its id or its name."""
        if year not in self._by_year:
            self._by_year[year] = _load(self._project.folder, year)
        entry = self._project.towns.get(town)
        names = {town, None if entry is None else entry.name}
        return tuple(each for each in self._by_year[year] if each["town"] in names)


def _load(folder: Path, year: int) -> list[Mapping[str, Any]]:
    """Return a year's decisions as plain values; none where the project has no reviews."""
    if not (folder / "reviews").is_dir():
        return []
    from pydantic import TypeAdapter  # noqa: PLC0415  # the rules are heavy, and most projects have no reviews

    from reportkit.review.decisions import Decision  # noqa: PLC0415
    from reportkit.review.files import FOLDER, load_reviews  # noqa: PLC0415

    held = load_reviews(folder / FOLDER, year)
    return list(TypeAdapter(list[Decision]).dump_python(list(held), mode="json"))
