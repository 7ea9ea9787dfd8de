"""How far a run is, as widgets in a notebook's cell: a bar, what is being made, and what could not be made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

_MOST_LINES: Final = 12
"""How many of the last lines stay in sight."""


_PLACE: Final[ContextVar[Any]] = ContextVar("_PLACE", default=None)
"""The box of a page that shows the bar; without one it is shown in the cell that is running."""


@contextmanager
def shown_in(box: Any) -> Iterator[None]:
    """Show the bars of the runs within in a box of widgets, which is empty again afterwards."""
    token = _PLACE.set(box)
    try:
        yield
    finally:
        _PLACE.reset(token)
        box.children = ()


def has_place() -> bool:
    """Say whether a page has a place for the bar: then there are widgets, though no cell is running."""
    return _PLACE.get() is not None


class WidgetBar:
    """A bar of ipywidgets; :meth:`find` gives none where they are not installed."""

    def __init__(self, widgets: Any, total: int) -> None:
        self._bar = widgets.IntProgress(max=total, layout={"width": "24em"})
        self._words = widgets.Label()
        self._said = widgets.Textarea(disabled=True, layout={"width": "100%", "display": "none"})
        self._lines: list[str] = []
        self.box = widgets.VBox([widgets.HBox([self._bar, self._words]), self._said])

    @classmethod
    def find(cls, total: int) -> WidgetBar | None:
        """Return a bar for a cell, or ``None`` where there are no widgets."""
        try:
            import ipywidgets  # noqa: PLC0415  # of the extra lab; slow to import
        except ImportError:
            return None
        return cls(ipywidgets, total)

    def show(self) -> None:
        """Show it in the place for it, else in the cell that is running."""
        if (place := _PLACE.get()) is not None:
            place.children = (self.box,)
            return
        from IPython.display import display  # noqa: PLC0415

        display(self.box)  # type: ignore[no-untyped-call]

    def update(self, done: int, total: int, words: str) -> None:
        """Tell how far it is."""
        self._bar.max, self._bar.value, self._words.value = total, done, words

    def say(self, line: str) -> None:
        """Keep a line in sight under the bar."""
        self._lines = [*self._lines, line][-_MOST_LINES:]
        self._said.value = "\n".join(self._lines)
        self._said.layout.display = ""

    def stop(self, *, failed: bool) -> None:
        """Leave the bar as it is, its colour telling whether all was made."""
        self._bar.bar_style = "danger" if failed else "success"
