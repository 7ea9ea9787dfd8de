"""Claim rules: which words of the prose speak of which fact or cell. Data, no walk.

A rule looks at the words before a number (its lead), the unit behind it and the words after that.
The first rule that fits decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportkit.form.facts import FACTS

COUNT = "件|条|份|宗|起|例|个|次|项|篇|期"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which the prose states a number."""

    about: tuple[str, ...]
    """Fact codes or cell addresses. Several: only a zero can be said of all of them at once."""
    lead: re.Pattern[str]
    units: frozenset[str]
    after: re.Pattern[str] | None = None
    without: re.Pattern[str] | None = None
    """Words in the lead that make it another thing."""
    within: re.Pattern[str] | None = None
    """Words that the sentence, or the one before, must hold."""

    def fits(self, lead: str, unit: str, after: str, context: str) -> bool:
        """Say whether a number with these words around it is what the rule is about."""
        return (
            unit in self.units
            and self.lead.search(lead) is not None
            and not (self.without and self.without.search(lead))
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
) -> Rule:
    return Rule(
        tuple(about.split()),
        re.compile(f"(?:{lead})$"),
        frozenset(units.split("|")),
        re.compile(after) if after else None,
        re.compile(without) if without else None,
        re.compile(within) if within else None,
    )


_END = "[^,;。、其]{0,8}"
_ITEMS = "条|篇|件|余条"
_NOT_OURS = "其中|不予|部分公开|依申请|处罚|强制|许可|投诉|举报|建议|提案|解读|回应|阅读|浏览|点击|关注|粉丝|培训"

