"""Identity: whose report a page is and of which year, and from where that is known.

Titles decide: in the text, in the page's head, in the file's name. Two titles with two years are a
problem and no year. Where there is no title, the named period and then the prose may tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from reportkit.prose.bodies import short_name
from reportkit.prose.content import Problem, TextBlock, TextParagraph, TextPlace
from reportkit.prose.fold import fold, unspaced, width
from reportkit.prose.numerals import parse_year
from reportkit.published.divisions import county_in, split_name
from reportkit.published.signature import said_name

YEAR = r"(20\d\d|[二贰][零〇○O]{1}[一二三四五六七八九零〇○O]{2})"
_TITLE = re.compile(
    r"(?P<head>[^,。;:《》]{0,50}?)(?:政府|政务)?(?:信息|政务)公开"
    r"(?P<rest>[^,。;:《》]{0,16}?(?:报告|年报|年度报|报表)[^,。;:《》]{0,14})"
)
_BODY = (
    r"(?:人民政府|政府|办事处|管理委员会|管委会|委员会|街道办|街道|镇|乡|街|苏木|局|厅|署|委|办公室|办|中心|总站|"
    r"大队|支队|分局|管理处|开发区|园区|农场|林场|法院|检察院|学校|医院|集团|公司|联合会|协会|社)"
)
_NAME = re.compile(rf"[\u3400-\u9fff·（()）]{{1,32}}{_BODY}(?:[(（][\u3400-\u9fff]{{1,12}}[)）])?")
_LEAD = re.compile(
    r"^(?:附件\d*|\d{1,2}[.、]|关于(?:印发|发布|公布)?|标题|名称|题名|当前位置|首页|[>»:：\s]+)+"
)
_PERIOD = re.compile(r"(20\d\d)年1月1日(?:起|开始)?(?:至|到|—|-|~)+(?:(20\d\d)年)?12月31日")
_PROSE_YEAR = re.compile(r"(?:^|[。;；:：)）、\n])\s*(?:\d[.、])?(?:截至|截止|截止到)?(20\d\d)年")
_DATED = re.compile(rf"{YEAR}年")
_FILE_YEAR = re.compile(r"(?<!\d)(20[12]\d)(?:年|(?!\d))")
_NO_NAME = re.compile(
    r"[我本全各该此]$|^[我本全各该此在对向由经据按]|乡镇$|根据|按照|关于|工作|情况|公开|报告"
)


LONGEST_PERIOD = 24
"""From 1 January to 31 December of a year in so many characters."""
LONGEST_LINE = 300
"""A paragraph longer than that may be a whole report whose line breaks were lost."""


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says."""

    text: str
    name: str | None
    year: int | None
    place: TextPlace
    source: str
    """In Chinese: where it stands."""


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """Whose report it is, of which year, and what tells so."""

    name: str
    """Without the county and province that are printed before it."""
    name_from: str
    year: int | None
    year_from: str
    county: str
    """As printed before the name; blank where no place prints it."""
    province: str
    problems: tuple[Problem, ...]


def parse_title(text: str, place: TextPlace, source: str) -> Title | None:
    """Return what a line says as a title, or ``None`` where it is none."""
    compact = unspaced(text)
    if not 6 <= len(compact) <= 90 or "公开" not in compact or "报" not in compact:
        return None
    match = _TITLE.fullmatch(_LEAD.sub("", compact))
    if match is None:
        return None
    dated = re.search(rf"(?:^|(?<=\D)){YEAR}(?:年度?|(?=\D|$))", match["head"])
    later = re.search(rf"{YEAR}年", match["rest"])
    year = parse_year((dated or later)[1]) if (dated or later) else None  # type: ignore[index]
    return Title(text.strip(), _printed(_name_in(match, dated), text), year, place, source)


def _printed(name: str | None, text: str) -> str | None:
    """Return a name in the characters in which the text prints it, traditional ones too."""
    raw = re.sub(r"\s+", "", width(text))
    at = fold(raw).find(name) if name else -1
    return raw[at : at + len(name)] if name and at >= 0 else name


