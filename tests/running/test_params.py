"""The notebook's parameters and the model of them are the same, both ways."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import papermill
import pytest

from reportkit.errors import ParameterError
from reportkit.project import packaged_notebook
from reportkit.running.execution.parameters import RunParams, check_notebook, parse_params


def test_the_master_notebook_and_the_model_have_the_same_parameters() -> None:
    inspected = papermill.inspect_notebook(str(packaged_notebook()))
    in_notebook = {
        name: (parameter["inferred_type_name"], ast.literal_eval(parameter["default"]))
        for name, parameter in inspected.items()
    }
    in_model = {
        name: ("int" if isinstance(field.default, int) else "str", field.default)
        for name, field in RunParams.model_fields.items()
    }
    assert in_notebook == in_model
    assert list(in_notebook) == list(in_model)


def test_the_master_notebook_can_be_run() -> None:
    assert check_notebook(packaged_notebook())["cells"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"twon": "gulou"}, "twon: unknown key; did you mean 'town'"),
        ({"town": "古楼"}, "town: '古楼' is no id"),
        ({"town": "index"}, "reserved"),
        ({"audience": "pulbic"}, "did you mean 'public'"),
        ({"year": "next"}, "year"),
    ],
)
def test_what_the_notebook_cannot_take_is_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterError) as raised:
        parse_params(values)
    assert words in str(raised.value)


def notebook(path: Path, source: str, tags: tuple[str, ...] = ("parameters",)) -> Path:
    cell = {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}), "utf-8")
    return path


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("twon = 'a'\nyear = 1\nsource = ''\naudience = ''", "'twon'; did you mean 'town'"),
        ("town = 'a'\nyear: int = 1\nsource = ''", "'audience' is missing"),
        ("town = ", "no Python"),
    ],
)
def test_a_notebook_with_other_parameters_is_refused(
    tmp_path: Path, source: str, words: str
) -> None:
    path = notebook(tmp_path / "年报.ipynb", source)
    with pytest.raises(ParameterError) as raised:
        check_notebook(path)
    assert words in str(raised.value)
    assert "年报.ipynb" in str(raised.value)


def test_a_notebook_without_a_parameters_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="0 cells are tagged"):
        check_notebook(notebook(tmp_path / "a.ipynb", "town = 1", tags=()))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": 3}', '{"cells": [1]}'])
def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(content, "utf-8")
    with pytest.raises(ParameterError, match="no notebook"):
        check_notebook(path)
    with pytest.raises(ParameterError, match="there is no notebook"):
        check_notebook(tmp_path / "b.ipynb")
