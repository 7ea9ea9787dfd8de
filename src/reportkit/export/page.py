"""An executed notebook, read into the parts of a page. The template only prints what stands here.

Inputs, streams, ``text/plain``, execution counts and cell ids are passed over, so that the same figures
give the same page. The report itself stands in the notebook under a MIME type of its own.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup
from nbformat import NotebookNode

from reportkit.errors import PublicRefused, ReportFileError, RunError
from reportkit.export.drawing import draw
from reportkit.export.prose import render_prose
from reportkit.report import TownReport

REPORT: Final = "application/vnd.reportkit.report+json"
"""The MIME type under which the executed notebook holds the report that it shows."""

VEGA_LITE: Final = re.compile(r"application/vnd\.vegalite\.v5(\.\d+)*\+json")

_ASIDE: Final = "aside"
"""The tag of a cell that is for the notebook's reader and not for the report's."""

_HEADING = re.compile(r"\s*<h2(?: id=\"(?P<id>[^\"]*)\")?>(?P<title>.*?)</h2>", re.DOTALL)
_ACTIVE = re.compile(
    r"<(script|style|link|iframe|object|embed|base|meta)\b.*?(</\1\s*>|/?>)",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True)
class Embedded:
    """The report that an executed notebook holds."""

    report: TownReport
    audience: str
    draft: tuple[str, ...]
    """Why it is a draft, in Chinese; empty where it is none."""


@dataclass(frozen=True)
class Part:
    """A section of the page: heading and blocks of HTML."""

    id: str
    title: str
    blocks: tuple[Markup, ...]


@dataclass(frozen=True)
class Page:
    """All that the template prints."""

    report: TownReport
    internal: bool
    draft: tuple[str, ...]
    lead: tuple[Markup, ...]
    """What stands before the first section: key figures, findings, preface."""
    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        """The report's full title."""
        town = self.report.town
        county = "" if town.name.startswith(town.county) else town.county
        return f"{county}{town.name}{self.report.year}年政府信息公开工作年度报告"

    @property
    def words(self) -> tuple[str, ...]:
        """The plain words at the top and in the print header."""
        return tuple(
            word
            for word, holds in (
                ("内部核对稿", self.internal),
                ("草稿", self.draft),
                ("示例数据", self.report.town.illustrative),
            )
            if holds
        )


def embedded(nb: NotebookNode) -> Embedded:
    """Return the report that an executed notebook holds.

    Raises :class:`ReportFileError` where it holds none: it was not run, or its masthead is gone.
    """
    for output in _outputs(nb):
        body = output.get("data", {}).get(REPORT)
        if body is not None:
            return Embedded(
                TownReport.from_dict(body["report"]), str(body["audience"]), tuple(body["draft"])
            )
    raise ReportFileError(
        "the notebook holds no report: run it first, with a cell that displays what load_report gives"
    )


def read_page(nb: NotebookNode, *, draft: bool = False) -> Page:
    """Read an executed notebook into a page.

    Raises :class:`PublicRefused` for a public draft unless ``draft`` allows it, and
    :class:`RunError` for a notebook that failed.
    """
    held = embedded(nb)
    if held.draft and held.audience == "public" and not draft:
        town, year = held.report.town, held.report.year
        raise PublicRefused(
            f"{town.id} {year} is a draft ({'; '.join(held.draft)}): look at it with"
            " --audience internal, or publish it as a draft with --draft"
        )
    ids = {
        section.title: section.code
        for section in held.report.cells.edition.sections
        if section.title
    }
    lead: list[Markup] = []
    parts: list[Part] = []
    for block in _blocks(nb):
        heading = _HEADING.match(block)
        if heading is None and not parts:
            lead.append(block)
            continue
        if heading is not None:
            title = _html(heading["title"])
            anchor = heading["id"] or ids.get(str(title.unescape())) or f"part-{len(parts) + 1}"
            parts.append(Part(anchor, title, ()))
            rest = _html(block[heading.end() :].lstrip("\n"))
        else:
            rest = block
        if rest:
            last = parts[-1]
            parts[-1] = Part(last.id, last.title, (*last.blocks, rest))
    return Page(held.report, held.audience == "internal", held.draft, tuple(lead), tuple(parts))


def _html(text: str) -> Markup:
    """Mark HTML that was made by escaping templates, or by the Markdown parser, as it is."""
    return Markup(text)  # noqa: S704


def _outputs(nb: NotebookNode) -> Iterator[Mapping[str, Any]]:
    for cell in nb.cells:
        if cell.cell_type == "code":
            yield from cell.get("outputs", ())


def _blocks(nb: NotebookNode) -> Iterator[Markup]:
    """Yield the page's blocks in the notebook's order."""
    drawn = 0
    for number, cell in enumerate(nb.cells, 1):
        if _ASIDE in cell.get("metadata", {}).get("tags", ()):
            continue
        if cell.cell_type == "markdown":
            yield _html(render_prose(cell.source))
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                raise RunError(f"cell {number} of the notebook failed: {output.get('ename', '')}")
            data = output.get("data", {})
            if REPORT in data:
                continue  # the template draws the masthead
            chart = next((data[mime] for mime in data if VEGA_LITE.fullmatch(mime)), None)
            if chart is not None:
                drawn += 1
                yield _figure(chart, drawn)
            elif "text/html" in data:
                yield _html(_ACTIVE.sub("", _text(data["text/html"])))
            elif "text/markdown" in data:
                yield _html(render_prose(_text(data["text/markdown"])))
            else:
                yield from _pictures(data, output.get("metadata", {}))


def _figure(chart: Mapping[str, Any], number: int) -> Markup:
    drawing = draw(chart, number)
    note = Markup("<small>{}</small>").format(drawing.note) if drawing.note else ""
    return Markup(
        '<figure class="chart"><figcaption><b>{}</b>{}</figcaption>'
        '<div role="img" aria-label="{}">{}</div></figure>'
    ).format(drawing.title, note, drawing.words, _html(drawing.svg))


def _pictures(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[Markup]:
    """Yield a picture that a cell of somebody's own drew, as part of the page."""
    for mime in ("image/png", "image/jpeg"):
        if mime in data:
            body = base64.b64encode(base64.b64decode(_text(data[mime]))).decode("ascii")
            words = metadata.get(mime, {}).get("alt") or metadata.get("alt") or "图"
            yield Markup('<figure><img src="data:{};base64,{}" alt="{}"></figure>').format(
                mime, body, words
            )
            return


def _text(value: object) -> str:
    """Return a MIME value as one text; notebooks on disk may hold a list of lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)
