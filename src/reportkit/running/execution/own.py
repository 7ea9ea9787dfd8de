"""Notebooks of somebody's own: which parameters one takes, read from it, and what it is given, checked before anything starts.

papermill only warns of a parameter that a notebook does not have, and goes on with the default. Here every name
and every value is checked: what is missing, misspelt or of the wrong type is named, with the nearest name.
"""

from __future__ import annotations

import ast
import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from reportkit.errors import ParameterError, nearest
from reportkit.language import _
from reportkit.project import RUN_PARAMETERS
from reportkit.running.execution.parameters import assigned, load_notebook

_TYPES: Final[Mapping[str, tuple[type, ...]]] = MappingProxyType(
    {
        "str": (str,),
        "int": (int,),
        "float": (int, float),
        "bool": (bool,),
        "list": (list,),
        "tuple": (list,),
        "dict": (dict,),
    }
)
"""What values a type takes, as YAML and JSON have them."""

_OF_RUN: Final = {"town": "str", "year": "int", "source": "str", "audience": "str"}


@dataclass(frozen=True)
class Takes:
    """What a notebook takes."""

    path: Path
    types: Mapping[str, str]
    """The type of each parameter by name, empty where it tells none; in the notebook's order."""
    needed: frozenset[str] = frozenset()
    """The parameters without a value of their own."""

    def of_run(self, name: str) -> bool:
        """Say whether it takes one of the parameters that a run sets: town, year, source, audience."""
        return name in self.types

    def given(self, run: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
        """Return what it is given: of the run's own parameters those that it takes, and the others."""
        return {name: value for name, value in {**run, **extra}.items() if name in self.types}

    def check(self, given: Mapping[str, Any], where: str) -> list[str]:
        """Return in words what is wrong with values that ``where`` gives."""
        faults = []
        own = [name for name in self.types if name not in RUN_PARAMETERS]
        for name, value in given.items():
            if name in RUN_PARAMETERS:
                faults.append(
                    _(
                        "{where}: {name!r} is set by the run itself; use --town, --year, --source, --audience",
                        where=where,
                        name=name,
                    )
                )
            elif name not in self.types:
                faults.append(
                    _(
                        "{where}: {notebook} has no parameter {name!r}{near}",
                        where=where,
                        notebook=self.path.name,
                        name=name,
                        near=nearest(name, own),
                    )
                )
            elif not fits(value, self.types[name]):
                wanted = self.types[name]
                faults.append(
                    _(
                        "{where}: {name}: {value!r} is no {wanted}, which {notebook} wants there",
                        where=where,
                        name=name,
                        value=value,
                        wanted=wanted,
                        notebook=self.path.name,
                    )
                )
        return faults


def fits(value: object, wanted: str) -> bool:
    """Say whether a value is of the type that a notebook names; of a type that is not known every value is.

    >>> fits(3, "int"), fits(True, "int"), fits(3, "float"), fits("3", "int"), fits("x", "Weekday")
    (True, False, True, False, True)
    """
    bare = wanted.partition("[")[0].strip().lower()
    if bare not in _TYPES:
        return True
    return isinstance(value, _TYPES[bare]) and (bare == "bool" or not isinstance(value, bool))


def read_takes(path: Path) -> Takes:
    """Read what a notebook takes from its cell tagged ``parameters``.

    Types are those of annotations, else those of the defaults. Raises
    :class:`~reportkit.errors.ParameterError` where it is no notebook, where it has not one such cell, where a parameter is
    misspelt that every run sets, or where one of those has a type that the run's value is not of.
    """
    source = load_notebook(path)[1]
    names = assigned(path, source)
    types = dict.fromkeys(names, "")
    if set(names) - set(RUN_PARAMETERS):
        types |= _inspected(source)
    else:
        types |= {name: _OF_RUN[name] for name in names}
    for name in names:
        near = nearest(name, RUN_PARAMETERS)
        if name not in RUN_PARAMETERS and name.lower() in RUN_PARAMETERS:
            raise ParameterError(
                _("{path}: unknown parameter {name!r}{near}", path=path, name=name, near=near)
            )
        if name in RUN_PARAMETERS and types[name] and types[name] != _OF_RUN[name]:
            raise ParameterError(
                _(
                    "{path}: the parameter {name!r} is a {type}; a run gives it a {wanted}",
                    path=path,
                    name=name,
                    type=types[name],
                    wanted=_OF_RUN[name],
                )
            )
    return Takes(path, MappingProxyType(types), frozenset(_bare(source)))


def _inspected(source: str) -> dict[str, str]:
    """Return the types as papermill tells them; where it tells none, that of the default.

    It is what ``papermill.inspect_notebook`` does, for a notebook that names no kernel too.
    """
    from nbformat.v4 import new_code_cell  # noqa: PLC0415  # heavy, and the master needs none
    from papermill.translators import PythonTranslator  # noqa: PLC0415

    types = {}
    for told in PythonTranslator.inspect(new_code_cell(source)):
        wanted = str(told.inferred_type_name)
        if wanted == "None":
            try:
                wanted = type(ast.literal_eval(told.default)).__name__
            except (ValueError, SyntaxError):
                wanted = ""
        types[told.name] = "" if wanted == "NoneType" else wanted
    return types


def _bare(source: str) -> Iterable[str]:
    """Yield the names that are declared without a value."""
    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.AnnAssign)
            and node.value is None
            and isinstance(node.target, ast.Name)
        ):
            yield node.target.id


