"""Decisions on findings kept in files: ``reviews/<year>.yaml``, beside the params folder.

One file a year, decisions sorted, so that the file can be kept in git and compared. People may edit it: every
fault is named with its file and place. A file is written whole, and two writers wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import yaml
from pydantic import TypeAdapter, ValidationError

from reportkit.errors import ParameterError
from reportkit.files import require_writable, write_whole
from reportkit.language import _
from reportkit.project.text import load_yaml
from reportkit.review.decisions import Decision

FOLDER: Final = "reviews"
"""The folder's name, in the project folder."""

_HEAD: Final = (
    "# 对校验问题的处理决定。values 是所看数值的摘要：数值一变，决定自动失效。\n"
    "# decision: accepted 已接受，to_mend 待改正。\n"
)
_DECISIONS: Final = TypeAdapter(list[Decision])


def reviews_file(folder: Path, year: int | None) -> Path:
    """Return the file of a reporting year's decisions; reports without a year have one together."""
    return folder / f"{'unknown' if year is None else year}.yaml"


def load_reviews(folder: Path, year: int | None) -> tuple[Decision, ...]:
    """Return the decisions of a year; none where there is no file.

    Raises :class:`ParameterError` naming file and place for a file that does not hold decisions.
    """
    path = reviews_file(folder, year)
    if not path.exists():
        return ()
    body = load_yaml(path)
    if body is None:
        return ()
    if not isinstance(body, dict) or set(body) != {"decisions"}:
        raise ParameterError(
            _("{path}: a mapping with the one key 'decisions' is expected", path=path)
        )
    try:
        return tuple(_DECISIONS.validate_python(body["decisions"] or []))
    except ValidationError as fault:
        faults = "; ".join(
            f"{error['msg']} @ decisions.{'.'.join(map(str, error['loc']))}"
            for error in fault.errors(include_input=False, include_url=False)
        )
        raise ParameterError(f"{path}: {faults}") from None


def save_decisions(folder: Path, year: int | None, new: Iterable[Decision]) -> Path:
    """Add decisions to a year's file; one on the same values takes the older one's place."""
    from reportkit.locks import alone  # noqa: PLC0415  # most only read decisions

    path = reviews_file(folder, year)
    require_writable(folder)
    with alone(folder / f".{path.name}.lock"):
        held = {_key(each): each for each in load_reviews(folder, year)}
        held |= {_key(each): each for each in new}
        body = _DECISIONS.dump_python([held[key] for key in sorted(held)], mode="json")
        text = yaml.safe_dump({"decisions": body}, allow_unicode=True, sort_keys=False, width=100)
        write_whole(path, _HEAD + text)
    return path


def _key(decision: Decision) -> tuple[str, str, str]:
    return (decision.town, decision.rule, decision.values)
