"""Wrapped lines: prose that a page's width broke, joined again so that a sentence is one text.

Plain text that was copied or printed from pages has a line break every forty characters or so. A number and
its noun may then stand in two lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reportkit.prose.content import TextParagraph
from reportkit.prose.fold import columns

FULL = 0.8
"""A line that fills so much of the widest one may have been broken by the page's width."""
FEWEST = 3
"""Fewer full lines do not show that lines are broken by a width."""
WIDEST = 200
"""Columns, a Chinese character taking two. Lines longer than that are paragraphs."""
_ENDS = re.compile(r"[。；;：:！？!?]$")
_CLOSES = re.compile(r"[。；，、：！？）”]")
"""No line of its own begins so."""
_BEGINS = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2})[、.．)）（(]|第[一二三四五六七八九十]|附"
)


def unwrapped(lines: Sequence[TextParagraph]) -> list[TextParagraph]:
    """Return paragraphs of which no sentence is broken; lines of other texts stay as they are."""
    widths = [columns(line.text) for line in lines]
    widest = max(widths, default=0)
    full = [width >= FULL * widest for width in widths]
    wrapped = widest <= WIDEST and sum(full) >= FEWEST
    joined: list[TextParagraph] = []
    for i, line in enumerate(lines):
        broken = i > 0 and (wrapped and full[i - 1] and _goes_on(lines[i - 1], line))
        if broken or (i > 0 and _CLOSES.match(line.text)):
            joined[-1] = replace(joined[-1], text=joined[-1].text + line.text)
        else:
            joined.append(line)
    return joined


def _goes_on(line: TextParagraph, after: TextParagraph) -> bool:
    """Say whether a full line's sentence goes on in the next line."""
    one, two = line.place, after.place
    neighbours = one.line is not None and two.line == one.line + 1 and one.page == two.page
    return (
        neighbours
        and not line.heading
        and not after.heading
        and not _ENDS.search(line.text.strip())
        and not _BEGINS.match(after.text.strip())
    )
