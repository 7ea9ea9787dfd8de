"""How a value is displayed, without asking a dozen formatters of IPython for what they do not know."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from IPython.core.formatters import DisplayFormatter

_CANARY = "_ipython_canary_method_should_not_exist_"
"""IPython's own name for what only an object with an answer to everything has."""


class Displays(DisplayFormatter):
    """IPython's formatter, which for an object that says all of itself in one bundle asks for that bundle alone.

    Whoever registers a printer for its type, or gives it a method of another format, is asked as ever.
    """

    def format(
        self, obj: Any, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what is shown, by MIME type, and its metadata."""
        if include or exclude or not self._says_all(obj):
            return super().format(obj, include, exclude)  # type: ignore[no-any-return,no-untyped-call]
        shown, metadata = self.mimebundle_formatter(obj, include=include, exclude=exclude)
        if "text/plain" not in shown:
            text = self.formatters["text/plain"](obj)
            if text is not None:
                shown["text/plain"] = text
        return shown, metadata

    def _says_all(self, obj: Any) -> bool:
        """Say whether nobody but the object's own bundle, and its repr, can have a say."""
        kind = type(obj)
        if (
            isinstance(obj, type)
            or not hasattr(kind, "_repr_mimebundle_")
            or hasattr(obj, _CANARY)
            or obj.__class__ is not kind
        ):
            return False
        kinds, names = _named(kind)  # type: ignore[arg-type]  # a class, and so hashable
        own, formatters = self.mimebundle_formatter, self.formatters
        for formatter in (self.ipython_display_formatter, own, *formatters.values()):
            if (
                id(obj) in _held(formatter, "singleton_printers")
                or not _held(formatter, "type_printers").keys().isdisjoint(kinds)
                or not _held(formatter, "deferred_printers").keys().isdisjoint(names)
            ):
                return False
            if (
                formatter is not own
                and _held(formatter, "format_type") not in ("text/plain", None)
                and hasattr(obj, _held(formatter, "print_method"))
            ):
                return False
        return "text/plain" in formatters


def _held(formatter: Any, name: str) -> Any:
    """Return an attribute of a formatter: asking traitlets for it takes ten times as long as looking where it keeps them."""
    try:
        return formatter._trait_values[name]  # noqa: SLF001  # see above
    except KeyError:  # nobody has asked for it yet
        return getattr(formatter, name)


@lru_cache(maxsize=256)
def _named(kind: type) -> tuple[tuple[type, ...], tuple[tuple[str, str], ...]]:
    """Return a class with all that it is made from, and their names as IPython's formatters know them."""
    kinds = kind.__mro__
    return kinds, tuple((each.__module__, each.__name__) for each in kinds)
