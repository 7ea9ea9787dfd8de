"""An executed notebook, read into what every format prints: the report, and sections of blocks.

Nothing is read out of HTML that stands beside a block's data, and nothing else of the notebook either:
inputs, streams, ``text/plain``, execution counts and cell ids are passed over, so that the same figures give
the same files. Data that no block of this version can have are refused, and so is a block that says what the
report beside it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from nbformat import NotebookNode

from reportkit.blocks import (
    BLOCK,
    Block,
    Findings,
    FormTable,
    Masthead,
    Prose,
    Roster,
    parse_block,
)
from reportkit.blocks.block import FOR_OFFICE
from reportkit.blocks.markdown import split_heading
from reportkit.errors import BlockRefused, PublicRefused, ReportFileError, RunError
from reportkit.export.outputs import OutputReader
from reportkit.export.seal import Seal, seal
from reportkit.export.shown import is_of, own_parts, shows
from reportkit.language import _
from reportkit.project.params import PortalEntry
from reportkit.report import TownReport

REPORT: Final = "application/vnd.reportkit.report+json"
"""The MIME type under which the executed notebook holds the report that it shows."""

Audience = Literal["public", "internal"]

_ASIDE: Final = "aside"
"""The tag of a cell that is for the notebook's reader and not for the report's."""


@dataclass(frozen=True)
class Embedded:
    """The report that an executed notebook holds."""

    report: TownReport
    audience: Audience
    draft: tuple[str, ...]
    """Why it is a draft, in Chinese; empty where it is none."""
    title: str = ""
    """The whole title, where it is no report of one body."""


@dataclass(frozen=True)
class Section:
    """A section: its heading, and what stands under it."""

    anchor: str
    """The id that links to it: the form's code (``s3``), else ``part-7``."""
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole report as every format prints it."""

    report: TownReport
    """For the public without findings."""
    audience: Audience
    draft: tuple[str, ...]
    """Why it is a draft, in Chinese; empty where it is none. Every page of every format says 草稿 then."""
    lead: tuple[Block, ...]
    """What stands before the first section: key figures, for the office the findings, the preface."""
    sections: tuple[Section, ...]
    left_out: tuple[str, ...] = ()
    """What cells of a user's own displayed and no format prints, each with its cell."""
    formats: tuple[str, ...] = ()
    """The formats in which it is made, by name: a public page links to them."""
    own_title: str = ""
    """The whole title of what is no report of one body; its report then holds no figures, and nothing is sealed."""
    portal: PortalEntry = PortalEntry()  # noqa: RUF009  # frozen
    """What a portal shows beside it."""

    @cached_property
    def json(self) -> str:
        """Return the report as JSON text, which both the format ``json`` and the seal hold."""
        return self.report.to_json()

    @cached_property
    def seal(self) -> Seal:
        """Return the report's JSON with its checksum, as every file carries it; see :mod:`reportkit.export.seal`."""
        own = own_parts(self.report, self.blocks)
        return seal(self.json, shows(self.report, self.blocks), own)

    @property
    def internal(self) -> bool:
        """Say whether it is for the office alone; every page says so then."""
        return self.audience == "internal"

    @property
    def illustrative(self) -> bool:
        """Say whether town and figures are invented; every page says 示例数据 then."""
        return self.report.town.illustrative

    @property
    def title(self) -> str:
        """Return the report's full title."""
        return self.masthead.words

    @property
    def masthead(self) -> Masthead:
        """Return what stands over the report."""
        return _masthead(self.report, self.audience, self.draft, self.own_title)

    @property
    def words(self) -> tuple[str, ...]:
        """Return the plain words that stand at the top of every page."""
        return tuple(
            word
            for word, holds in (
                ("内部核对稿", self.internal),
                ("草稿", self.draft),
                ("示例数据", self.illustrative),
            )
            if holds
        )

    @property
    def blocks(self) -> Iterator[Block]:
        """Yield every block, in order."""
        yield from self.lead
        for section in self.sections:
            yield from section.blocks


def embedded(nb: NotebookNode) -> Embedded:
    """Return the report that an executed notebook holds.

    Raises :class:`ReportFileError` where it holds none: it was not run, or its masthead is gone; and
    :class:`BlockRefused` where another version of this package ran it, or what it says was altered.
    """
    for number, cell in enumerate(nb.cells, 1):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if REPORT in data:
                return _embedded(data, number)
    raise ReportFileError(
        _(
            "the notebook holds no report: run it first, with a cell that displays what "
            "load_report gives"
        )
    )


