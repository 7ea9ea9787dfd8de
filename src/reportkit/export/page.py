"""A document as the parts of a page. The template only prints what stands here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup

from reportkit.blocks import Block, Chart, Lineage, Roster
from reportkit.export.document import Document
from reportkit.export.drawing import draw_chart
from reportkit.export.formats import ALWAYS, find_format
from reportkit.export.seal import Seal
from reportkit.report import TownReport

_UNLINKED = (*ALWAYS, "portal")
"""What a page does not offer: itself, the JSON that it carries, and what is for whoever publishes it."""


@dataclass(frozen=True)
class PagePart:
    """A section of the page: heading and blocks of HTML."""

    id: str
    title: str
    blocks: tuple[Markup, ...]


@dataclass(frozen=True)
class Page:
    """All that the template prints."""

    document: Document
    lead: tuple[Markup, ...]
    """What stands before the first section: key figures, findings, preface."""
    parts: tuple[PagePart, ...]

    @property
    def report(self) -> TownReport:
        """The report."""
        return self.document.report

    @property
    def internal(self) -> bool:
        """Whether it is for the office alone."""
        return self.document.internal

    @property
    def draft(self) -> tuple[str, ...]:
        """Why it is a draft."""
        return self.document.draft

    @property
    def county(self) -> bool:
        """Whether it shows what only the page of a county does."""
        return any(isinstance(block, Lineage | Roster) for block in self.document.blocks)

    @property
    def seal(self) -> Seal:
        """The report's JSON with its checksum."""
        return self.document.seal

    @property
    def carried(self) -> Markup:
        """The report's JSON as text of an element: quotation marks need no escape there."""
        text = self.seal.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return Markup(text)  # noqa: S704 - escaped above

    @property
    def downloads(self) -> tuple[tuple[str, str], ...]:
        """What was made beside a public page, each with its name and its link."""
        town = self.report.town.id
        if self.internal or town is None:
            return ()
        beside = [find_format(name) for name in self.document.formats if name not in _UNLINKED]
        return tuple((form.title, f"{town}{form.suffix}") for form in beside)

    @property
    def title(self) -> str:
        """The report's full title."""
        return self.document.title

    @property
    def words(self) -> tuple[str, ...]:
        """The plain words at the top and in the print header."""
        return self.document.words


def page_of(document: Document) -> Page:
    """Return a document as a page: every block printed, the drawings numbered through."""
    numbers = count(1)
    lead = tuple(_printed(document.lead, numbers))
    parts = tuple(
        PagePart(section.anchor, section.title, tuple(_printed(section.blocks, numbers)))
        for section in document.sections
    )
    return Page(document, lead, parts)


def _printed(blocks: Iterable[Block], numbers: Iterator[int]) -> Iterator[Markup]:
    for block in blocks:
        if isinstance(block, Chart):
            text = block.html(draw_chart(block, next(numbers)))
        else:
            text = block.html()
        if text:
            yield Markup(text)  # noqa: S704 - made by escaping templates, the Markdown parser, the sanitiser
