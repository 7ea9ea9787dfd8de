"""How a value is displayed, without asking a dozen formatters of IPython for what they do not know."""

from __future__ import annotations

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
        kinds = type(obj).__mro__
        if (
            isinstance(obj, type)
            or not hasattr(type(obj), "_repr_mimebundle_")
            or hasattr(obj, _CANARY)
            or obj.__class__ is not type(obj)
        ):
            return False
        names = [(kind.__module__, kind.__name__) for kind in kinds]
        for formatter in (
            self.ipython_display_formatter,
            self.mimebundle_formatter,
            *self.formatters.values(),
        ):
            if (
                id(obj) in formatter.singleton_printers
                or not formatter.type_printers.keys().isdisjoint(kinds)
                or not formatter.deferred_printers.keys().isdisjoint(names)
            ):
                return False
            if formatter.format_type not in ("text/plain", None) and (
                formatter is not self.mimebundle_formatter and hasattr(obj, formatter.print_method)
            ):
                return False
        return "text/plain" in self.formatters
