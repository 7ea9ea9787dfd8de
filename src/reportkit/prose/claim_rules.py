"""Claim rules: which words of the prose speak of which fact or cell. Data, no walk.

A rule looks at the words before a number (its lead), the unit behind it and the words after that.
The first rule that fits decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportkit.form.facts import FACTS

COUNT = "件|件次|例次|条|份|宗|起|例|个|次|项|篇|期"


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """One way in which the prose states a number."""

    about: tuple[str, ...]
    """Fact codes or cell addresses. Several: only a zero can be said of all of them at once."""
    lead: re.Pattern[str]
    units: frozenset[str]
    after: re.Pattern[str] | None = None
    without: re.Pattern[str] | None = None
    """Words in the lead, from the clause on in which it says so, that make it another thing."""
    within: re.Pattern[str] | None = None
    """Words that the sentence, or the one before, must hold."""

    def fits(self, lead: str, unit: str, after: str, context: str) -> bool:
        """Say whether a number with these words around it is what the rule is about."""
        if unit not in self.units or (said := self.lead.search(lead)) is None:
            return False
        clause = max(lead.rfind(mark, 0, said.start()) for mark in ",;:(") + 1
        return (
            not (self.without and self.without.search(lead, clause))
            and (self.after is None or self.after.search(after) is not None)
            and (self.within is None or self.within.search(context) is not None)
        )


def _rule(
    about: str,
    lead: str,
    units: str = COUNT,
    *,
    after: str = "",
    without: str = "",
    within: str = "",
) -> ClaimRule:
    return ClaimRule(
        tuple(about.split()),
        re.compile(f"(?:{lead})$"),
        frozenset(units.split("|")),
        re.compile(after) if after else None,
        re.compile(without) if without else None,
        re.compile(within) if within else None,
    )


_END = "[^,;。、其]{0,8}"
_SAID = "(?:共|共计|总数|数量|数|总计|合计|为|是|有|:|了)*"
_OUTCOME = (
    "维持|纠正|纠错|驳回|审结|结案|撤|终止|败诉|胜诉|办结|答复|变更|确认违法|化解|调解|履行|听证"
)
_HEARD = rf"{_OUTCOME}|办理|承办|审理|受理|代理|应诉"
"""A body hears the suits and reconsiderations of others too."""
_CASES = "件|件次|例次|宗|份|起|例|个"
_TAKEN = "(?:收到|接到|受理|接收|新收|收悉|收取到|接获|收办)"
_NOT_RECEIVED = "结转|不予|办结|其中|撤|逾期|复议|诉讼|网络|信函|当面|网上|线上|邮件|邮寄|传真|平台|书面|口头|现场|上年|重复|投诉|举报|信访|许可|登记|低保|救助|已答复|建房"
_RAISED = "(?:发生|产生|引发|引起|收到|接到|提起|出现|涉及|受理|有|被提起|[、,和及])(?:了|过|的)*"

RULES: tuple[ClaimRule, ...] = (
    _rule(
        "reconsiderations litigations",
        rf"行政复议(?:案件|申请)?(?:、|和|及|,|或|以及|与)(?:被?提起)?(?:行政)?(?:诉讼|应诉){_END}",
        COUNT,
        without=_OUTCOME,
    ),
    _rule(
        "reconsiderations litigations",
        rf"(?:行政)?诉讼(?:案件)?(?:、|和|及|,|或|以及|与)(?:被?申请)?(?:行政)?复议{_END}",
        COUNT,
        without=_OUTCOME,
    ),
    _rule(
        "reconsiderations",
        rf"行政复议{_END}|(?<!行政)复议(?:案件|申请)?{_SAID}",
        COUNT,
        without=rf"诉讼[^,;。]*$|{_HEARD}",
    ),
    _rule("litigations", rf"诉讼{_END}", COUNT, without=_HEARD),
    _rule("reconsiderations", _RAISED, COUNT, after="^(?:的)?(?:行政)?复议(?!.{0,3}诉讼)"),
    _rule("litigations", _RAISED, COUNT, after="^(?:的)?(?:行政)?诉讼"),
    _rule(
        "fee_collected_yuan",
        rf"(?:收取|收费|处理费){_END}",
        "元|万元",
        within="信息处理费|信息公开.{0,6}收费",
    ),
    _rule(
        "t3.carried_in.total",
        r"(?:上年|上一年|往年|去年|20\d\d年)度?(?:末)?结转[^,;。]{0,16}|结转(?:的)?(?:上年|上一年|去年)[^,;。]{0,14}",
        "件|宗|起|份|例|次",
    ),
    _rule(
        "t3.carried_forward.total",
        r"结转(?:至|到)?(?:下年|下一年|次年|明年|20\d\d年)[^,;。]{0,12}",
        "件|宗|起|份|例|次",
    ),
    _rule(
        "t2.normative_documents.repealed",
        rf"废止(?:的)?(?:行政)?规范性文件{_END}",
        "件|份|个|条|部",
    ),
    _rule("t2.normative_documents.repealed", "废止", "件|份|个|部", after="^(?:行政)?规范性文件"),
    _rule(
        "t2.normative_documents.in_force",
        rf"现行有效(?:的)?(?:行政)?规范性文件{_END}",
        "件|份|个|条|部",
    ),
    _rule(
        "t2.normative_documents.in_force",
        "现行有效(?:的)?",
        "件|份|个|部",
        after="^(?:行政)?规范性文件",
    ),
    _rule(
        "normative_documents_made",
        rf"(?:制定|制发|印发|出台|新制作|制订)[^,;。、:]{{0,10}}规范性文件{_END}",
        "件|份|个|条|部",
        without="解读|废止|清理|修改",
    ),
    _rule(
        "normative_documents_made",
        "(?:制定|制发|印发|出台|制订)(?:了|发布)?",
        "件|份|个|部",
        after="^(?:行政)?规范性文件(?!.{0,3}解读)",
    ),
    _rule(
        "npc_proposals",
        r"人大(?:代表)?(?:提出的?)?(?:意见|建议|议案|提案|批评)[^;。]{0,6}",
        "件|条|份|个",
        after="^(?!政协)",
        without="政协|其中|公开",
    ),
    _rule(
        "npc_proposals",
        "(?:办理|承办|收到|答复|办结|主办)(?:县|区|市|镇|省|了)*",
        "件|条",
        after="^(?:[省市县区镇][省市县区镇、]*级?)?人大(?:代表)?(?:的)?(?:建议|议案|意见)(?![^,;。]{0,3}政协)",
    ),
    _rule(
        "cppcc_proposals",
        rf"政协(?:委员)?(?:的)?提案{_END}",
        "件|条|份|个",
        without="人大|其中|公开",
    ),
    _rule(
        "cppcc_proposals",
        "(?:办理|承办|收到|答复|办结|[、,和及])?(?:县|区|市|镇|省|了)*",
        "件|条",
        after="^(?:[省市县区][省市县区、]*级?)?政协(?:委员)?(?:的)?提案",
    ),
    _rule(
        "hotline_replies",
        r"(?:12345|热线|民生服务平台)[^;。]{0,22}",
        "件|件次|条|个|起|次|宗|份|单",
        without=r"公众号|网站|微博|办结率|满意率|其中|接诉即办|123(?!45)\d\d|公开(?:信息|热线)|发布",
    ),
    _rule("open_days", rf"开放(?:日|月|周)(?:系列)?{_END}", "次|场|期|场次"),
    _rule(
        "open_days",
        "(?:开展|举办|组织|举行)了?",
        "次|场|期|场次",
        after="^[^,;。]{0,10}开放(?:日|月|周)",
    ),
    _rule(
        "training_participants",
        r"(?:培训|参训|参加(?:培训)?|人员)[^,;。]{0,8}|次,(?:共)?(?:培训)?",
        "人次|人|名|余人次",
        within="培训",
        without="工作人员$",
    ),
    _rule(
        "trainings",
        rf"培训(?:会|班|活动|会议)?{_END}",
        "次|场|期|场次",
        within="公开|政务",
        without="参加|参训",
    ),
    _rule(
        "trainings",
        "(?:开展|举办|组织|召开|进行)了?(?:专题|业务)?",
        "次|场|期|场次",
        after="^[^,;。]{0,16}培训",
        within="公开|政务",
        without="参加",
    ),
    _rule(
        "applications_received",
        rf"{_TAKEN}(?!复议|诉讼)[^;。]{{0,40}}?(?:申请|依申请公开|公开请求)[^,;。复诉]{{0,10}}",
        _CASES + "|条|次",
        without=_NOT_RECEIVED,
    ),
    _rule(
        "applications_received",
        rf"{_TAKEN}(?:了|过|到|共|共计|有效|公民|群众|的|、|和|办理|答复|处理)*",
        _CASES + "|条|次",
        after=r"^(?:的)?(?:有效|网上|公民)?(?:的)?(?:(?:政府|政务)?信息(?:的)?依申请公开|依申请|(?:政府|政务)?信息公开(?:的)?申请|(?:政府|政务)?公开(?:的)?申请|"
        r"公开(?:政府|政务)?信息(?:的)?申请|要求公开|申请公开|政府信息申请)",
        without=_NOT_RECEIVED,
    ),
    _rule(
        "applications_received",
        rf"{_TAKEN}(?:了|过|到|的)*(?:公民|法人|群众|相关|有关|各类|有效)*申请(?:共|共计|为|:|数量|数|了)*",
        _CASES,
        within="依申请公开|信息公开申请|公开信息申请",
        without=_NOT_RECEIVED,
    ),
    _rule(
        "applications_received",
        r"(?:依申请公开(?:政府|政务)?(?:信息|事项|申请|的|件|办件|数量|总数|总量)*|(?:信息公开|公开)(?:的)?申请(?:数量|总数|数|总量|件|受理量|受理数|收件数)*|申请公开(?:政府|政务)?信息(?:数量|数)?)"
        rf"(?:情况|方面)?[:,]?(?:全年|本年度?|今年|20\d\d年度?|我[镇乡街道局]{{1,2}}|全[镇乡]|{_SAID[3:-2]})*",
        _CASES + "|次",
        without=_NOT_RECEIVED + "|处理|予以|平台|作为|审核|审查|办理|答复|回复|提供",
    ),
    _rule(
        "applications_received",
        rf"{_TAKEN}(?:了|过|到|共|共计)*",
        _CASES,
        after=r"^(?:[,;。、)(]|$)",
        within="依申请公开|信息公开申请|公开信息申请",
        without="12345|热线|建议|提案|投诉|信访|留言|来信",
    ),
    _rule(
        "t3.handled.total",
        r"(?:办结|答复|已答复|办理答复|处理完毕)(?:了|共)*",
        "件|宗|份|起",
        within="申请",
    ),
    _rule("t3.granted_in_part.total", r"部分公开(?:的)?", "件|宗|份|起", within="申请"),
    _rule("t3.granted.total", r"(?<!不)予以公开(?:的)?", "件|宗|份|起", within="申请"),
)
"""In order: the first that fits decides."""


CHANGE = re.compile(r"(?P<more>增加|增长|上升|提高|新增|多)|(?P<less>减少|下降|降低|少)(?:了|约)*$")
ADDED = re.compile(r"(?:增加|增长|上升|减少|下降|降低)了?$")
"""Right before a number, these tell a change even where nothing is compared; 新增 may tell a total."""
COMPARED = re.compile(
    r"(?:比|较|与|同)(?:上年|去年|往年|上一年|上年度|前年|20\d\d年)|同比|环比|本年增"
)
SAME = re.compile(
    r"(?:与|同|和|较|比)(?:上年|去年|往年|上一年|前一年|历年|20\d\d年)(?:度)?(?:同期)?[^,;。]{0,8}?(?:持平|相同|一致|相当|一样|没有变化|无变化|没变|不变|无增减)"
)
APPROXIMATE = re.compile(r"(?:约|近|超|超过|逾|将近|大约|不少于|至少|余|多)$")

for _each in RULES:
    for _code in _each.about:
        if "." not in _code and _code not in FACTS:
            raise AssertionError(_code)  # a typing slip in the table above
