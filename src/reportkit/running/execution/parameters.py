"""The four parameters of a notebook, checked before any notebook sees them.

papermill only warns of a parameter that a notebook does not have, and goes on with the default. Here it is
refused, with the nearest name that would have worked.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from reportkit.errors import ParameterError, nearest
from reportkit.language import _
from reportkit.project import THE_COUNTY, Audience, BodyId, TownId, fault_words
from reportkit.registers.sample import SAMPLE

COMPARISON = "compare"
"""What the comparison is called among the reports; no body has this id."""


class RunParams(BaseModel):
    """The parameters of one report, with the notebook's own defaults."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    town: TownId = "ershilidian"
    year: int = 2021
    source: str = SAMPLE
    audience: Audience = "public"


class CountyParams(BaseModel):
    """The parameters of the report of a county or province."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    county: BodyId = THE_COUNTY
    year: int = 2021
    source: str = SAMPLE
    audience: Audience = "public"

    @property
    def town(self) -> str:
        """The id that names its files."""
        return self.county


class CompareParams(BaseModel):
    """The parameters of the comparison of all bodies and years."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    year: int = 2021
    source: str = SAMPLE
    audience: Audience = "public"

    @property
    def town(self) -> str:
        """The name of its files."""
        return COMPARISON


def parse_params(values: Mapping[str, Any]) -> RunParams:
    """Return checked parameters; raise :class:`ParameterError` naming each key that is wrong."""
    try:
        return RunParams.model_validate(dict(values))
    except ValidationError as fault:
        raise ParameterError("parameters: " + "; ".join(fault_words(fault, RunParams))) from None


def load_notebook(path: Path) -> tuple[dict[str, Any], str]:
    """Return a notebook as JSON, and the source of its one cell tagged ``parameters``.

    Raises :class:`ParameterError` where the file is no notebook, or has not one such cell.
    """
    try:
        notebook = json.loads(path.read_text("utf-8"))
        cells = notebook["cells"]
        tagged = [c for c in cells if "parameters" in c.get("metadata", {}).get("tags", ())]
    except FileNotFoundError:
        raise ParameterError(_("there is no notebook {path}", path=path)) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ParameterError(_("{path}: no notebook: {fault!r}", path=path, fault=fault)) from None
    if len(tagged) != 1:
        raise ParameterError(
            _(
                "{path}: {count} cells are tagged 'parameters', not one",
                path=path,
                count=len(tagged),
            )
        )
    return dict(notebook), "".join(tagged[0].get("source", ""))


def check_notebook(path: Path, params: type[BaseModel] = RunParams) -> dict[str, Any]:
    """Return a notebook as JSON, once it is one that can be run with :class:`RunParams` or other parameters.

    Its cell tagged ``parameters`` must assign the four parameters and no other name; otherwise, or where
    the file is no notebook, raises :class:`ParameterError`.
    """
    notebook, source = load_notebook(path)
    names = assigned(path, source)
    fields = list(params.model_fields)
    for name in names:
        if name not in fields:
            raise ParameterError(
                _(
                    "{path}: unknown parameter {name!r}{near}",
                    path=path,
                    name=name,
                    near=nearest(name, fields),
                )
            )
    for name in fields:
        if name not in names:
            raise ParameterError(
                _("{path}: the parameter {name!r} is missing", path=path, name=name)
            )
    return notebook


def assigned(path: Path, source: str) -> list[str]:
    """Return the names that a parameters cell assigns, in order."""
    try:
        tree = ast.parse(source)
    except SyntaxError as fault:
        raise ParameterError(
            _("{path}: the parameters cell is no Python: {msg}", path=path, msg=fault.msg)
        ) from None
    names = []
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names
