"""A params file in JSON, which is YAML too: read fast, and to the same end."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.project.text import _Loader, load_yaml


@pytest.mark.parametrize(
    "text",
    [
        '{"towns": [{"id": "a", "name": "甲镇", "delegated": ["licensing"], "illustrative": true}]}',
        '{"published_on": {"a": "2022-01-20"}, "x": null, "n": -3, "f": 1.50}',
        '{"words": 1e5, "more": 1E+5}',
        '{"letters": "\\u4e8c"}',
        '{"tab": "\\t", "line": "a\\nb", "slash": "\\/", "<<": "plain"}',
        "{a: 1, b: [x, y]}",
        '{"open": .inf, "date": 2022-01-20}',
    ],
)
def test_json_is_read_as_yaml_reads_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "batch.yaml"
    path.write_text(text, "utf-8")
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        wanted = repr(loader.construct_document(node))
    except ValueError:
        wanted = ""
    finally:
        loader.dispose()
    if wanted:
        assert repr(load_yaml(path)) == wanted


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"a": ' + "[" * 50 + "]" * 50 + "}", "more than 40 values within one another"),
        ('{"a": ' + "[" * 100_000, "no YAML"),
    ],
)
def test_what_is_wrong_with_json_is_told_as_of_yaml(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "batch.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ParameterError, match=told):
        load_yaml(path)