def _name_in(match: re.Match[str], dated: re.Match[str] | None) -> str | None:
    """Return the body's name: before the year, else between the year and the subject."""
    head = match["head"]
    parts = [head[: dated.start()], head[dated.end() :]] if dated else [head]
    for number, part in enumerate(parts):
        name = re.sub(r"^[年度第的\W]+|(?:年度|[\W的])+$", "", part)
        last = number == len(parts) - 1
        if last and name.endswith("人民") and match.string[match.end("head") :].startswith("政府"):
            name += "政府"
        if 1 < len(name) <= 40 and not re.search(r"\d", name) and not _NO_NAME.search(name):
            return name
    return None


def title_of(paragraph: TextParagraph) -> Title | None:
    """Return what a paragraph says as a title, or the start of one that holds a whole report."""
    title = parse_title(paragraph.text, paragraph.place, "正文标题")
    if title is None and len(paragraph.text) > LONGEST_LINE:
        head = re.match(r".{0,70}?(?:年度报告|工作报告|年报)", paragraph.text)
        title = parse_title(head[0], paragraph.place, "正文标题") if head else None
    return title


def titles_in(blocks: Sequence[TextBlock]) -> Iterator[tuple[int, Title]]:
    """Yield the titles in a text with their positions; a narrow page breaks one over two lines."""
    lines = [block if isinstance(block, TextParagraph) else None for block in blocks]
    alone = [title_of(line) if line is not None else None for line in lines]
    for i, (line, title) in enumerate(zip(lines, alone, strict=True)):
        after = lines[i + 1] if i + 1 < len(lines) else None
        if title is not None:
            yield i, title
        elif line is not None and after is not None and alone[i + 1] is None:
            broken = _DATED.search(unspaced(line.text))
            if broken and (joined := parse_title(line.text + after.text, line.place, "正文标题")):
                yield i, joined


def outer_titles(titles: Iterable[str], file: str) -> list[Title]:
    """Return the titles that stand outside the text: in the page's head and in the file's name."""
    found: list[Title] = []
    for text in titles:
        for part in re.split(r"\s*[-_|–—－]+\s*", text):
            title = parse_title(part, TextPlace(file=file), "网页标题")
            if title is not None:
                found.append(title)
                break
    stem = PurePath(file).stem
    title = parse_title(stem, TextPlace(file=file), "文件名")
    if title is not None:
        found.append(title)
    return found


def identify(
    titles: Sequence[Title], outer: Sequence[Title], lines: Sequence[TextParagraph], file: str
) -> ReportSubject:
    """Return a report's identity from its own titles, those outside, and its text."""
    problems: list[Problem] = []
    year, year_from = _year(titles, outer, lines, file, problems)
    name, name_from = _name(titles, outer, lines, file)
    if not name:
        problems.append(Problem("没有读到单位名称", TextPlace(file=file)))
    parts = split_name(fold(name))
    own = name[-len(parts.name) :] if parts.name else name  # as printed: 鶴城鎮
    county = parts.county or _county(own, lines, titles)
    return ReportSubject(own, name_from, year, year_from, county, parts.province, tuple(problems))


def _county(name: str, lines: Sequence[TextParagraph], titles: Sequence[Title]) -> str:
    """Return the county that the text prints before the body's name, where it does so at all."""
    short = short_name(fold(name))
    if len(short) < 3 or len(name) < 3:
        return ""
    text = "\n".join(unspaced(line.text) for line in (*lines[:12], *lines[-8:]))
    return county_in(text + "\n" + "\n".join(title.text for title in titles), short)


