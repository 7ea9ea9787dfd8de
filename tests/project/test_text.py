"""A params file in JSON, which is YAML too: read fast, and to the same end."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import ParameterError
from reportkit.project import text as text_module
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


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.dates()
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
    | st.sampled_from(["yes", "2024-01-31", "007", "1_0", "~", "=", "<<", "县、镇", "#", "- a"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abc县=<1.", max_size=4) | st.integers() | st.dates(), inner, max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip


@given(value=VALUES, flow=st.booleans())
def test_values_built_event_by_event_are_those_of_nodes(*, value: object, flow: bool) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow)
    composed = text_module._composed(text)
    try:
        built = text_module._build(text)
    except (text_module._Otherwise, ValueError, yaml.YAMLError):
        return
    assert repr(built) == repr(composed)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2",
        "a: 1\n'a': 2",
        "1: a\n'1': b",
        "a: &x 1\nb: *x",
        "&x {a: 1}",
        "- &x [1]\n- 2",
        "a: !!str 1",
        "!!map {a: 1}",
        "{<<: {a: 1}, b: 2}",
        "? [1, 2]\n: 3",
        "--- 1\n--- 2",
        "a: 2024-13-40",
        "a: [",
        "a: @",
        "=: 1",
    ],
)
def test_what_is_not_plain_is_left_to_the_nodes(text: str) -> None:
    with pytest.raises((text_module._Otherwise, ValueError, yaml.YAMLError)):
        text_module._build(text)


def test_plain_towns_are_built_without_a_node(monkeypatch: pytest.MonkeyPatch) -> None:
    def composed(text: str) -> object:
        raise AssertionError(text)

    monkeypatch.setattr(text_module, "_composed", composed)
    towns = Path(__file__).parents[2] / "params" / "towns.yaml"
    assert load_yaml(towns) == yaml.safe_load(towns.read_text("utf-8"))
