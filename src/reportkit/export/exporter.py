"""The exporters that ``jupyter nbconvert --to reportkit`` and ``--to reportkit-docx`` find by their entry points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from nbconvert.exporters import Exporter, TemplateExporter
from nbformat import NotebookNode
from traitlets import Bool, Dict, Unicode, default

from reportkit.export.document import read_document
from reportkit.export.formats import Printer, find_format, parse_formats
from reportkit.export.html import TEMPLATE, environment, render_page
from reportkit.export.page import page_of
from reportkit.project.params import PortalEntry


class ReportkitExporter(TemplateExporter):
    """An executed master notebook to the report's HTML.

    ``--template`` and nbconvert's template paths work: a template of somebody's own extends or
    replaces ``reportkit/index.html.j2`` and prints the same ``page``.
    """

    export_from_notebook = "政府信息公开工作年度报告"
    output_mimetype = "text/html"

    draft = Bool(
        default_value=False,
        help="Export a public report although it is a draft; it says so on every page.",
    ).tag(config=True)

    format = Unicode(
        default_value="html",
        help="The format to export: html, or any other that `reportkit run --format` knows.",
    ).tag(config=True)

    formats = Unicode(
        default_value="",
        help="The formats that are made beside it, such as docx,pdf: a public page links to them.",
    ).tag(config=True)

    portal = Dict(
        value_trait=Unicode(),
        help="What a portal shows beside it: index_no, doc_no, topic, validity.",
    ).tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        """Return the ending as nbconvert will have it, with a dot in front; ``-portal.zip`` is given with the file."""
        return f".{find_format(self.format).suffix.rpartition('.')[2]}"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "reportkit"

    @default("template_file")
    def _template_file_default(self) -> str:
        return TEMPLATE

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(Path(__file__).parent / "templates")]

    def _create_environment(self) -> jinja2.Environment:
        """Return the package's environment; templates of the user's own go first."""
        own = environment()
        paths = jinja2.FileSystemLoader(self.template_paths)
        loader = jinja2.ChoiceLoader([paths, own.loader] if own.loader else [paths])
        return own.overlay(loader=loader)

    def from_notebook_node(  # type: ignore[override]  # bytes too, which nbconvert writes as they are
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """Convert an executed notebook; nbconvert's preprocessors, such as ``--execute``, go first."""
        ready, kept = Exporter.from_notebook_node(self, nb, resources, **kw)
        kept["output_extension"] = find_format(self.format).suffix
        document = read_document(
            ready, draft=self.draft, formats=self._beside(), portal=PortalEntry(**self.portal)
        )
        for words in document.left_out:
            self.log.warning(words)
        if self.format != "html":
            return Printer(document).print(self.format), kept
        return render_page(page_of(document), self.template), kept

    def _beside(self) -> tuple[str, ...]:
        return parse_formats(name.strip() for name in self.formats.split(",") if name.strip())


class WordExporter(ReportkitExporter):
    """``--to reportkit-docx``: the same notebook to Word."""

    export_from_notebook = "政府信息公开工作年度报告（Word）"
    format = Unicode("docx").tag(config=True)


class PdfExporter(ReportkitExporter):
    """``--to reportkit-pdf``: the same notebook to PDF."""

    export_from_notebook = "政府信息公开工作年度报告（PDF）"
    format = Unicode("pdf").tag(config=True)


class ExcelExporter(ReportkitExporter):
    """``--to reportkit-xlsx``: the same notebook to Excel."""

    export_from_notebook = "政府信息公开工作年度报告（Excel）"
    format = Unicode("xlsx").tag(config=True)


class PortalExporter(ReportkitExporter):
    """``--to reportkit-portal``: the package for whoever publishes it; ``portal`` gives what a portal shows beside."""

    export_from_notebook = "政府信息公开工作年度报告（门户）"
    format = Unicode("portal").tag(config=True)