def _embedded(data: Mapping[str, Any], number: int) -> Embedded:
    if BLOCK not in data:
        raise BlockRefused(
            _(
                "the notebook was executed by reportkit 0.1, whose outputs hold no blocks: run it "
                "again"
            )
        )
    try:
        body = data[REPORT]
        held = Embedded(
            TownReport.from_dict(body["report"]),
            {"public": "public", "internal": "internal"}[body["audience"]],  # type: ignore[arg-type]
            tuple(map(str, body["draft"])),
            str(body.get("title", "")),
        )
    except (KeyError, TypeError) as fault:
        raise BlockRefused(
            _("cell {number} of the notebook: {fault!r} in its report", number=number, fault=fault)
        ) from None
    masthead = _masthead(held.report, held.audience, held.draft, held.title)
    if _parsed(data[BLOCK], number) != masthead:
        raise BlockRefused(
            _(
                "cell {number} of the notebook: its masthead is not that of its report",
                number=number,
            )
        )
    if held.audience == "public" and held.report.findings:
        raise BlockRefused(
            _("cell {number} of the notebook: a public report with findings", number=number)
        )
    return held


def read_document(
    nb: NotebookNode,
    *,
    draft: bool = False,
    formats: Iterable[str] = (),
    portal: PortalEntry | None = None,
) -> Document:
    """Read an executed notebook into a document.

    ``formats`` are those in which it will be made, ``portal`` is what a portal shows beside it.

    Raises :class:`PublicRefused` for a public draft unless ``draft`` allows it, :class:`RunError` for a notebook
    that failed, and what :func:`embedded` does.
    """
    held = embedded(nb)
    if held.draft and held.audience != "internal" and not draft:
        report = held.report
        raise PublicRefused(
            _(
                "{id} {year} is a draft ({why}): mend it, run it with --audience internal, or "
                "publish it as a draft with --draft",
                id=report.town.id,
                year=report.year,
                why="；".join(held.draft),
            )
        )
    outputs = OutputReader()
    lead: list[Block] = []
    sections: list[Section] = []
    ids = {s.title: s.code for s in held.report.cells.edition.sections if s.title}
    for block in _blocks(nb, outputs, held):
        _check(block, held)
        if block.opens is None and not sections:
            lead.append(block)
            continue
        if block.opens is not None:
            anchor, title = block.opens
            anchor = anchor or ids.get(title, "")
            if not anchor or any(section.anchor == anchor for section in sections):
                anchor = f"part-{len(sections) + 1}"
            sections.append(Section(anchor, title, ()))
        last = sections[-1]
        sections[-1] = Section(last.anchor, last.title, (*last.blocks, block))
    return Document(
        held.report,
        held.audience,
        held.draft,
        tuple(lead),
        tuple(sections),
        tuple(outputs.left_out),
        tuple(formats),
        held.title,
        portal or PortalEntry(),
    )


def _blocks(nb: NotebookNode, outputs: OutputReader, held: Embedded) -> Iterator[Block]:
    """Yield the blocks in the notebook's order."""
    for number, cell in enumerate(nb.cells, 1):
        if _ASIDE in cell.get("metadata", {}).get("tags", ()):
            continue
        if cell.cell_type == "markdown":
            title, text = split_heading(cell.source)
            yield Prose(text, title)
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                raise RunError(
                    _(
                        "cell {number} of the notebook failed: {error}",
                        number=number,
                        error=output.get("ename", ""),
                    )
                )
            data = output.get("data", {})
            if REPORT in data:
                continue  # every format prints the masthead itself
            if FOR_OFFICE in data and held.audience == "public":
                outputs.left_out.append(
                    _(
                        "cell {number}: left out: {names}",
                        number=number,
                        names=_("what is for the office alone"),
                    )
                )
            elif BLOCK in data:
                yield _parsed(data[BLOCK], number)
            else:
                yield from outputs.read(data, output.get("metadata", {}), number)


def _parsed(body: object, number: int) -> Block:
    try:
        return parse_block(body)
    except BlockRefused as refusal:
        raise BlockRefused(
            _("cell {number} of the notebook: {refusal}", number=number, refusal=refusal)
        ) from None


def _check(block: Block, held: Embedded) -> None:
    """Refuse a block that tells the public of findings, or of figures that are not the report's."""
    report = held.report
    if held.audience == "public" and (
        isinstance(block, Findings)
        or (isinstance(block, Roster) and block.internal)
        or (
            isinstance(block, FormTable)
            and (block.marks or block.findings or block.anchored or block.behind)
        )
    ):
        raise BlockRefused(
            _("the block {kind} of a public report tells of findings", kind=block.kind)
        )
    if isinstance(block, FormTable) and is_of(block, report):
        for address, value in block.cells.items():
            if report.cells.get(address) != value:
                raise BlockRefused(
                    _(
                        "the table {table} is not that of the report: {address} is {value} in it, and {own} "
                        "in the report",
                        table=block.table,
                        address=address,
                        value=value,
                        own=report.cells.get(address),
                    )
                )


def _masthead(
    report: TownReport, audience: Audience, draft: Sequence[str], title: str = ""
) -> Masthead:
    town = report.town
    return Masthead(
        town.name,
        town.county,
        report.year,
        internal=audience == "internal",
        draft=tuple(draft),
        illustrative=town.illustrative,
        title=title,
    )
