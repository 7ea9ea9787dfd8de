"""Channels: through what a number of published items went out, and whether it is the whole.

A website, an account, a column or a category is never the whole of what a body published. Only
words that name the information as such, with no channel around them, state the whole; a single
government website does so where the words are those of the law (主动公开) and nothing else does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

ChannelKind = Literal["portal", "wechat", "weibo", "platform", "other"]

FACT_OF: dict[ChannelKind, str] = {
    "portal": "portal_items",
    "wechat": "wechat_items",
    "weibo": "weibo_items",
}
"""The channels that have a fact of their own."""

_PATTERNS: tuple[tuple[ChannelKind, str], ...] = (
    ("other", r"微信(?:工作|居民|村民|业主)?群|QQ群|居民群|工作群|视频号|短视频号?"),
    ("wechat", r"(?:政务)?微信(?:公众|订阅|服务|公共)?(?:平台|账号|号)*|公众号|订阅号|公众平台"),
    ("weibo", r"(?:政务|官方|新浪|腾讯)*微博"),
    (
        "other",
        (
            r"采购网|采购平台|(?:政务)?服务网|党政网|党建网|党务网|新闻网|人民网|新华网|新华社|信用网站?|信用中国|公示网|"
            r"公共资源[^,;。、]{0,6}网|监管网|两微一端|云平台|(?:政务)?新媒体|自媒体|融媒体?|媒体|抖音|快手|头条(?:号)?|"
            r"直播|APP|App|app|客户端|小程序|报刊|报纸|日报|晚报|时报|杂志|期刊|广播|喇叭|电视台?|学习强国|公报|简报|"
            r"发布会|公示牌|展板|横幅|标语|传单|宣传[单册页栏]|手册|明白纸|明白卡|公开信(?!息)|电子屏|显示屏|大屏|LED|触摸屏|"
            r"(?:公示|公开|宣传|公告|信息|村务|党务|财务|政务|阅报)栏|栏目|专栏|专区|专题|版块|板块|模块|频道|子站|窗口|"
            r"档案馆|图书馆|查阅[点室处]|村(?:务)?公开|居务公开|公开墙"
        ),
    ),
    (
        "platform",
        (
            r"(?:政府|政务)?信息公开(?:目录|平台|系统|网站?|专网)|(?:政务|政府)?公开(?:平台|系统|网站?)|"
            r"平台|信息网(?!站)|系统"
        ),
    ),
    (
        "portal",
        r"(?:政府|政务|门户|官方|信息|[省州市县区镇乡街道局])+网站?(?:群)?|官网|网站|网页|(?<=[省市县区州])人民政府网",
    ),
)
_CHANNEL = re.compile("|".join(f"(?P<k{i}>{p})" for i, (_, p) in enumerate(_PATTERNS)))
_THROUGH = re.compile(
    r"通过|利用|依托|借助|运用|经由?|依靠|使用|以|在|于|用|充分发挥|发挥|由|向|登录|借用"
)
_BUILT = re.compile(
    r"^(?:等)?(?:的)?(?:平台|信息|内容|栏目)*(?:的)?(?:建设|管理|维护|运维|运行|运营|整合|改版|升级|监管|监测|监督|普查|检查|自查|审核|优化|整改|保障|责任|工作)"
)
"""Behind a channel's name, these speak of the channel itself and of nothing that went through it."""
_PUBLISHES = re.compile(
    r"^(?:共|累计|合计|全年|今年|本年度?|年内|及时|主动|依法|集中|共计|总共|总计|已|并|对外|原创|20\d\d年度?|,)*"
    r"(?:发布|推送|推出|转发|更新|刊发|编发|公开|发表|推广|宣传|公布|刊登|推文|发文|发送|上传|制作)"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The channels that the words before a number speak of."""

    kinds: frozenset[ChannelKind]
    rest: str
    """The words between the last channel and the number."""
    direct: bool = True
    """Whether a channel stands in the number's own clause, or its clause ends with one."""

    @property
    def only(self) -> ChannelKind | None:
        """The one channel, where there is but one."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else None


_NO_SCOPE = Scope(frozenset(), "")


def channels_in(text: str) -> list[tuple[ChannelKind, int, int]]:
    """Return the channels that a text names, with where each starts and ends."""
    return [
        (_PATTERNS[int((match.lastgroup or "k0")[1:])][0], match.start(), match.end())
        for match in _CHANNEL.finditer(text)
    ]


@lru_cache(maxsize=1 << 10)
def scope_of(lead: str) -> Scope:
    """Return the channels that the number behind ``lead`` went through.

    ``lead`` is the text since the number before. A channel counts in the number's own clause; in an
    earlier one only if that clause says that it was used, or the number's clause goes on with
    what it published.

    >>> sorted(scope_of("通过政府网站、公示栏,主动公开信息").kinds), scope_of("加强网站建设,公开信息").kinds
    (['other', 'portal'], frozenset())
    """
    named = channels_in(lead)
    if not named:
        return _NO_SCOPE
    own = max(lead.rfind(mark) for mark in ",:") + 1
    here = [n for n in named if n[1] >= own and not _BUILT.match(lead[n[2] :])]
    if here:
        start = max(lead.rfind(mark, 0, here[0][1]) for mark in ",:") + 1
        # a list of channels may run over commas: 通过网站,微信公众号,公示栏公开信息
        before = [n for n in named if n[1] < start and lead[n[2] : start] in (",", "、")]
        return Scope(frozenset(n[0] for n in (*before, *here)), lead[here[-1][2] :])
    clauses = [0, *(m.end() for m in re.finditer("[,:]", lead))]
    for begin, stop in zip(reversed(clauses[:-1]), reversed(clauses[1:]), strict=True):
        inside = [n for n in named if begin <= n[1] < stop and not _BUILT.match(lead[n[2] :])]
        if not inside:
            if _THROUGH.match(lead[begin:stop]) or begin == 0:
                break
            continue
        used = _THROUGH.search(lead[begin : inside[0][1]])
        if used or re.fullmatch(r"[”\"等』」]*[,:]", lead[inside[-1][2] : stop]):
            return Scope(frozenset(n[0] for n in inside), lead[inside[-1][2] :])
        if _PUBLISHES.match(lead[own:]):
            return Scope(frozenset(n[0] for n in inside), lead[own:], direct=False)
        break
    return _NO_SCOPE


_COUNT = r"(?:的)?(?:共计|共有|共|累计|总计|合计|总条数|总数量|总数|总量|条数|数量|数|量|为|达到|达|有|是|约|计|:|了)*"
_WHOSE = (
    r"(?:各类别?|各项|各种|各|全部|所有|相关|有关|有效|应公开|法定|基层|(?:本|我|全)[镇乡街道局县区市办委单位]{1,2}|"
    r"政府|政务|党务|村务|机关|行政|镇|乡|街道|局|部门|公开类?|类|的|和|、|[一-龥]{1,10}?(?:镇|乡|街道|局|委|办|人民政府|办事处))*"
)
_INFORMATION = r"(?:信息|内容|事项)"
_VERB = r"(?<!不)(?<!未)(?<!拟)(?<!免于)(?<!不予)(?<!申请)(?<!予以)(?:公开发布|公开|发布|公布|公示)"
_STRONG = re.compile(
    rf"主动(?:对外|向社会)?(?:公开|发布|公布|公示)(?:了)?(?:的)?{_WHOSE}{_INFORMATION}{_COUNT}$"
)
_STRONG_BARE = re.compile(
    r"(?:主动公开(?:了)?|(?:累计|共|共计|总共)(?:对外)?(?:公开|发布)(?:了)?)(?:共计|共|累计|合计|总计|了)*$"
)
_NOUN = re.compile(
    rf"(?:(?:政府|政务)信息|信息)(?:的)?主动公开{_COUNT}$|主动公开(?:政府|政务)?(?:信息)?(?:的)?(?:总)?(?:条数|数量|总数|总量|数){_COUNT}$"
)
_PLAIN = re.compile(rf"{_VERB}(?:了)?(?:的)?{_WHOSE}{_INFORMATION}{_COUNT}$")
_PLAIN_NOUN = re.compile(rf"(?:政府|政务)信息公开{_COUNT}$")
_NEWS = re.compile(rf"主动公开(?:情况|方面)?[:,].*{_VERB}(?:了)?(?:工作|政务)?动态类?信息{_COUNT}$")
"""All that a heading 主动公开 is followed by, where it is the site's news."""
_BEFORE_NOUN = re.compile(
    r"(?<!不)(?<!未)(?<!免于)(?<!不予)(?:公开|发布)(?:了)?(?:共计|共|各类|累计|合计|了)*$"
)
_NOUN_BEHIND = re.compile(
    r"^(?:各类|相关|的)*(?:政府|政务)?(?:公开)?(?:类)?信息(?![一-龥]{0,4}申请)"
)
_ITEM_UNITS = frozenset(("条", "篇", "件", "则"))
_WHOLE_UNITS = _ITEM_UNITS | {"项", "个", "份"}
_ALL = re.compile(r"全年|累计|共|总|合计|本年度|今年|20\d\d年")
_NOT_INFORMATION = re.compile(
    r"不予|部分公开|免于|依申请(?!公开外)|处罚|强制|许可|投诉|举报|解读|回应|阅读|浏览|点击|访问|关注|粉丝|培训|留言|咨询|答复|线索"
)
_FIELD = re.compile(r"(?<!主动公开)(?<!信息公开)(?<!公开)(?:方面|领域|类别?)[:,、]?")


_WIDER = re.compile(r"全[省市县区州盟旗]")
_OWN_SHARE = re.compile(
    r"[^。;；]{0,12}[,，;；](?:其中)?(?:我|本)(?:镇|乡|街道?|局|单位|办|委)[^。\d]{0,12}\d"
)
"""Behind a number of a whole county, the body's own: 全区公开1000条,我镇57条."""


def strength_of(lead: str, after: str, unit: str) -> int:
    """Say how surely a number's words state all that was published: 3 to 1; 0 where they do not.

    ``lead`` reaches back to the number before; channels are looked at by :func:`scope_of`.
    """
    clause = re.split("[,:]", lead.removesuffix(":"))[-1]
    others = _WIDER.search(clause) and _OWN_SHARE.match(after)
    if others or "其中" in lead or unit not in _WHOLE_UNITS or _NOT_INFORMATION.search(clause):
        return 0
    if _STRONG.search(lead) or _NOUN.search(lead):
        return 3
    if unit not in _ITEM_UNITS:
        return 0
    behind = _NOUN_BEHIND.match(after) is not None
    if _STRONG_BARE.search(lead) and (behind or "主动公开" in clause):
        return 3
    if (_BEFORE_NOUN.search(lead) and behind) or (_STRONG_BARE.search(lead) and unit == "条"):
        return 3 if "主动" in clause else 2
    return _plain_strength(lead)


def _plain_strength(lead: str) -> int:
    """Do the same for words that do not say that it was of the body's own accord."""
    if is_news(lead):
        return 1
    if not (_PLAIN.search(lead) or _PLAIN_NOUN.search(lead)):
        return 0
    if _ALL.search(lead):
        return 2
    return 0 if _FIELD.search(lead) else 1


def is_news(lead: str) -> bool:
    """Say whether a heading on proactive disclosure is followed by a site's news and nothing else."""
    return _NEWS.search(lead) is not None


_PORTAL_REST = re.compile(
    rf"^(?:上|中|里|平台|等|”|\"|全年|今年|本年度?|20\d\d年度?|年内|共计|共|累计|总计|合计|主动|及时|依法|集中|已|对外|全文|新|实际|,|:|公开|发布|更新|"
    rf"推送|上传|公示|公布|登载|刊登|发文|转发|发表|上网|录入|报送|编发|了|信息公开|{_WHOSE}|信息|内容|文章|稿件|文稿|消息)*{_COUNT}$"
)
_OWN_REST = re.compile(
    r"解读|回应|评论|留言|咨询|关注|粉丝|阅读|浏览|点赞|点击|转发量|访问|公示|通告|栏|群|类(?!信息|内容)|抖音|视频"
)
_OWN_UNITS = frozenset(("条", "篇", "件", "则", "余条"))


def channel_fact(scope: Scope, unit: str) -> str | None:
    """Return the fact that a number of one channel states; ``None`` where it is a part of one."""
    if scope.only is None or unit not in _OWN_UNITS or (code := FACT_OF.get(scope.only)) is None:
        return None
    if scope.only == "portal":
        return code if _PORTAL_REST.match(scope.rest) else None
    return None if _OWN_REST.search(scope.rest) else code
