"""Sections: a page's paragraphs by the form's sections, and the parts of a page by their titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from reportkit.form import EDITIONS, load_edition
from reportkit.prose.content import Grid, TextBlock, TextParagraph
from reportkit.prose.fold import core, fold
from reportkit.published.identity import Title, titles_in
from reportkit.published.tables.labels import lexicon, near
from reportkit.published.wrapped import unwrapped

LONGEST_HEADING = 45
_TAIL = re.compile(
    r"^\W*(?:上一[篇条]|下一[篇条]|相关(?:文章|链接|附件|阅读|稿件|文档|解读)|责任编辑|编辑|责编|主办(?:单位)?|承办|版权|"
    r"copyright|备案|网站标识|.{0,4}icp备|.{0,3}公网安备|扫一扫|打印|关闭|分享|浏览次数|网站地图|联系我们|"
    r"友情链接|附件[:：]|【打印|【关闭)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^\s*(?:[一二三四五六七八九]\s*[、.．,]|[(（][一二三四五六七八九][)）]|第[一二三四五六]部分)"
)


@cache
def _titles() -> dict[str, tuple[str, ...]]:
    """Return the wordings of each section's heading, as cores."""
    found: dict[str, tuple[str, ...]] = {}
    for code in EDITIONS:
        for section in load_edition(code).sections:
            if section.title is not None:
                words = {core(t) for t in (section.title, *section.variants, *section.met_as)}
                found[section.code] = tuple(
                    sorted(
                        {
                            *found.get(section.code, ()),
                            *words,
                        }
                    )
                )
    return found


@lru_cache(maxsize=1 << 12)
def heading_of(text: str) -> str | None:
    """Return the code of the section that a line is the heading of."""
    folded = fold(text)
    if not 2 < len(folded) <= LONGEST_HEADING:
        return None
    bare = re.sub(r"^第?[一二三四五六七八九]部分", "", core(folded))
    for code, words in _titles().items():
        if bare in words or any(near(bare, word) for word in words):
            return code
    return None


def is_numbered(text: str) -> bool:
    """Say whether a line starts with the number of a section."""
    return bool(_NUMBERED.match(fold(text)))


@dataclass(frozen=True, slots=True)
class ReportPart:
    """The blocks of one report in a document, with the titles that stand in them."""

    blocks: tuple[TextBlock, ...]
    titles: tuple[Title, ...]


def parts_of(blocks: Sequence[TextBlock]) -> list[ReportPart]:
    """Cut a document where another report's title starts another report.

    A title starts one only if sections or tables of the form stand before and behind it: menus and
    links hold titles too. One that says the same again is the head of a page in copied text.
    """
    titles = list(titles_in(blocks))
    cuts = [0]
    for i, title in titles:
        if any(cuts[-1] <= at < i and _same(title, other) for at, other in titles):
            continue
        if _substance(blocks[cuts[-1] : i]) and _substance(blocks[i:]):
            cuts.append(i)
    parts = []
    for start, stop in zip(cuts, [*cuts[1:], len(blocks)], strict=True):
        inside = [t for i, t in titles if start <= i < stop]
        parts.append(
            ReportPart(tuple(blocks[start:stop]), _main_titles(inside, blocks[start:stop]))
        )
    return parts


def _same(one: Title, two: Title) -> bool:
    """Say whether two titles are of the same body and year, as far as both say."""
    return (
        one.year is not None
        and one.year == two.year
        and (one.name == two.name or one.name is None or two.name is None)
    )


def _main_titles(titles: Sequence[Title], blocks: Sequence[TextBlock]) -> tuple[Title, ...]:
    """Return the last title above the report's first section, and those marked as headings.

    Other titles, there and below, are links in menus.
    """
    first = next(
        (
            i
            for i, block in enumerate(blocks)
            if (
                isinstance(block, TextParagraph)
                and is_numbered(block.text)
                and heading_of(block.text)
            )
            or (isinstance(block, Grid) and _own_words(block))
        ),
        len(blocks),
    )
    above = {block.place for block in blocks[:first]}
    kept = [title for title in titles if title.place in above]
    marked = {b.place for b in blocks[:first] if isinstance(b, TextParagraph) and b.heading}
    return tuple(t for t in kept if t is kept[-1] or t.place in marked)


def _substance(blocks: Sequence[TextBlock]) -> bool:
    """Say whether blocks hold a report's sections or tables."""
    headings = {
        code
        for block in blocks
        if isinstance(block, TextParagraph) and (code := heading_of(block.text)) is not None
    }
    return len(headings) >= 1 or any(isinstance(b, Grid) and _own_words(b) for b in blocks)


def _own_words(grid: Grid) -> bool:
    words = 0
    kinds = lexicon(EDITIONS[-1]).kinds
    for row in grid.rows[:30]:
        words += sum(core(cell.text) in kinds for cell in row)
        if words >= 4:
            return True
    return False


NARRATIVE = tuple(
    dict.fromkeys(
        section.code
        for code in EDITIONS
        for section in load_edition(code).sections
        if section.kind == "narrative"
    )
)
"""The sections that are prose."""
_SENTENCE = re.compile(r"[一-龥][^|]{12,}[。；;]\s*$")
"""A paragraph that is a sentence, and no heading or label of a table."""


def texts_of(part: ReportPart, tables: Sequence[int]) -> dict[str, list[TextParagraph]]:
    """Return the paragraphs of s0, s1, s5 and s6, and sentences that stand above the tables of s2 to s4.

    ``tables`` are the positions of the blocks in which rows of the form were read.
    """
    first = min(tables, default=None)
    last = max(tables, default=None)
    found: dict[str, list[TextParagraph]] = {}
    own = {title.place for title in part.titles}
    begin = max((i + 1 for i, b in enumerate(part.blocks) if b.place in own), default=0)
    headings = [heading_of(b.text) if isinstance(b, TextParagraph) else None for b in part.blocks]
    code = "s0"
    for i, block in enumerate(part.blocks):
        if i < begin or not isinstance(block, TextParagraph):
            continue
        if first is not None and last is not None and first <= i <= last:
            code = "table"
            continue
        heading = headings[i]
        if heading is not None and _listed(headings, i):
            continue
        before = first is None or i < first - 1
        after = last is None or i > last
        if heading is not None and _opens(heading, code, block, before=before, after=after):
            code = heading
            continue
        if code == "s6" and _TAIL.match(block.text):
            code = "end"
        above_a_table = code in ("s2", "s3", "s4") and _SENTENCE.search(block.text)
        if code in NARRATIVE or above_a_table:
            found.setdefault(code, []).append(block)
    if "s1" not in found and "s0" in found:
        found["s1"] = found.pop("s0")
    return {code: unwrapped(lines) for code, lines in found.items()}


def _listed(headings: Sequence[str | None], at: int) -> bool:
    """Say whether a heading stands in a table of contents: beside others, and again further on."""
    beside = (*headings[max(0, at - 1) : at], *headings[at + 1 : at + 2])
    return headings[at] in headings[at + 1 :] and any(beside)


def _opens(heading: str, code: str, block: TextParagraph, *, before: bool, after: bool) -> bool:
    """Say whether a heading opens its section here: sub-headings of section one sound the same.

    ``before`` and ``after`` say where it stands to the tables; both where there are none.
    """
    if heading in ("s5", "s6"):
        return after and code != "s6" and (code != "s0" or is_numbered(block.text))
    if heading == "s1":
        return code == "s0"
    return not before or bool(re.match(r"\s*[二三四]\s*[、.．]", fold(block.text)))