RULES: tuple[Rule, ...] = (
    _rule(
        "reconsiderations litigations",
        rf"行政复议(?:案件|申请)?[、和及,或](?:提起)?(?:行政)?诉讼{_END}",
        COUNT,
    ),
    _rule("reconsiderations", rf"行政复议{_END}", COUNT, without="诉讼[^,;。]*$"),
    _rule("litigations", rf"诉讼{_END}", COUNT),
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
        without="政协|其中|公开",
    ),
    _rule(
        "npc_proposals",
        "(?:办理|承办|收到|答复|办结)(?:县|区|市|镇|省)?",
        "件|条",
        after="^人大(?:代表)?(?:建议|议案|意见)",
    ),
    _rule(
        "cppcc_proposals",
        rf"政协(?:委员)?(?:的)?提案{_END}",
        "件|条|份|个",
        without="人大|其中|公开",
    ),
    _rule(
        "cppcc_proposals",
        "(?:办理|承办|收到|答复|办结)?(?:县|区|市|镇|省)?",
        "件|条",
        after="^政协(?:委员)?提案",
    ),
    _rule(
        "hotline_replies",
        r"(?:12345|热线|民生服务平台)[^;。]{0,22}",
        "件|条|个|起|次|宗|份",
        without="公众号|网站|微博|办结率|满意率",
    ),
    _rule("open_days", rf"开放日{_END}", "次|场|期|场次"),
    _rule("open_days", "(?:开展|举办|组织|举行)了?", "次|场|期|场次", after="^[^,;。]{0,8}开放日"),
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
        r"(?:收到|接到|受理|接收|新收)(?!复议|诉讼)[^;。]{0,40}?(?:申请|依申请公开)[^,;。复诉]{0,10}",
        "件|宗|份|起|例|次|个",
        without="结转|不予|办结|答复|其中|撤|逾期|复议|诉讼|网络|信函|当面|平台",
    ),
    _rule(
        "applications_received",
        r"(?:依申请公开(?:政府)?(?:信息|事项|申请)?|(?:信息公开|公开)申请)(?:情况)?[:,]?[^,;。:复诉]{0,10}",
        "件|宗|份|起|例|次|个",
        without="结转|不予|办结|答复|其中|撤|逾期|复议|诉讼|处理|予以|网络|信函|当面",
    ),
    _rule(
        "wechat_items",
        r"(?:微信|公众号)[^,;。、:]{0,24}",
        _ITEMS,
        without="(?:关注|粉丝|阅读|浏览|点赞|解读|回应|视频号|微博|网站)[^,;。]*$",
    ),
    _rule(
        "weibo_items",
        r"微博[^,;。、:]{0,20}",
        _ITEMS,
        without="(?:关注|粉丝|阅读|浏览|点赞|解读|回应|微信|网站)[^,;。]*$",
    ),
    _rule(
        "portal_items",
        r"(?:政府|门户|政务|县|区|市|镇)(?:门户)?网站?[^,;。、:]{0,26}",
        _ITEMS,
        without=r"(?:点击|浏览|访问|回应|解读|微信|微博|留言|子网站主动公开政府采购|主动公开(?:各类)?(?:政府|政务)?信息|抖音|栏)[^,;。]*$",
    ),
    _rule(
        "disclosed_items",
        r"(?:主动公开|主动发布|公开|发布)(?:了)?(?:各类|各项|全部|相关)?(?:政府|政务|机关|本镇|镇)?(?:公开)?(?:类)?(?:信息|内容)(?:共|共计|累计|总计|合计|数|总数|数量|总量|为|达|约|计|有|:)*",
        _ITEMS,
        without=_NOT_OURS
        + r"|(?:微信|公众号|微博|抖音|公示栏|公开栏|宣传栏|电子屏|专栏|媒体)[^,;。]*$",
    ),
    _rule(
        "disclosed_items",
        r"(?:主动公开|累计公开|共公开|累计发布|共发布)(?:共|累计|了|约)*",
        _ITEMS,
        without=_NOT_OURS.replace("其中|", "")
        + r"|(?:微信|公众号|微博|抖音|公示栏|公开栏|宣传栏|电子屏)[^,;。]*$",
    ),
    _rule(
        "disclosed_items",
        r"(?:主动公开|主动发布|公开|发布)(?:了)?(?:共|各类|累计)*",
        _ITEMS,
        after="^(?:政府|政务|各类|相关)*(?:公开)?信息",
        without=_NOT_OURS + r"|(?:微信|公众号|微博|抖音|公示栏|公开栏|宣传栏|电子屏|网)[^,;。]*$",
    ),
    _rule(
        "disclosed_items",
        r"(?:政府|政务)信息公开(?:共|共计|累计|总计|合计|数|总数|数量|总量|为|达|约|计|:)*",
        _ITEMS,
        without=_NOT_OURS
        + r"|(?:微信|公众号|微博|抖音|公示栏|公开栏|宣传栏|电子屏|专栏|媒体)[^,;。]*$",
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


@dataclass(frozen=True, slots=True)
class Zero:
    """Words that say in so many words that there was none."""

    about: tuple[str, ...]
    words: re.Pattern[str]


_NONE = r"(?:未|没有|无|零|不曾|尚未|暂无|均未)(?:曾|再)?(?:收到|接到|接收到|接收|受理|发生|产生|出现|引发|存在|有|因|涉及|提起)*"

ZEROS: tuple[Zero, ...] = (
    Zero(
        ("applications_received",),
        re.compile(
            rf"{_NONE}(?:任何|过|关于|公民|法人|其他组织|和|或|其它|个人|企业|形式的|单位|社会|群众|、|提出的?|有关|的|申请人|对本?(?:镇|乡|街道))*"
            r"(?:政府|政务)?(?:信息)?(?:依申请公开|公开申请|依申请|申请公开)(?:公开)?(?:的|政府|政务|信息|事项|件|申请|要求|情况|相关|条|案件|公开|业务|及|或|和|、)*(?=$|[,;。.!(])"
        ),
    ),
    Zero(
        ("applications_received",),
        re.compile(
            r"(?:未|没有|无)(?:收到|接到|受理)?(?:任何)?(?:政府|政务)信息公开(?:的)?(?:申请|要求)(?:事项|件)?(?=$|[,;。.!(])"
        ),
    ),
    Zero(
        ("reconsiderations", "litigations"),
        re.compile(
            r"(?:未|没有|无|零)(?:发生|产生|出现|引发|收到|因|有|被|提起)*[^,;。]{0,24}行政复议(?:案件|申请|情况)?(?:、|和|及|或|以及|或者|,)(?:被)?(?:提起)?(?:的)?(?:行政)?诉讼"
        ),
    ),
    Zero(
        ("reconsiderations",),
        re.compile(
            r"(?:未|没有|无|零)(?:发生|产生|出现|引发|收到|因|有|被|提起)*[^,;。、]{0,20}行政复议(?:案件|申请|情况|事项)?(?=$|[,;。.(])"
        ),
    ),
    Zero(
        ("litigations",),
        re.compile(
            r"(?:未|没有|无|零)(?:发生|产生|出现|引发|收到|因|有|被|提起)*[^,;。、复]{0,20}行政诉讼(?:案件|情况|事项)?(?=$|[,;。.(])"
        ),
    ),
    Zero(
        ("normative_documents_made",),
        re.compile(r"(?:未|没有)(?:制定|制发|出台|印发)(?:任何)?(?:行政)?规范性文件"),
    ),
    Zero(
        ("open_days",),
        re.compile(
            r"(?:未|没有)(?:举办|开展|组织|举行)过?[^,;。]{0,8}开放日(?:活动)?(?=$|[,;。.!(])"
        ),
    ),
    Zero(
        ("trainings",),
        re.compile(
            r"(?:未|没有)(?:举办|开展|组织|召开)过?[^,;。]{0,6}(?:政务|信息)公开[^,;。]{0,6}培训(?=$|[,;。.!(])"
        ),
    ),
    Zero(
        ("fee_collected_yuan",),
        re.compile(
            r"(?:未|没有|无)(?:收取|产生)?(?:任何)?(?:政府信息公开)?(?:信息处理|相关|任何)?费(?:用)?(?:收取)?(?:情况)?(?=$|[,;。.(])"
        ),
    ),
    Zero(
        ("npc_proposals",),
        re.compile(
            r"(?:未|没有|无)(?:承办|收到|办理|涉及)?(?:县|区|市)?人大(?:代表)?(?:的)?(?:建议|提案|议案)"
        ),
    ),
    Zero(
        ("cppcc_proposals",),
        re.compile(r"(?:未|没有|无)(?:承办|收到|办理|涉及)?(?:县|区|市)?政协(?:委员)?(?:的)?提案"),
    ),
    Zero(
        ("npc_proposals", "cppcc_proposals"),
        re.compile(
            r"(?:未|没有|无)(?:承办|收到|办理|涉及)?(?:县|区|市)?人大(?:代表)?(?:建议|议案|提案)?(?:、|和|及|或)政协(?:委员)?提案"
        ),
    ),
)

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
