"""A params file's text: UTF-8, safe YAML, no key twice, and checked against what may stand there."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from reportkit.errors import ParameterError, nearest
from reportkit.language import _
from reportkit.project.faults import fault_words

_M = TypeVar("_M", bound=BaseModel)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C where it is built
    """Safe YAML that refuses a key that stands twice, which YAML's own rule forbids."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._tags: dict[tuple[str, tuple[bool, bool]], str] = {}

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """Return a value's tag; of a country's towns most keys and many values stand there thousands of times."""
        if kind is not yaml.ScalarNode or value[:1] not in self.yaml_implicit_resolvers:
            return str(super().resolve(kind, value, implicit))
        known = self._tags.get((value, implicit))
        if known is None:
            known = self._tags[value, implicit] = str(super().resolve(kind, value, implicit))
        return known

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        twice = [key for key, times in keys.items() if times > 1]
        if twice:
            line = node.start_mark.line + 1
            raise yaml.YAMLError(
                _(
                    "the key {twice!r} stands twice (mapping from line {line})",
                    twice=twice[0],
                    line=line,
                )
            )
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


MOST_BYTES: Final = 32_000_000
"""How large a file of params may be: 45,000 towns take five million."""
MOST_REPEATS: Final = 10_000
"""How many values aliases may add to those that are written."""


def load_yaml(path: Path) -> object:
    """Return what a YAML file holds.

    Raises :class:`ParameterError` where it is none, too large, or grows without end by its aliases.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ParameterError(
                _(
                    "{path}: is larger than {most} MB",
                    path=path,
                    most=MOST_BYTES // 1_000_000,
                )
            )
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ParameterError(
            _("there is no file {path}{near}", path=path, near=sibling(path))
        ) from None
    except (OSError, UnicodeDecodeError) as fault:
        raise ParameterError(
            _("{path}: cannot be read as UTF-8 text: {fault}", path=path, fault=fault)
        ) from None
    try:
        _bound_depth(text)
        if text.startswith("{") and "\\u" not in text:
            with contextlib.suppress(ValueError, _Otherwise):
                return _json(text)
        with contextlib.suppress(yaml.YAMLError, ValueError, _Otherwise):
            return _build(text)
        return _composed(text)
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise ParameterError(
            _("{path}: no YAML: {fault}", path=path, fault=" ".join(str(fault).split()))
        ) from None


def _composed(text: str) -> object:
    """Return what YAML holds by way of its nodes: with anchors and tags, and with the words for all that is wrong."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if "&" in text:  # without an anchor no alias stands for anything
            _bound(node)
        return loader.construct_document(node)
    finally:
        loader.dispose()


class _Otherwise(Exception):
    """What is read in another way, or refused there with better words."""


_TEXT: Final = "tag:yaml.org,2002:str"
_OTHERS: Final = {"tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"}


def _build(text: str) -> object:
    """Build what plain YAML holds event by event: the nodes of a country's towns would take 500 MB.

    Raises :class:`_Otherwise`, :class:`ValueError` or :class:`yaml.YAMLError` for all that is not plain.
    """
    loader = _Loader(text)
    try:
        return _built(loader)
    finally:
        loader.dispose()


def _built(loader: _Loader) -> object:
    found: list[object] = []
    """The document's value, once it is whole."""
    inner: list[_Inner] = []
    """The lists and mappings that are being filled, each within the one before."""
    same: dict[str, str] = {}
    while (event := loader.get_event()) is not None:
        told: str | None = None
        match event:
            case yaml.ScalarEvent(anchor=None, tag=None):
                value = _scalar(loader, event, same)
                told = event.value
            case yaml.SequenceStartEvent(anchor=None, tag=None):
                inner.append(_Inner([], None))
                continue
            case yaml.MappingStartEvent(anchor=None, tag=None):
                inner.append(_Inner({}, set()))
                continue
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                value = inner.pop().held
            case yaml.NodeEvent():
                raise _Otherwise
            case _:
                continue
        if inner:
            inner[-1].take(value, told)
        elif found:
            raise _Otherwise  # a second document
        else:
            found.append(value)
    return found[0] if found else None


def _scalar(loader: _Loader, event: yaml.ScalarEvent, same: dict[str, str]) -> object:
    text: str = event.value
    tag = loader.resolve(yaml.ScalarNode, text, event.implicit)
    if tag == _TEXT:
        return same.setdefault(text, text)  # a county's name stands at each of its towns
    if tag in _OTHERS:
        raise _Otherwise
    return loader.yaml_constructors[tag](loader, yaml.ScalarNode(tag, text))


class _Inner:
    """A list or a mapping that is being filled."""

    def __init__(self, held: list[object] | dict[Any, Any], keys: set[str] | None) -> None:
        self.held = held
        self._keys = keys
        self._key: object = None
        self._waits = False
        """Whether a key waits for its value."""

    def take(self, value: object, told: str | None) -> None:
        """Take the next value, which is told by ``told`` where it is a scalar."""
        if isinstance(self.held, list):
            self.held.append(value)
        elif self._waits:
            self.held[self._key] = value
            self._waits = False
        elif told is None or self._keys is None or told in self._keys:
            raise _Otherwise
        else:
            self._keys.add(told)
            self._key, self._waits = value, True


def _json(text: str) -> object:
    """Read JSON, which is YAML too and read ten times as fast: a run hands its notebooks their params so.

    Raises :class:`_Otherwise` or :class:`ValueError` for all that YAML reads in another way or words better.
    """
    return json.loads(
        text, object_pairs_hook=_each_once, parse_float=_plain_float, parse_constant=_plain_float
    )


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        raise _Otherwise
    return body


def _plain_float(text: str) -> float:
    if not re.fullmatch(r"-?\d+\.\d+", text):
        raise _Otherwise
    return float(text)


_DEEPEST: Final = 40
_BRACKET: Final = re.compile(r"[\[\]{}]")
_IN_A_LINE: Final = re.compile(rf"(?:[-?] +){{{_DEEPEST}}}|^ {{{2 * _DEEPEST}}}", re.MULTILINE)


def _bound_depth(text: str) -> None:
    """Refuse values within values without end: libyaml follows them until its stack is full, and dies."""
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    if deepest <= _DEEPEST and not _IN_A_LINE.search(text):
        return
    depth = 0  # brackets may stand in texts: what is one, only YAML itself knows
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else "?"
            raise yaml.YAMLError(
                _(
                    "more than {most} values within one another (line {line})",
                    most=_DEEPEST,
                    line=line,
                )
            )


def _bound(root: yaml.Node) -> None:
    """Refuse aliases that lead in a circle, or stand for so much that what reads them would never end."""
    sizes: dict[int, int] = {}
    within: set[int] = set()
    stack: list[tuple[yaml.Node, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            within.discard(id(node))
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in _children(node))
            if sizes[id(node)] > len(sizes) + MOST_REPEATS:
                line = node.start_mark.line + 1
                raise yaml.YAMLError(
                    _("its aliases stand for too many values (from line {line})", line=line)
                )
        elif id(node) in within:
            line = node.start_mark.line + 1
            raise yaml.YAMLError(_("an alias leads back to itself (line {line})", line=line))
        elif id(node) not in sizes:
            within.add(id(node))
            stack.append((node, True))
            stack.extend((child, False) for child in _children(node))


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


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
