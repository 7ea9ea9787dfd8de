"""What the cells of the master notebook import, and nothing else.

A cell calls one helper and displays what it gives back::

    report = load_report(town, year, source, audience)
    tables.form(report, "s3")

What comes back is a block (:mod:`reportkit.blocks`), which shows itself in JupyterLab and which
``reportkit.export`` reads from the executed notebook.

A helper is imported when it is first asked for: a town's notebook needs none of a county's.
"""

from typing import TYPE_CHECKING

from reportkit.lazy import lazily

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
    **{name: f"{__name__}.{name}" for name in __all__},
    "ComparisonView": f"{__name__}.comparison_view:ComparisonView",
    "CountyView": f"{__name__}.county_view:CountyView",
    "View": f"{__name__}.view:View",
    "load_comparison": f"{__name__}.comparison_view:load_comparison",
    "load_county": f"{__name__}.county_view:load_county",
    "load_report": f"{__name__}.loading:load_report",
}

__getattr__ = lazily(__name__, _FROM)


def __dir__() -> list[str]:
    return __all__
