"""What the cells of the master notebook import, and nothing else.

A cell calls one helper and displays what it gives back::

    report = load_report(town, year, source, audience)
    tables.form(report, "s3")

What comes back is a block (:mod:`reportkit.blocks`), which shows itself in JupyterLab and which
``reportkit.export`` reads from the executed notebook.

A helper is imported when it is first asked for: a town's notebook needs none of a county's.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportkit.notebook import (
        against,
        charts,
        compare,
        comparison,
        county,
        county_prose,
        keeping,
        months,
        narrative,
        shares,
        tables,
    )
    from reportkit.notebook.comparison_view import ComparisonView, load_comparison
    from reportkit.notebook.county_view import CountyView, load_county
    from reportkit.notebook.loading import load_report
    from reportkit.notebook.view import View

__all__ = [
    "ComparisonView",
    "CountyView",
    "View",
    "against",
    "charts",
    "compare",
    "comparison",
    "county",
    "county_prose",
    "keeping",
    "load_comparison",
    "load_county",
    "load_report",
    "months",
    "narrative",
    "shares",
    "tables",
]

_FROM = {
    "ComparisonView": "comparison_view",
    "CountyView": "county_view",
    "View": "view",
    "load_comparison": "comparison_view",
    "load_county": "county_view",
    "load_report": "loading",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_FROM.get(name, name)}")
    found = globals()[name] = getattr(module, name) if name in _FROM else module
    return found


def __dir__() -> list[str]:
    return __all__
