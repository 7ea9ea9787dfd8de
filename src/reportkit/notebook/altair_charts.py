"""Altair charts of a user's own: shown as data, so that every format can draw them, and not as a page of JavaScript.

Altair takes longer to import than all else that the notebook needs, so it is not imported here: IPython is told
the class's name, and asks for its data when a cell shows the first chart.
"""

from __future__ import annotations

import sys
from typing import Any, Final

_MODULE: Final = "altair.vegalite.v5.api"
_CLASS: Final = "TopLevelMixin"
"""What every kind of Altair's charts is (single, layered, repeated, beside one another)."""


def show_charts_as_data(formatter: Any = None) -> None:
    """Let cells show Altair's charts as Vega-Lite data, whether Altair is imported by now or later.

    A renderer that the user has enabled by then stays. ``formatter`` is a display formatter of IPython other than the
    running shell's. Outside IPython and without one, only an Altair that is imported is told.
    """
    if formatter is not None:
        formatter.mimebundle_formatter.for_type_by_name(_MODULE, _CLASS, _bundle)
        return
    if "altair" in sys.modules:
        _enable()
    if "IPython" not in sys.modules:
        return
    from IPython.core.getipython import get_ipython  # noqa: PLC0415  # only where it runs anyway

    shell: Any = get_ipython()
    if shell is not None:
        shell.display_formatter.mimebundle_formatter.for_type_by_name(_MODULE, _CLASS, _bundle)


def _bundle(chart: Any, include: object = None, exclude: object = None) -> Any:
    _enable()
    return chart._repr_mimebundle_(include, exclude)


def _enable() -> None:
    import altair as alt  # noqa: PLC0415

    if alt.renderers.active == "default":
        alt.renderers.enable("mimetype")
