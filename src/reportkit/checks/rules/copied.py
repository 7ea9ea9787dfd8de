"""Copied text: sentences that stand nearly the same in another report.

Statutory phrases, titles, numbers and the body's own name are taken out first; what is left of
a sentence must be long enough to be somebody's own words. Between many reports, candidates are
found by MinHash (datasketch) and confirmed by edit distance (rapidfuzz); against last year's
report edit distance alone is quick enough.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from reportkit.checks.context import Context, Copy
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.rules.years import last_year
from reportkit.checks.sentences import quoted, split
from reportkit.finding import Place
from reportkit.prose.bodies import short_name
from reportkit.report import TownReport

ALIKE = 88
"""From this likeness (0 to 100, by edit distance) two sentences are nearly the same."""
OWN_WORDS = 16
"""A sentence counts where so many characters are left without statutory phrases."""
MOST_SHARED = (5, 30)
"""A sentence that more than three in ten bodies share, between these limits, is the county's
template and nobody's copy."""
_SHOWN = 3
_PARTNERS = 3

_STATUTORY = re.compile(
    r"《[^》]*》|[（(][^（）()]*号[^（）()]*[）)]|"
    r"根据|依据|按照|要求|规定|编制|制定本报告|本报告|"
    r"(?:报告)?(?:中)?(?:所列)?(?:各项)?数据的?统计期限[^。；]*|(?:中华人民共和国)?政府信息公开条例|"
    r"(?:坚持)?以习近平新时代中国特色社会主义思想为指导|深入贯彻(?:落实)?党的[一-龥]{2,8}精神|"
    r"坚持以公开为常态、?不公开为例外|谁主管、?谁负责|先审查、?后公开|谁公开、?谁审查|"
    r"政府信息公开信息处理费管理办法|信息处理费|政府信息公开(?:工作)?(?:年度报告)?|政务公开(?:工作)?|"
    r"主动公开|依申请公开|政府信息管理|政府信息|平台建设|监督保障|"
    r"工作考核|社会评议|责任追究(?:结果)?(?:情况)?|行政复议|行政诉讼|行政规范性文件|规范性文件|人大代表建议|政协提案|"
    r"第[一二三四五六七八九十]+条(?:第[（(][一二三四五六七八九十][）)]项)?|应公开尽公开|以人民为中心|三审三校|先审后发|依法依规|及时、?准确|"
    r"以公开促[^，。；、]{1,6}|公开是(?:常态|原则)[，、]?不公开是例外|(?:严格)?执行[^，。；]{0,8}制度|存在的(?:主要)?问题(?:及|和)改进(?:情况|措施)|"
    r"收到和处理政府信息公开申请情况|总体情况|其他需要报告的事项|无其他(?:需要)?报告(?:的)?事项|没有其他需要报告的事项|(?:本年度|全年|我[镇乡街道局]{1,2})?(?:未|没有|无)(?:收取|发生|收到|产生)|"
    r"公民、?法人(?:和|或者?)其他组织|知情权、?(?:表达权、?)?参与权、?(?:表达权、?)?(?:和)?监督权"
)
_NOISE = re.compile(r"[\W_\d０-９一二三四五六七八九十百千万零〇]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    section: str
    text: str
    bare: str


@lru_cache(maxsize=4096)
def _bare(text: str, own: str, county: str) -> str:
    """Return a sentence without names, statutory phrases, numbers and marks."""
    for name in (own, county):
        if name:
            text = text.replace(name, "")
    return _NOISE.sub("", _STATUTORY.sub("", text))


def own_sentences(report: TownReport) -> list[_Piece]:
    """Return the sentences that are the body's own words, with what is left of them."""
    own, county = short_name(report.town.name), report.town.county
    return [
        _Piece(section, sentence, bare)
        for section, text in report.sections.items()
        if section != "s0"  # who reports what, on which basis: the law's words, not one's own
        for sentence in split(text)
        if len(bare := _bare(sentence, own, county)) >= OWN_WORDS
    ]


def _copy(other: str, mine: Sequence[_Piece], pairs: Mapping[int, tuple[float, str]]) -> Copy:
    """Make a copy of pairs: for places in ``mine``, likeness and the sentence there."""
    whole = sum(len(piece.bare) for piece in mine)
    first = sorted(pairs, key=lambda place: (-pairs[place][0], -len(mine[place].bare), place))
    return Copy(
        other=other,
        sentences=tuple(
            (mine[place].section, mine[place].text, pairs[place][1]) for place in first[:_SHOWN]
        ),
        count=len(pairs),
        share=sum(len(mine[place].bare) for place in pairs) / whole if whole else 0.0,
    )


def copy_of(report: TownReport, other: TownReport) -> Copy:
    """Compare two reports sentence by sentence."""
    mine, theirs = own_sentences(report), own_sentences(other)
    pairs: dict[int, tuple[float, str]] = {}
    there = [piece.bare for piece in theirs]
    for place, piece in enumerate(mine):
        best = process.extractOne(piece.bare, there, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best is not None:
            pairs[place] = (best[1], theirs[best[2]].text)
    return _copy(_whose(other), mine, pairs)


def _whose(report: TownReport) -> str:
    """Name the other report; one whose page names no body is told by its first words."""
    town = report.town
    name = town.name if town.name.startswith(town.county) else town.county + town.name
    if not name:
        first = next((text for text in report.sections.values() if text.strip()), "")
        name = f"没有写明单位的报告（开头是“{quoted(first)[:24]}”）"
    return f"{name}{report.year or ''}年度报告"


def find_copies(reports: Sequence[TownReport]) -> list[tuple[Copy, ...]]:
    """Find, for each report, other bodies' reports that share sentences with it.

    Reports of one body are not compared. Each report gets the three partners that share most.
    """
    pieces = [own_sentences(report) for report in reports]
    bodies = [(report.town.county, short_name(report.town.name)) for report in reports]
    least, most = MOST_SHARED
    shared_by = min(most, max(least, len(set(bodies)) * 3 // 10))
    groups = _groups([piece.bare for each in pieces for piece in each])
    where = [(at, place) for at, each in enumerate(pieces) for place in range(len(each))]
    pairs: dict[int, dict[int, dict[int, tuple[float, str]]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for group in groups:
        members = [where[index] for index in group]
        if len({bodies[at] for at, _ in members}) > shared_by:
            continue
        for at, place in members:
            for other, there in members:
                if bodies[at] == bodies[other]:
                    continue
                mine, theirs = pieces[at][place], pieces[other][there]
                same = mine.bare == theirs.bare
                alike = 100.0 if same else fuzz.ratio(mine.bare, theirs.bare, score_cutoff=ALIKE)
                if alike and alike > pairs[at][other].get(place, (0.0, ""))[0]:
                    pairs[at][other][place] = (alike, theirs.text)
    found: list[tuple[Copy, ...]] = []
    for at, mine_all in enumerate(pieces):
        copies = [
            (_copy(_whose(reports[other]), mine_all, shared), other)
            for other, shared in pairs.get(at, {}).items()
            if shared
        ]
        copies.sort(key=lambda item: (-item[0].share, item[0].other, item[1]))
        found.append(tuple(copy for copy, _ in copies[:_PARTNERS]))
    return found


_PERMUTATIONS = 64
_BANDS = (16, 4)
"""Bands and rows of the hash table: finds two sentences alike in two thirds of their pairs of
characters 19 times in 20."""


def _groups(bare: Sequence[str]) -> list[list[int]]:
    """Group the places of sentences that are nearly the same; a sentence alone is in no group."""
    from datasketch import (  # type: ignore[import-untyped]  # noqa: PLC0415  (loads numpy)
        MinHash,
        MinHashLSH,
    )

    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(bare):
        places[text].append(place)
    texts = list(places)
    table = MinHashLSH(num_perm=_PERMUTATIONS, params=_BANDS)
    hashes = MinHash.generator(
        ({text[i : i + 2].encode() for i in range(len(text) - 1)} for text in texts),
        num_perm=_PERMUTATIONS,
        hashfunc=zlib.crc32,
    )
    leader = list(range(len(texts)))

    def find(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    for at, each in enumerate(hashes):
        for other in sorted(table.query(each)):
            one, two = find(at), find(other)
            if one != two and fuzz.ratio(texts[at], texts[other], score_cutoff=ALIKE):
                leader[max(one, two)] = min(one, two)
        table.insert(at, each)
    groups: dict[int, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        groups[find(at)].extend(places[text])
    return [sorted(group) for group in groups.values() if len(group) > 1]


def _message(copy: Copy) -> str:
    shown = "；".join(
        f"本报告“{quoted(here)}”——{copy.other}“{quoted(there)}”"
        for _, here, there in copy.sentences
    )
    return f"与{copy.other}有 {copy.count} 句雷同，占自写文字的 {copy.share:.0%}（法定用语除外）：{shown}。"


def _place(copy: Copy) -> Place:
    section, sentence, _ = copy.sentences[0]
    return Place(section=section, sentence=quoted(sentence))


@rule(
    "COPY-TOWN",
    "warning",
    statement="文字是本单位自己的，不与别的单位雷同（法定用语除外）。",
    basis="国办公开办函〔2021〕30号（内容雷同的，依条例第四十七条追究）",
    example="两个镇的第五部分除地名外一字不差。",
)
def from_town(_report: TownReport, context: Context) -> Iterator[Hit]:
    """Tell which other bodies' reports share sentences with this one."""
    for copy in context.copies:
        much = copy.share >= 0.25 or copy.count >= 5
        if much or copy.count >= 2:
            yield Hit(
                level="warning" if much else "info",
                message=_message(copy) + "请核对，改写为本单位的实际情况。",
                place=_place(copy),
            )


@rule(
    "COPY-YEAR",
    "warning",
    statement="文字写本年的事，不照抄上年的报告（法定用语除外）。",
    basis="国办公开办函〔2021〕30号（内容雷同的，依条例第四十七条追究）",
    example="总体情况除数字外与上年报告逐句相同。",
)
def from_last_year(report: TownReport, context: Context) -> Iterator[Hit]:
    """Tell how much of the prose stands in last year's report already."""
    last = last_year(report, context)
    if last is None or not last.sections or not context.copied:
        return
    copy = copy_of(report, last)
    if copy.count >= 2 and copy.share >= 0.3:
        yield Hit(
            level="warning" if copy.share >= 0.6 else "info",
            message=_message(copy) + "请核对，写出本年的新情况。",
            place=_place(copy),
        )


RULES: tuple[Rule, ...] = (from_town, from_last_year)
