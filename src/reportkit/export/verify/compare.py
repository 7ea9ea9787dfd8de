"""What stands visibly in a file beside the report under its seal: every cell, fact and sentence that differs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Final

from reportkit.checks.sentences import split
from reportkit.checks.wording import cell_name
from reportkit.export.changes import Change, shown_value
from reportkit.export.shown import KEY_FIGURES, OwnParts, sentences, squeeze
from reportkit.export.verify.visible import DASH, Visible
from reportkit.form import CellValue, Edition
from reportkit.form.facts import FACTS
from reportkit.form.key_figures import KEY_FIGURES as NAMED
from reportkit.form.layout import Figure, HeadCell, layout
from reportkit.prose.claims import claims_of
from reportkit.prose.stated import facts_of
from reportkit.report import TownReport

_ALIKE: Final = 0.5
"""How alike two sentences are at least, when one is taken for the other, changed."""
_MOST: Final = 2000
"""Sentences that are looked through for a changed one."""


def compare(sealed: TownReport, shows: tuple[str, ...], seen: Visible) -> Iterator[Change]:
    """Yield what is not as the seal has it; ``before`` is sealed, ``after`` visible, ``None``: not to be found.

    ``shows`` are the codes of tables and sections that the file printed when it was made.
    """
    title = f"{sealed.town.name}{sealed.year}年政府信息公开工作年度报告"
    if squeeze(title) not in seen.whole:
        yield Change("sentence", "title", "标题", title, None)
    edition = sealed.cells.edition
    for table in edition.tables:
        if table in shows:
            yield from _cells(sealed, edition, table, seen)
    if seen.facts is not None:
        yield from _facts(sealed, seen.facts)
    if KEY_FIGURES in shows:
        yield from _key_figures(sealed, seen)
    for code, text in sealed.sections.items():
        if code in shows:
            yield from _section(code, text, sealed, seen)


def compare_own(own: OwnParts, seen: Visible) -> Iterator[Change]:
    """Yield each table or text beside the report's own of which a row or sentence is not as it was made.

    What stood there is not under seal, only that it is another. A PDF's and a workbook's are not compared.
    """
    if seen.lines is None:
        return
    for name, lines in own:
        gone = sum(line not in seen.lines for line in lines)
        if gone:
            yield Change(
                "sentence", "own", name, f"{len(lines)}行（句）", f"{gone}行（句）与制作时不同"
            )


def _cells(sealed: TownReport, edition: Edition, table: str, seen: Visible) -> Iterator[Change]:
    rows = dict(_rows(sealed, edition, table))
    for cell in edition.tables[table].cells():
        address = cell.address
        before, after = _text(sealed.cells[address]), seen.cells.get(address)
        if before == after or (after is None and rows[address] in seen.whole):
            continue  # what the reader is not certain of may still stand there as it was printed
        yield Change("cell", address, cell_name(edition, address), before, after)


def _rows(sealed: TownReport, edition: Edition, table: str) -> Iterator[tuple[str, str]]:
    """Yield for each cell its row as it is printed: the last heading, then the figures."""
    for part in layout(edition.tables[table]).parts:
        for line in part.body:
            label = [slot.text for slot in line if isinstance(slot, HeadCell)][-1:]
            cells = [slot.cell.address for slot in line if isinstance(slot, Figure)]
            printed = squeeze("".join([*label, *(_text(sealed.cells[a]) for a in cells)]))
            yield from ((address, printed) for address in cells)


def _facts(sealed: TownReport, listed: Mapping[str, str]) -> Iterator[Change]:
    for code, fact in FACTS.items():
        before, after = _text(sealed.facts.get(code)), listed.get(code)
        if before != after:
            yield Change("fact", code, fact.label, before, after)


def _key_figures(sealed: TownReport, seen: Visible) -> Iterator[Change]:
    """Yield the figures of the strip that do not stand beside their labels, or under them as a table."""
    shown = {}
    for figure in NAMED.values():
        value = sealed.facts.get(figure.at, sealed.cells.get(figure.at))
        shown[figure] = DASH if value is None else f"{_text(value)}{figure.unit}"
    labels = "".join(figure.label for figure in shown)
    if squeeze(labels + "".join(shown.values())) in seen.whole:
        return
    for figure, words in shown.items():
        if squeeze(figure.label + words) not in seen.whole:
            yield Change("fact", figure.at, figure.label, words, None)


def _section(code: str, text: str, sealed: TownReport, seen: Visible) -> Iterator[Change]:
    titles = {s.code: s.title or "引言" for s in sealed.cells.edition.sections}
    for paragraph in sentences(text):
        if squeeze(paragraph) in seen.whole:
            continue
        for sentence in split(paragraph):
            if squeeze(sentence) in seen.whole:
                continue
            after = _changed(sentence, seen)
            yield Change("sentence", code, titles.get(code, code), sentence, after)
            yield from _stated(sentence, after or "", sealed.year)


def _changed(sentence: str, seen: Visible) -> str | None:
    """Return the visible sentence that is most like one that is gone."""
    own = {squeeze(each): each for each in seen.sentences[:_MOST]}
    near = difflib.get_close_matches(squeeze(sentence), own, n=1, cutoff=_ALIKE)
    return own[near[0]] if near else None


def _stated(before: str, after: str, year: int | None) -> Iterator[Change]:
    """Yield the facts that a changed sentence states otherwise."""
    one, two = (facts_of(claims_of(text, year), year)[0] for text in (before, after))
    for code in sorted(one.keys() | two.keys()):
        if one.get(code) != two.get(code):
            name = FACTS[code].label
            yield Change("fact", code, name, shown_value(one.get(code)), shown_value(two.get(code)))


def _text(value: CellValue) -> str:
    return shown_value(value) or DASH