def parse_given(pairs: Iterable[str], takes: Takes) -> dict[str, Any]:
    """Read ``name=value`` texts of the command line by the types of the notebook.

    Raises :class:`~reportkit.errors.ParameterError` naming every one that cannot be read.
    """
    values: dict[str, Any] = {}
    faults = []
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            faults.append(_("-p {pair}: a name and a value are wanted: -p NAME VALUE", pair=pair))
            continue
        wanted = takes.types.get(name, "").partition("[")[0].lower()
        try:
            values[name] = text if wanted in ("", "str") else json.loads(_json(text))
        except ValueError:
            values[name] = text
    faults += takes.check(values, "-p")
    if faults:
        raise ParameterError("; ".join(faults))
    return values


def _json(text: str) -> str:
    """Return a value as JSON has it: True and False as people write them."""
    return text.lower() if text in ("True", "False") else text


def taken_beside(notebook: Path, folders: Iterable[Path]) -> frozenset[str]:
    """Return the parameters that the other notebooks of some folders take, of those that can be read."""
    names: set[str] = set()
    for path in {path for folder in folders for path in folder.glob("*.ipynb")} - {notebook}:
        with contextlib.suppress(ParameterError, OSError):
            names |= set(assigned(path, load_notebook(path)[1]))
    return frozenset(names)


def own_parameters(
    takes: Takes,
    batch: Mapping[str, Any],
    file: Path | None,
    pairs: Iterable[str],
    folders: Iterable[Path] = (),
) -> dict[str, Any]:
    """Return what a notebook is given beside the run's own parameters: the batch file's, and over them the call's.

    A parameter of the batch file's that another notebook of the project's ``folders`` takes is that one's, and left out.
    Raises :class:`~reportkit.errors.ParameterError` naming every fault of both, and each parameter that has no value.
    """
    if strange := batch.keys() - takes.types.keys():
        others = strange & taken_beside(takes.path, folders)
        batch = {name: value for name, value in batch.items() if name not in others}
    faults = takes.check(batch, f"{file}: parameters")
    given = dict(batch)
    try:
        given |= parse_given(pairs, takes)
    except ParameterError as fault:
        faults.append(str(fault))
    missing = sorted(takes.needed - given.keys() - set(RUN_PARAMETERS))
    faults += [
        _(
            "{path}: the parameter {name!r} is missing: give it by -p {name} VALUE",
            path=takes.path,
            name=name,
        )
        for name in missing
    ]
    if faults:
        raise ParameterError("; ".join(faults))
    return given
