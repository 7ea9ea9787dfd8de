"""What the cells of the master notebook import, and nothing else.

A cell calls one helper and displays what it gives back::

    report = load_report(town, year, source, audience)
    tables.form(report, "s3")

What comes back is a block (:mod:`reportkit.blocks`), which shows itself in JupyterLab and which
``reportkit.export`` reads from the executed notebook.
"""

from reportkit.notebook import charts, compare, narrative, tables
from reportkit.notebook.view import View, load_report

__all__ = ["View", "charts", "compare", "load_report", "narrative", "tables"]