def _year(
    titles: Sequence[Title],
    outer: Sequence[Title],
    lines: Sequence[TextParagraph],
    file: str,
    problems: list[Problem],
) -> tuple[int | None, str]:
    stated = [t for t in (*titles, *outer) if t.year is not None]
    years = {t.year for t in stated}
    if len(years) > 1:
        said = "，".join(f"{t.source}“{t.text}”为{t.year}年" for t in _one_each(stated))
        problems.append(Problem(f"年度互相矛盾：{said}", stated[0].place))
        return None, ""
    periods = list(_periods(lines))
    if not stated:
        return _unstated(periods, lines, file, problems)
    year = stated[0].year
    other = next(((said, place) for said, place in periods if said != year), None)
    if other is not None:
        problems.append(Problem(f"标题为{year}年，统计期限为{other[0]}年", other[1]))
    return year, stated[0].source


def _periods(lines: Sequence[TextParagraph]) -> Iterator[tuple[int, TextPlace]]:
    """Yield the years that are named from 1 January to 31 December, in one line or over two."""
    compact = [unspaced(line.text) for line in lines]
    for i, (line, text) in enumerate(zip(lines, compact, strict=True)):
        after = "".join(compact[i + 1 : i + 2])[:LONGEST_PERIOD]
        for match in _PERIOD.finditer(text + after):
            if match[2] in (None, match[1]) and match.start() < len(text):
                yield int(match[1]), line.place


def _unstated(
    periods: Sequence[tuple[int, TextPlace]],
    lines: Sequence[TextParagraph],
    file: str,
    problems: list[Problem],
) -> tuple[int | None, str]:
    """Return the year where no title names it: from the period, a quoted title, the prose."""
    prose = (unspaced(line.text) for line in lines)
    sources: tuple[tuple[str, set[int]], ...] = (
        ("统计期限", {year for year, _ in periods}),
        ("正文所引标题", {title.year for title in _quoted(lines) if title.year}),
        ("正文", {int(y) for text in prose for y in _PROSE_YEAR.findall(text)}),
        ("文件名", {int(y) for y in _FILE_YEAR.findall(PurePath(file).stem)}),
    )
    for source, years in sources:
        if len(years) == 1:
            return years.pop(), source
        if len(years) > 1 and source == "统计期限":
            problems.append(Problem("统计期限有不同的年度", periods[0][1]))
            return None, ""
    problems.append(Problem("没有读到报告年度", TextPlace(file=file)))
    return None, ""


def _one_each(titles: Sequence[Title]) -> list[Title]:
    seen: dict[int | None, Title] = {}
    for title in titles:
        seen.setdefault(title.year, title)
    return list(seen.values())


def _name(
    titles: Sequence[Title], outer: Sequence[Title], lines: Sequence[TextParagraph], file: str
) -> tuple[str, str]:
    """Return the first name that the titles give, else what the text says, and from where.

    A title that is quoted in 《…》 is another paper, often of another body, and names nobody.
    """
    for title in (*titles, *_neighbours(titles, lines), *outer):
        if title.name:
            return title.name, title.source
    if name := _alone(re.sub(r"[\d\W_]+|年度?", "", fold(PurePath(file).stem))):
        return name, "文件名"
    return said_name(lines)


def _neighbours(titles: Sequence[Title], lines: Sequence[TextParagraph]) -> Iterator[Title]:
    """Yield the lines beside a title that are a body's name and nothing else."""
    places = {title.place for title in titles}
    for i, line in enumerate(lines):
        if line.place in places:
            for beside in (*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2]):
                yield Title(
                    beside.text, _alone(beside.text), None, beside.place, "标题旁的单位名称"
                )


def _quoted(lines: Sequence[TextParagraph]) -> Iterator[Title]:
    """Yield the titles that the prose quotes."""
    for line in lines:
        for quoted in re.findall(r"《([^《》]{6,60})》", line.text):
            title = parse_title(quoted, line.place, "正文所引标题")
            if title is not None:
                yield title


def _alone(text: str) -> str | None:
    """Return the name of a body that a line is and nothing else."""
    compact = unspaced(text)
    if len(compact) <= 36 and _NAME.fullmatch(compact) and not _NO_NAME.search(compact):
        return _printed(compact, text)
    return None
