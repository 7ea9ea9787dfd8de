"""What the cells of the master notebook import, and nothing else.

A cell calls one helper and displays what it gives back::

    report = load_report(town, year, source, audience)
    tables.form(report, "s3")

What comes back is a block (:mod:`reportkit.blocks`), which shows itself in JupyterLab and which
``reportkit.export`` reads from the executed notebook.
"""

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
