"""A params file's text: UTF-8, safe YAML, no key twice, and checked against what may stand there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from reportkit.errors import ParameterError, nearest
from reportkit.project.faults import fault_words

_M = TypeVar("_M", bound=BaseModel)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C where it is built
    """Safe YAML that refuses a key that stands twice, which YAML's own rule forbids."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        twice = [key for key, times in keys.items() if times > 1]
        if twice:
            line = node.start_mark.line + 1
            raise yaml.YAMLError(f"the key {twice[0]!r} stands twice (mapping from line {line})")
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def load_yaml(path: Path) -> object:
    """Return what a YAML file holds; raise :class:`ParameterError` where it is none."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ParameterError(f"there is no file {path}{sibling(path)}") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise ParameterError(f"{path}: cannot be read as UTF-8 text: {fault}") from None
    try:
        return yaml.load(text, _Loader)  # noqa: S506  # a subclass of the safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise ParameterError(f"{path}: no YAML: {' '.join(str(fault).split())}") from None


def parse_as(model: type[_M], path: Path, body: object) -> _M:
    """Return a file's content as a model; raise :class:`ParameterError` naming every fault of it."""
    try:
        return model.model_validate(body)
    except ValidationError as fault:
        words = "; ".join(fault_words(fault, model))
        raise ParameterError(f"{path}: {words}") from None


def sibling(path: Path) -> str:
    """Return the hint for a file that is not there: the nearest name beside it."""
    folder = path.parent
    return nearest(path.name, (p.name for p in folder.iterdir())) if folder.is_dir() else ""
