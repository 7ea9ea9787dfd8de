"""Running heads and feet: lines that pages repeat in one place, such as a title or a page number.

They are no text of the report, and never stand between the rows of a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportkit.form import EDITIONS
from reportkit.prose.fold import core
from reportkit.published.documents.page.lines import PageLine
from reportkit.published.tables.labels import lexicon

DEEPEST = 3
"""So many lines of a page's head or foot may be running ones."""
_SHIFT = 4.0
"""So many points may the place differ from page to page."""
_NUMBER = re.compile(r"\d{1,9}")


def running_lines(pages: Sequence[Sequence[PageLine]]) -> list[set[int]]:
    """Return for each page the positions of its running lines.

    A line is one where another page has the same words in the same place, each number in it the
    same too or risen by as many as the pages between. Rows and headers of the form, which a table
    repeats on each page, are none. From the edge inwards: nothing else stands between the edge
    and a running line.
    """
    found: list[set[int]] = [set() for _ in pages]
    for foot in (False, True):
        open_pages = set(range(len(pages)))
        for depth in range(DEEPEST):
            here = {
                n: (len(pages[n]) - 1 - depth if foot else depth)
                for n in open_pages
                if depth < len(pages[n])
            }
            matched = {
                n
                for n, at in here.items()
                if not _of_form(pages[n][at].text)
                and any(
                    n != m and _repeats(pages[n][at], pages[m][other], m - n)
                    for m in open_pages
                    for other in _near(pages[m], here.get(m), foot=foot)
                )
            }
            for n in matched:
                found[n].add(here[n])
            open_pages = matched
    return found


def _near(page: Sequence[PageLine], at: int | None, *, foot: bool) -> range:
    """Return the positions at which a page may hold the same running line."""
    if at is None:
        return range(0)
    return range(max(at - 1, 0), at + 1) if foot else range(at, min(at + 2, len(page)))


def _repeats(one: PageLine, two: PageLine, pages: int) -> bool:
    """Say whether a line is another, so many pages on."""
    if abs(one.top - two.top) > _SHIFT or abs(one.bottom - two.bottom) > _SHIFT:
        return False
    if _NUMBER.sub("#", one.text) != _NUMBER.sub("#", two.text):
        return False
    numbers = zip(_NUMBER.findall(one.text), _NUMBER.findall(two.text), strict=True)
    return all(a == b or int(b) - int(a) == pages for a, b in numbers)


def _of_form(text: str) -> bool:
    """Say whether a line is a row or a header of the form's tables."""
    words = core(text)
    return any(
        piece.kinds & {"row", "column"} and 2 * (piece.end - piece.start) >= len(words)
        for code in EDITIONS
        for piece in lexicon(code).pieces(words)
    )
