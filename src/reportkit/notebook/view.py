"""The report as its notebook sees it: the data, the findings, for whom it is, whether it is a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, overload

from reportkit.blocks import HTML, Masthead
from reportkit.blocks.block import render
from reportkit.errors import FormError, nearest
from reportkit.finding import Finding
from reportkit.form import Edition
from reportkit.form.facts import FACTS
from reportkit.language import _
from reportkit.notebook.printing import printer_of, put
from reportkit.project import find_project
from reportkit.project.folder import MASTER
from reportkit.registers.derivation.told import Behind
from reportkit.registers.sample import SAMPLE
from reportkit.report import TownReport
from reportkit.review.decisions import Decision, Reviewed, review
from reportkit.sources.dossier import Dossier
from reportkit.tidy import frame

if TYPE_CHECKING:
    import pandas as pd

    from reportkit.export.formats import Printer
    from reportkit.notebook.frames import FindingsFrame, WhyFrame
    from reportkit.registers.derivation.behind import Trace

REPORT: Final = "application/vnd.reportkit.report+json"
"""The MIME type under which the executed notebook holds the report that it shows."""

Audience = Literal["public", "internal"]


OFFERED: Final = (
    *("cells", "facts", "sections", "findings", "table", "why", "previous", "report"),
    *("to", "to_html", "to_docx", "to_pdf", "to_excel"),
)
"""What tab completion shows of a view: what a person types. Helpers use more."""


@dataclass(frozen=True)
class View:
    """One report, loaded: its figures as DataFrames, its files by ``to_html()`` and its like.

    >>> import reportkit as rk
    >>> report = rk.load_report("ershilidian", 2021)
    >>> int(report.facts.set_index("fact").value["disclosed_items"])
    24
    >>> "二十里店镇" in report.to_html().decode()
    True
    """

    dossier: Dossier
    report: TownReport
    """With the findings of the data and of the checks."""
    audience: Audience
    draft: tuple[str, ...] = ()
    """Why this is a draft, in Chinese; empty where it is none."""
    decisions: tuple[Decision, ...] = ()
    """What people decided on findings of that year."""
    source: str = SAMPLE
    """The source that it was loaded from, as it was given."""

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row a cell of the form, with the columns of :data:`reportkit.tidy.CELLS`.

        ``value`` is an exact :class:`~decimal.Decimal`, and ``<NA>`` where it is unknown: never 0.
        """
        return frame([self.report], "cells")

    @cached_property
    def facts(self) -> pd.DataFrame:
        """One row a fact, a figure beside the form's cells, likewise: see :data:`reportkit.tidy.FACT_FIELDS`."""
        return frame([self.report], "facts")

    @cached_property
    def sections(self) -> pd.DataFrame:
        """One row a section of prose: see :data:`reportkit.tidy.SECTIONS`."""
        return frame([self.report], "sections")

    @cached_property
    def findings(self) -> FindingsFrame:
        """Every finding, one a row: see :data:`reportkit.tidy.FINDINGS`. Shown, the level is in colour.

        It is for the office: a public document leaves out a cell that displays it.
        """
        from reportkit.notebook.frames import findings_frame  # noqa: PLC0415  # it imports pandas

        return findings_frame([self.report])

    def table(self, code: str) -> pd.DataFrame:
        """Return a table of the form shaped as it is printed: its headings are index and columns.

        ``code`` is the table's or its section's: ``t3`` or ``s3``. Values are exact, unknown is ``<NA>``; where the
        form has no cell, there is an empty text. Raises :class:`~reportkit.errors.FormError` for another code.

        >>> import reportkit as rk
        >>> rk.load_report("ershilidian", 2021).table("s4").shape
        (1, 15)
        """
        from reportkit.notebook.frames import printed_frame  # noqa: PLC0415  # it imports pandas

        tables = {s.code: s.table for s in self.edition.sections if s.table}
        name = tables.get(code, code)
        if name not in self.edition.tables:
            known = [*tables, *self.edition.tables]
            raise FormError(
                _("the form has no table {code!r}{near}", code=code, near=nearest(code, known))
            )
        return printed_frame(self.edition.tables[name], self.report.cells)

    def why(self, code: str) -> WhyFrame:
        """Return what stands behind a cell, by its address, or behind a fact, by its code.

        A row a case of the register: its number, the dates that decide and its amount, never personal information, and
        where it stands (file, sheet, row); at most twenty. For a total a row a part that is not zero: address, label,
        value. ``attrs`` has ``rule`` (in words), ``value`` and ``rows``, how many there are in all. Where the registers
        are not seen, it is empty, and the rule says where the figure is from. It is for the office: a public document
        leaves out a cell that displays it. Raises :class:`~reportkit.errors.UnknownAddress`, naming the nearest.

        >>> import reportkit as rk
        >>> why = rk.load_report("ershilidian", 2021).why("t3.received.total")
        >>> why.attrs["rule"], why.attrs["rows"]
        ('合计：本行各栏之和，各项均为0', 0)
        """
        from reportkit.notebook.frames import why_frame  # noqa: PLC0415  # it imports pandas

        value = self.report.facts.get(code) if code in FACTS else self.report.cells[code]
        return why_frame(self.behind(code), value)

    def behind(self, code: str) -> Behind:
        """Return what stands behind a cell or a fact as plain data; see :meth:`why`."""
        if self._trace is not None:
            return self._trace.behind(code)
        return Behind("读自已公布的年度报告" if self.report.provenance else "没有台账可查")

    @cached_property
    def _trace(self) -> Trace | None:
        return None if self.dossier.trace is None else self.dossier.trace()

    @property
    def internal(self) -> bool:
        """Whether the report is for the office alone."""
        return self.audience == "internal"

    @property
    def previous(self) -> TownReport | None:
        """Last year's report, where last year is known."""
        return self.dossier.previous

    @cached_property
    def edition(self) -> Edition:
        """The edition of the form that the report is on."""
        return self.report.cells.edition

    @cached_property
    def shown_findings(self) -> tuple[Finding, ...]:
        """What a page may show of the findings: all for the office, none for the public."""
        return self.report.findings if self.internal else ()

    @cached_property
    def reviewed(self) -> tuple[Reviewed, ...]:
        """The findings that may be shown, each with the decision that holds for it."""
        return review(self.report, self.shown_findings, self.decisions)

    @cached_property
    def marks(self) -> Mapping[str, tuple[int, ...]]:
        """For each cell the numbers, from 1, of the findings about it."""
        marks: dict[str, list[int]] = {}
        for number, finding in enumerate(self.shown_findings, 1):
            for address in dict.fromkeys(finding.cells):
                marks.setdefault(address, []).append(number)
        return MappingProxyType({address: tuple(numbers) for address, numbers in marks.items()})

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters that a notebook loads it by."""
        town, year = self.report.town.id, self.report.year
        return {"town": town, "year": year, "source": self.source, "audience": self.audience}

    @property
    def notebook(self) -> Path:
        """The notebook that shows it: the project's own, else the one that comes with the package."""
        return find_project().notebook_named(MASTER)

    @overload
    def to_html(self, path: None = None, *, draft: bool = False) -> bytes: ...

    @overload
    def to_html(self, path: str | Path, *, draft: bool = False) -> Path: ...

    def to_html(self, path: str | Path | None = None, *, draft: bool = False) -> bytes | Path:
        """Return the report as one HTML file, or write it and return where: see :meth:`to`."""
        return self.to("html", path, draft=draft)

    @overload
    def to_docx(self, path: None = None, *, draft: bool = False) -> bytes: ...

    @overload
    def to_docx(self, path: str | Path, *, draft: bool = False) -> Path: ...

    def to_docx(self, path: str | Path | None = None, *, draft: bool = False) -> bytes | Path:
        """Return the report as a Word file, or write it and return where: see :meth:`to`."""
        return self.to("docx", path, draft=draft)

    @overload
    def to_pdf(self, path: None = None, *, draft: bool = False) -> bytes: ...

    @overload
    def to_pdf(self, path: str | Path, *, draft: bool = False) -> Path: ...

    def to_pdf(self, path: str | Path | None = None, *, draft: bool = False) -> bytes | Path:
        """Return the report as a PDF, or write it and return where: see :meth:`to`."""
        return self.to("pdf", path, draft=draft)

    @overload
    def to_excel(self, path: None = None, *, draft: bool = False) -> bytes: ...

    @overload
    def to_excel(self, path: str | Path, *, draft: bool = False) -> Path: ...

    def to_excel(self, path: str | Path | None = None, *, draft: bool = False) -> bytes | Path:
        """Return the report as an Excel workbook, or write it and return where: see :meth:`to`."""
        return self.to("xlsx", path, draft=draft)

    @overload
    def to(self, name: str, path: None = None, *, draft: bool = False) -> bytes: ...

    @overload
    def to(self, name: str, path: str | Path, *, draft: bool = False) -> Path: ...

    @overload
    def to(self, name: str, path: str | Path | None, *, draft: bool = False) -> bytes | Path: ...

    def to(self, name: str, path: str | Path | None = None, *, draft: bool = False) -> bytes | Path:
        """Return the report in a format of the registry, such as ``docx``; with a path, write it and return where.

        ``path`` is a file or a folder; in a folder the file is named like those of a run. It is the file that
        ``reportkit run`` makes of the same notebook, which is executed once for all formats. Raises
        :class:`~reportkit.errors.ParameterError` for an unknown format, :class:`~reportkit.errors.PublicRefused`
        for a public draft unless ``draft`` lets it through, and :class:`~reportkit.errors.RunError` for a cell
        of the notebook that fails.
        """
        from reportkit.export.formats import find_format  # noqa: PLC0415  # only who prints needs it

        suffix = find_format(name).suffix
        if draft not in self._printers:
            self._printers[draft] = printer_of(self, draft=draft)
        body = self._printers[draft].print(name)
        if path is None:
            return body
        return put(body, path, f"{self.report.town.id or self.report.town.name}{suffix}")

    @cached_property
    def _printers(self) -> dict[bool, Printer]:
        return {}

    @property
    def masthead(self) -> Masthead:
        """The title block, which a cell that displays the view shows."""
        town = self.report.town
        return Masthead(
            town.name,
            town.county,
            self.report.year,
            internal=self.internal,
            draft=self.draft,
            illustrative=town.illustrative,
        )

    def __dir__(self) -> list[str]:
        return list(OFFERED)

    def __repr__(self) -> str:
        return self.masthead.words

    def _repr_html_(self) -> str:
        """Return the card that JupyterLab shows: the masthead, and what the report offers."""
        return render("card", masthead=self.masthead.html(), edition=self.edition.code)

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002 - IPython passes both
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        shown = self.report if self.internal else self.report.public()
        return {
            **self.masthead.bundle,
            HTML: self._repr_html_(),
            REPORT: {
                "report": shown.to_dict(),
                "audience": self.audience,
                "draft": list(self.draft),
            },
        }
