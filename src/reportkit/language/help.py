"""The command line's own words, in the language to speak: help of commands and options, and what typer adds to them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
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


def messages(root: Any) -> Iterator[str]:
    """Yield every text that help shows, as it stands in the code."""
    yield from _TYPERS.values()
    for holder in _holders(root):
        if holder.help:
            yield inspect.cleandoc(holder.help)


def translate_typer() -> None:
    """Let typer show help and errors in the language to speak. It takes a while, and most calls show neither."""
    from typer import rich_utils  # noqa: PLC0415  # it imports a parser of Markdown and more

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
