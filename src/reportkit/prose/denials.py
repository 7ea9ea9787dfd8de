"""Denials: words that say in so many words that there was none, in whatever order.

未收到申请; 没有发生行政诉讼和行政复议; 依申请公开：无. A denial names a verb of coming or making and a list
of topics; a topic that only describes the next one (因申请公开引起的行政复议) is not denied, and neither is
one that is narrowed (未收到网上申请, 无复议纠错).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Topic:
    about: tuple[str, ...]
    name: str
    verbs: frozenset[str]
    """The verbs whose denial makes it a zero."""
    bare: bool = True
    """Whether 没有 or 无 without a verb denies it."""
    within: str = ""
    """Words that the sentence, or what stands before it, must hold."""


_COMES = frozenset(
    [
        "收到",
        "接到",
        "接收到",
        "接收",
        "接获",
        "受理",
        "收",
        "接",
        "有",
        "新收",
        "新增",
        "发生",
        "产生",
        "出现",
        "涉及",
        "存在",
        "引发",
        "引起",
        "因",
        "被",
        "提起",
        "提出",
        "接待",
        "遇到",
        "发现",
    ]
)
_MADE = frozenset(
    [
        "制定",
        "制发",
        "出台",
        "印发",
        "发布",
        "制订",
        "新增",
        "新制定",
        "新制发",
        "新出台",
        "制作",
        "新制作",
        "下发",
        "起草",
        "产生",
        "有",
        "涉及",
    ]
)
_TAKEN = frozenset(
    ["收取", "产生", "发生", "收", "涉及", "征收", "存在", "收到", "有", "收缴", "出现"]
)
_HELD = frozenset(["举办", "开展", "组织", "举行", "召开", "进行", "组织开展", "举办过", "有"])
_PROPOSED = _COMES | frozenset(["承办", "办理", "主办", "交办"])

_TOPICS: tuple[_Topic, ...] = (
    _Topic(
        ("npc_proposals", "cppcc_proposals"),
        r"人大(?:代表)?(?:建议)?(?:、|和|及|与)?政协(?:委员)?(?:的)?(?:建议|提案|议案|意见)(?:、|和)?(?:建议|提案|议案)?|建议提案|两会提案",
        _PROPOSED,
    ),
    _Topic(
        ("npc_proposals",),
        r"(?:[省市县区镇乡])?人大(?:代表)?(?:的)?(?:意见|建议|议案|提案|批评)+",
        _PROPOSED,
    ),
    _Topic(
        ("cppcc_proposals",), r"(?:[省市县区])?政协(?:委员)?(?:的)?(?:提案|建议|意见)+", _PROPOSED
    ),
    _Topic(
        ("applications_received",),
        r"(?:政府|政务)?信息(?:的)?依申请公开|依申请(?:公开)?|(?:公开|公开信息|信息)(?:的)?(?:申请|请求)|申请公开|"
        r"(?:要求|请求|申请)(?:获取|提供|主动)?公开(?:的)?(?:政府|政务)?(?:信息)?|(?:要求|申请)(?:获取|提供)(?:政府|政务)?信息|"
        r"公开(?:政府|政务)?信息(?:的)?(?:申请|要求|请求)",
        _COMES,
    ),
    _Topic(("reconsiderations",), r"行政复议|复议", _COMES),
    _Topic(("litigations",), r"行政诉讼|诉讼|行政应诉", _COMES),
    _Topic(("normative_documents_made",), r"(?:行政)?规范性文件", _MADE),
    _Topic(
        ("fee_collected_yuan",),
        r"(?:政府|政务)?(?:信息)?(?:公开)?(?:信息)?处理费用?|(?:信息)?(?:公开|检索|复制|邮寄)[^,;。]{0,10}费用?|收费(?:及减免)?|费用?",
        _TAKEN,
        within="信息处理费|申请|信息公开|信息处理",
    ),
    _Topic(("open_days",), "开放(?:日|月|周)(?:系列)?(?:活动)?|开放活动", _HELD),
    _Topic(("trainings",), r"(?:政务|信息)公开[^,;。]{0,8}培训(?:班|会|活动)?", _HELD, bare=False),
    _Topic(
        ("applications_received",),
        r"申请人?(?:提出)?(?:的)?申请|申请",
        _COMES,
        within="依申请|信息公开申请|公开信息申请|信息公开的?申请",
    ),
)
"""The narrower ones first: 公开申请 before 申请."""
_ANY = re.compile("|".join(f"(?P<t{i}>{t.name})" for i, t in enumerate(_TOPICS)))
_TAIL = (
    r"(?:(?:方式)?公开|政府|政务|信息|事项|事件|案件|的|件次|件|申请|要求|请求|请示|情况|需求|相关|条|业务|事宜|材料|诉求|工作|函|书|表|案|"
    r"等|发生|现象|问题|活动|办理|任务|及其更新|及更新|出台|制定|制发|印发|发布|收取|产生|提出|了|过|记录|类)*"
)
_FOLLOWS = re.compile(_TAIL)
_END = re.compile(r"[,;。.!！(（:、”]|$|与上年|和上年|同上年|较上年|故|因此|所以")
_JOINED = re.compile(
    r"[、,]?(?:和|及|以及|或者?|与|也|更|暨|并|被)?(?:被)?(?:申请|提起|提出|发生|收到|引发|引起|产生|涉及)?(?:的)?"
)
_NARROWED = re.compile(
    r"未|不|逾期|超期|超时|超过|延期|延长|结转|遗留|积压|剩余|在办|待办|正在|办理中|处理中|年末|跨年|上年|往年|补正|违规|办结|答复|拒|网络|网上|线上|信函|当面|书面|口头|邮件|邮箱|传真|现场|重复|历史|败诉|纠错|其中|投诉人|无效|撤销|\d|现行有效|废止|清理|上级|修改"
)
_NEGATED = re.compile(
    r"(?P<strong>暂未有|暂未|从未|均未|尚未|并未|未曾|未|不曾)|(?P<weak>没有|均无|暂无|尚无|无|零|不存在|不涉及)"
)
_SOME = re.compile("[未没无零不0]")
"""Without one of these nothing is denied: a quick look that spares most sentences the search."""
_DENIED_LATER = re.compile(r"(?:无|没有|零|未|不涉及|不存在|0)[^,;。]{0,14}(?=[,;。!！)）]|$)")
_VERBS = sorted(
    {verb for topic in _TOPICS for verb in topic.verbs} | {"办理", "处理", "答复"},
    key=lambda verb: (-len(verb), verb),
)
_VERB_LIST = re.compile(rf"(?:(?:{'|'.join(_VERBS)})(?:过|到|了)?(?:和|、|及|或者?|,|与)?)*")
_ONE_VERB = re.compile("|".join(_VERBS))
_TOWARD = re.compile(r"(?:对|向|就)[^,;。]{1,10}?(?=收取|收到|发生|产生)")
_AFTER_TOPIC = re.compile(
    r"^(?:[:,]|均|都|全部?|为|是|,|全年|本年度?|今年|20\d\d年度?|目前|一直|我[镇乡街道局办委单位]{1,2}|本[镇乡街道局办委机关单位]{1,2}|的?情况|数量?|总数)*"
    r"(?:无|没有|暂无|均无|零|0|未发生|未收到|未产生|未出现|未接到|没有发生|没有收到|没有产生|没有出现|未有|未涉及|不涉及|不存在)"
    r"(?:过)?(?:此类|该类|相关|这类|此项|这方面|上述|任何|有关|该项)?(?:的)?(?:情况|申请|案件|事项|事件|发生|情形|内容|业务)*(?=[,;。!！)）]|$)"
)


@dataclass(frozen=True, slots=True)
class Denied:
    """One thing of which there was none."""

    about: str
    at: int
    """Where the words start."""
    words: str


def denied_in(sentence: str, before: str = "") -> Iterator[Denied]:
    """Yield the facts that a sentence says there was none of; ``before`` is what stands before it.

    >>> [d.about for d in denied_in("未收到和处理政府信息公开申请,也没有发生行政诉讼和行政复议。")]
    ['applications_received', 'litigations', 'reconsiderations']
    """
    if not _SOME.search(sentence):
        return
    context = before + sentence
    reached = 0
    for match in _NEGATED.finditer(sentence):
        if match.start() < reached or sentence[match.end() : match.end() + 1] == "论":
            continue  # 无论
        toward = _TOWARD.match(sentence, match.end())
        verbs = _VERB_LIST.match(sentence, toward.end() if toward else match.end())
        start = verbs.end() if verbs else match.end()
        used = frozenset(_ONE_VERB.findall(verbs[0])) if verbs else frozenset()
        if match["strong"] and not used:
            continue
        items, end = _list(sentence, start)
        taken = [t for t in items if _fits(_TOPICS[t], used, context)]
        if len(taken) == len(items):
            for item in taken:
                for about in _TOPICS[item].about:
                    yield Denied(about, match.start(), sentence[match.start() : end])
        reached = end if items else match.end()
    if _DENIED_LATER.search(sentence):
        yield from _behind(sentence, before)


def _fits(topic: _Topic, used: frozenset[str], context: str) -> bool:
    """Say whether the verbs deny the topic, and the context speaks of it."""
    said = bool(used & topic.verbs) if used else topic.bare
    return said and (not topic.within or re.search(topic.within, context) is not None)


def _list(sentence: str, start: int) -> tuple[list[int], int]:
    """Return the topics listed from a place on, and where the list ends; none where it is narrowed."""
    items: list[int] = []
    place = start
    most = 44
    while True:
        found = _ANY.search(sentence, place, min(len(sentence), place + most))
        if found is None:
            break
        gap = sentence[place : found.start()]
        if re.search(r"[,;。!:(]", gap) or _NARROWED.search(gap):
            break
        after = _FOLLOWS.match(sentence, found.end())
        end = after.end() if after else found.end()
        item = int((found.lastgroup or "t0")[1:])
        joined = _JOINED.match(sentence, end)
        next_one = _ANY.match(sentence, joined.end()) if joined and joined.end() > end else None
        joint = sentence[end : joined.end()] if joined else ""
        if next_one is not None and not _describes(joint):
            items.append(item)
            stopped = joint.startswith(",") and not _goes_on(sentence, end + len(joint))
            if stopped:
                return items, end
            place, most = end + len(joint), 16
            continue
        if _END.match(sentence, end):
            return [*items, item], end
        rest = re.match(
            r"[和及或、与]+(?:其他|相关)?(?:投诉|举报|申诉|信访|上访|纠纷|争议|仲裁|赔偿)[^,;。]{0,10}",
            sentence[end:],
        )
        if rest:
            items.append(item)
            place, most = end + rest.end(), 12
            if _END.match(sentence, place):
                return items, place
            continue
        place, most = end, 24  # it describes what follows: 因申请公开引起的行政复议
    return [], place


def _goes_on(sentence: str, start: int) -> bool:
    """Say whether a list goes on behind a comma: what follows is a topic and its end, no number."""
    items, _ = _list(sentence, start)
    return bool(items)


def _describes(joint: str) -> bool:
    """Say whether the words between two topics make the first a description of the second."""
    return not re.match(r"[、,和及以或与暨并也更]", joint)


def _behind(sentence: str, before: str) -> Iterator[Denied]:
    """Yield what is denied behind its name: 依申请公开：无; a heading before counts as the name."""
    heading = re.sub(r"[。;:,!]+$", "", before[-24:].rpartition("。")[2] or before[-24:])
    texts = [(sentence, 0)]
    if before and len(heading) < 24 and not re.search(r"\d{2}", heading):
        texts.append((f"{heading}:{sentence}", len(heading) + 1))
    for text, shift in texts:
        for found in _ANY.finditer(text):
            topics: list[int] = [int((found.lastgroup or "t0")[1:])]
            end = found.end() + len((_FOLLOWS.match(text, found.end()) or [""])[0])
            while (
                joint := re.compile(r"[、,和及或与]+(?:以及|被提起|提起)?").match(text, end)
            ) and (more := _ANY.match(text, joint.end())):
                topics.append(int((more.lastgroup or "t0")[1:]))
                end = more.end() + len((_FOLLOWS.match(text, more.end()) or [""])[0])
            tail = re.match(r"(?:方面|工作|办理)*", text[end:])
            end += tail.end() if tail else 0
            denied = _AFTER_TOPIC.match(text[end:])
            if denied is None or _NARROWED.search(text[max(0, found.start() - 4) : found.start()]):
                continue
            for topic in topics:
                if _TOPICS[topic].within and not re.search(
                    _TOPICS[topic].within, before + sentence
                ):
                    continue
                for about in _TOPICS[topic].about:
                    at = max(0, found.start() - shift)
                    yield Denied(about, at, text[found.start() : end + denied.end()])
