"""The report as one HTML file: no script, no request to any network, the same bytes for the same figures."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup
from nbformat import NotebookNode

from reportkit.export.document import Document, Embedded, embedded, read_document
from reportkit.export.page import Page, page_of

__all__ = [
    "Embedded",
    "embedded",
    "environment",
    "render",
    "render_document",
    "render_html",
    "render_page",
]

TEMPLATE = "index.html.j2"


@cache
def environment() -> jinja2.Environment:
    """Return the environment of this package's templates: everything is escaped unless it says so."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("reportkit.export", "templates/reportkit"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,  # or the file is looked at for each report
    )
    made.globals["style"] = style
    return made


@cache
def style(name: str) -> Markup:
    """Return a style sheet of this package, without comments and line breaks."""
    text = files("reportkit.export").joinpath("templates", "reportkit", name).read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return Markup("".join(line for line in lines if not line.startswith("/*")))  # noqa: S704 - ours


def render_page(page: Page, template: jinja2.Template | None = None) -> str:
    """Print a page by a template, by default this package's own."""
    chosen = template or environment().get_template(TEMPLATE)
    return chosen.render(page=page).strip() + "\n"


def render_html(nb: NotebookNode, draft: bool = False) -> str:
    """Return an executed notebook's report as a whole HTML document.

    Raises :class:`~reportkit.errors.PublicRefused` for a public draft unless ``draft`` is set.
    """
    return render_document(read_document(nb, draft=draft))


def render(document: Document, _other: object = None) -> bytes:
    """Return a document as the format ``html`` has it."""
    return render_document(document).encode()


def render_document(document: Document) -> str:
    """Return a document as a whole HTML document."""
    return render_page(page_of(document))
