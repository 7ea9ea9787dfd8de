"""The command line's own words, in the language to speak: help of commands and options, and what typer adds to them."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

from reportkit.language import _

_TYPERS: Final = {
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commands",
    "ERRORS_PANEL_TITLE": "Error",
    "DEFAULT_STRING": "[default: {}]",
    "REQUIRED_LONG_STRING": "[required]",
}
"""The words of typer's own that help shows, by the name of its constant."""


_UNUSED: Final = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}
"""Classes that typer imports to show help and shows none with: a parser of Markdown, and one of Python."""


@contextlib.contextmanager
def _later(classes: dict[str, str]) -> Iterator[None]:
    """Let modules be imported when their class is first called, not when it is imported: it saves a fifth of the help's time."""
    waiting = {name: attribute for name, attribute in classes.items() if name not in sys.modules}
    for name, attribute in waiting.items():
        sys.modules[name] = stand_in = ModuleType(name)
        setattr(stand_in, attribute, _Later(name, attribute))
    try:
        yield
    finally:
        for name in waiting:
            del sys.modules[name]


class _Later:
    """Stands for a class of a module that is not imported yet."""

    def __init__(self, module: str, name: str) -> None:
        self._place = module, name

    def __call__(self, *values: Any, **named: Any) -> Any:
        module, name = self._place
        return getattr(importlib.import_module(module), name)(*values, **named)

    def __getattr__(self, name: str) -> Any:
        module, own = self._place
        return getattr(getattr(importlib.import_module(module), own), name)

    def __or__(self, other: object) -> Any:
        return other  # in an annotation, which nobody reads

    __ror__ = __or__


def messages(root: Any) -> Iterator[str]:
    """Yield every text that help shows, as it stands in the code."""
    yield from _TYPERS.values()
    for holder in _holders(root):
        if holder.help:
            yield inspect.cleandoc(holder.help)


def translate_typer() -> None:
    """Let typer show help and errors in the language to speak. It takes a while, and most calls show neither."""
    with _later(_UNUSED):
        from typer import rich_utils  # noqa: PLC0415  # rich is slow to import

    for name, words in _TYPERS.items():
        setattr(rich_utils, name, _(words))


def translate(root: Any) -> Any:
    """Return a command line with its help in the language to speak."""
    for holder in _holders(root):
        if holder.help:
            holder.help = _(inspect.cleandoc(holder.help))
            if getattr(holder, "short_help", None):
                holder.short_help = None
    return root


def _holders(command: Any) -> Iterator[Any]:
    """Yield a command, its parameters, and its own commands with theirs."""
    yield command
    yield from (param for param in command.params if hasattr(param, "help"))
    for each in getattr(command, "commands", {}).values():
        yield from _holders(each)
