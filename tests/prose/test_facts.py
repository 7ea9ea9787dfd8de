"""Clauses as such reports write them, and the facts that they state, or do not.

The clauses are made up; the orders of words are those that reports use.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from reportkit.prose.claims import claims_of
from reportkit.prose.stated import facts_of

YEAR = 2023
Facts = Mapping[str, int | Decimal]
APPLIED = "applications_received"
DISCLOSED, PORTAL, WECHAT, WEIBO = (
    "disclosed_items",
    "portal_items",
    "wechat_items",
    "weibo_items",
)
RECONSIDERED, SUED = "reconsiderations", "litigations"
NEITHER: Facts = {RECONSIDERED: 0, SUED: 0}
NONE: Facts = {}


def facts(text: str) -> Facts:
    return facts_of(claims_of({"s1": text}, YEAR), YEAR)[0]


NOTHING_CAME: dict[str, Facts] = {
    # an application: every verb, object and order
    "未收到申请公开政府信息的申请。": {APPLIED: 0},
    "我局未收到和处理政府信息公开申请。": {APPLIED: 0},
    "本年未收到依申请。": {APPLIED: 0},
    "全年未收到、未受理政府信息公开申请。": {APPLIED: 0},
    "没有接到公民、法人或者其他组织要求公开政府信息的申请。": {APPLIED: 0},
    "无依申请公开件。": {APPLIED: 0},
    "暂无依申请公开事项。": {APPLIED: 0},
    "未产生依申请公开业务。": {APPLIED: 0},
    "本镇尚未收到政府信息公开申请，答复率无从计算。": {APPLIED: 0},
    "不存在依申请公开情况。": {APPLIED: 0},
    "依申请公开：无": {APPLIED: 0},
    "依申请公开情况：无。": {APPLIED: 0},
    "依申请公开方面，全年没有收到。": {APPLIED: 0},
    "依申请公开政府信息情况。本年度无。": {APPLIED: 0},
    "（二）依申请公开。2023年，我镇没有收到此类申请。": {APPLIED: 0},
    "（二）依申请公开\n全年未收到相关申请。": {APPLIED: 0},
    "依申请公开0件。": {APPLIED: 0},
    "依申请公开零件次。": {APPLIED: 0},
    "收到依申请公开零件。": {APPLIED: 0},
    "收到政府信息公开申请0件次。": {APPLIED: 0},
    "共收到0件政府信息公开申请。": {APPLIED: 0},
    "共收到、办理依申请公开0件，其中当面申请0件，信函申请0件。": {APPLIED: 0},
    "受理答复依申请公开信件0件。": {APPLIED: 0},
    "2023年政府信息公开申请数量为0件。": {APPLIED: 0},
    "依申请公开工作：今年收到0件，办结0件。": {APPLIED: 0},
    "未收到政府信息公开申请，未发生行政复议、行政诉讼。": {APPLIED: 0, **NEITHER},
    "未收到政府信息公开申请、行政复议和行政诉讼。": {APPLIED: 0, **NEITHER},
    "未收到依申请公开，行政复议2件，行政诉讼1件。": {APPLIED: 0, RECONSIDERED: 2, SUED: 1},
    "依申请公开0条，行政复议0次，行政诉讼0次。": NEITHER,
    # not a zero: narrowed, of another thing, or only half of it
    "未收到网上申请。": NONE,
    "年末没有在办的申请，答复样式供次年使用。": NONE,
    "年底没有正在办理中的政府信息公开申请。": NONE,
    "没有逾期未答复的政府信息公开申请。": NONE,
    "未办理依申请公开。": NONE,
    "无结转上年的政府信息公开申请。": NONE,
    "未收到对依申请公开答复的投诉。": NONE,
    "未对申请人收取任何费用，依申请公开渠道畅通。": {"fee_collected_yuan": 0},
    # reconsideration and litigation: both orders, one alone, described ones
    "没有发生行政诉讼和行政复议。": NEITHER,
    "未发生行政诉讼、行政复议、申诉等情况。": NEITHER,
    "行政复议、行政诉讼均未发生。": NEITHER,
    "政府信息公开行政复议、行政诉讼情况：无。": NEITHER,
    "无政府信息公开行政复议和行政诉讼。": NEITHER,
    "全年零复议、零诉讼。": NEITHER,
    "未发生依申请公开方面的行政复议和行政诉讼。": NEITHER,
    "未因政府信息公开被申请行政复议、被提起行政诉讼。": NEITHER,
    "未发生因政府信息公开引起的举报、行政复议或者行政诉讼案件。": NEITHER,
    "没有因依申请公开引发的行政复议。": {RECONSIDERED: 0},
    "未被提起行政诉讼。": {SUED: 0},
    "行政复议0件，行政诉讼0件。": NEITHER,
    "行政诉讼、行政复议均为0件。": NEITHER,
    "无行政复议被纠错情况。": NONE,
    "行政诉讼无败诉。": NONE,
    "未发生行政复议、行政诉讼败诉情况。": NONE,
    "依申请公开引发行政复议2件、行政诉讼0件。": {RECONSIDERED: 2, SUED: 0},
    "因政府信息公开引起2件行政复议，1件行政诉讼。": {RECONSIDERED: 2, SUED: 1},
    "行政复议、行政诉讼分别为3件、1件。": {RECONSIDERED: 3, SUED: 1},
    "全年承办行政复议案件35件，行政应诉12件。": NONE,
    "行政复议3件，其中维持2件，尚未审结1件。": {RECONSIDERED: 3},
    # documents, fees, events, proposals
    "未制发行政规范性文件。": {"normative_documents_made": 0},
    "本年未新制定规范性文件。": {"normative_documents_made": 0},
    "没有出台行政规范性文件。": {"normative_documents_made": 0},
    "无规范性文件出台。": {"normative_documents_made": 0},
    "未废止规范性文件。": NONE,
    "未收取依申请公开信息处理费。": {"fee_collected_yuan": 0},
    "收取信息处理费0元。": {"fee_collected_yuan": 0},
    "信息处理费收取情况：无。": {"fee_collected_yuan": 0},
    "未组织政府开放日活动。": {"open_days": 0},
    "未承办人大建议和政协提案。": {"npc_proposals": 0, "cppcc_proposals": 0},
    "没有收到人大代表建议、政协委员提案。": {"npc_proposals": 0, "cppcc_proposals": 0},
}

APPLICATIONS: dict[str, Facts] = {
    "共收到12件信息依申请公开，其中10件按时答复，余下2件结转下年度。": {APPLIED: 12},
    "收到有效政府信息公开申请8件，其中信函3件，网络5件。": {APPLIED: 8},
    "共受理依申请公开14件（其中信函申请10件，网络申请4件），已办结12件。": {APPLIED: 14},
    "受理1件公民依申请公开。": {APPLIED: 1},
    "收到政府信息公开申请一件，已按期答复。": {APPLIED: 1},
    "新收政府信息公开申请6宗，上年结转1宗。": {APPLIED: 6},
    "接到要求公开政府信息的申请3份。": {APPLIED: 3},
    "收到申请公开政府信息的申请5条，均已答复。": {APPLIED: 5},
    "（二）依申请公开情况。全年收到3件，按期答复3件。": {APPLIED: 3},
    "全年依申请公开共7件。": {APPLIED: 7},
    "收到政府信息公开申请9件，同比增加3件。": {APPLIED: 9},
    "收到政府信息公开申请9件，上年为6件。": {APPLIED: 9},
    "收到政府信息公开申请9件，较2022年的6件增加3件。": {APPLIED: 9},
    "办理依申请公开5件。": NONE,
    "答复政府信息公开申请5件。": NONE,
    "按时办结依申请公开5件。": NONE,
    "自2018年以来累计收到政府信息公开申请46件。": NONE,
    "收到救助申请35件。": NONE,
    "收到网络申请3件。": NONE,
    "收到举报投诉申请3件，未予处理。": NONE,
}

PUBLISHED: dict[str, Facts] = {
    "全年主动公开政府信息120条。": {DISCLOSED: 120},
    "主动公开各类政务信息共计120条。": {DISCLOSED: 120},
    "公开各类政府信息总数为120条。": {DISCLOSED: 120},
    "全年累计公开信息120条，涵盖动态80条、公告40条。": {DISCLOSED: 120},
    "政府信息主动公开数量为120条。": {DISCLOSED: 120},
    "共主动公开120条政府信息。": {DISCLOSED: 120},
    "主动公开本镇信息120篇。": {DISCLOSED: 120},
    "主动公开云溪镇人民政府信息57条：公告4条，动态53条。": {DISCLOSED: 57},
    "截至2023年12月31日，全年主动公开政府信息88条。": {DISCLOSED: 88},
    "主动公开政府信息120条，较2022年的90条增加30条，微信公众号发布60条。": {
        DISCLOSED: 120,
        WECHAT: 60,
    },
    "主动公开政府信息32条，包括领导信息1条、2022年信息公开年报1条，微信公众号推送20条。": {
        DISCLOSED: 32,
        WECHAT: 20,
    },
    "主动公开政府信息120余条。其中网站发布政府信息47条，公开环境保护信息5条，公开信息50条。": {
        PORTAL: 47
    },
    "在政府官网上主动公开街道信息423条，其中机构信息3条。还通过“云溪发布”公众号，发布信息977条。": {
        DISCLOSED: 423,
        PORTAL: 423,
        WECHAT: 977,
    },
    "通过政府网站、信息公开平台，主动公开各类政府信息273条。": {DISCLOSED: 273},
    "利用网站、公众号、公示栏等渠道主动公开信息300条。": {DISCLOSED: 300},
    "加强政府网站建设，全年主动公开政府信息120条。": {DISCLOSED: 120},
    "规范信息公开平台管理，共公开政府信息120条。": {DISCLOSED: 120},
    "主动公开政府信息200条，其中政府网站120条，政务公开栏80条。": {DISCLOSED: 200, PORTAL: 120},
    "政府网站发布信息120条，微信公众号发布信息60条，微博发布信息20条，共公开信息200条。": {
        DISCLOSED: 200,
        PORTAL: 120,
        WECHAT: 60,
        WEIBO: 20,
    },
    "“活力云溪”微信公众号常态运营，全年发布信息502篇。": {WECHAT: 502},
    "政府网站和微信公众号分别发布信息584条、267条。": {PORTAL: 584, WECHAT: 267},
    "在政府网站、微信公众号、微博分别公开信息30条、20条、10条。": {
        PORTAL: 30,
        WECHAT: 20,
        WEIBO: 10,
    },
    "微信订阅号发布信息579条。": {WECHAT: 579},
    "官方微博推送信息33条。": {WEIBO: 33},
    # a channel, a section, a category or another thing
    "经政府信息公开平台公开信息93条，政府网站公开信息508条，微信公众号公开信息42条。": {
        PORTAL: 508,
        WECHAT: 42,
    },
    "专栏发布359条，微信公众号发布1088条。": {WECHAT: 1088},
    "门户网站概况类1495条。": NONE,
    "在政府门户网站部门动态发布信息32条，信息公开栏目发布信息43条。": NONE,
    "在省政府采购网公开信息7条。": NONE,
    "在党政网发布动态11条，其他媒体7条。": NONE,
    "手机APP公开信息35条。": NONE,
    "村务公示栏公开信息40条。": NONE,
    "公示栏公开政府信息40条，电子屏公开信息12条。": NONE,
    "抖音号发布信息66条。": NONE,
    "公开财政预决算信息5条，重点领域信息8条。": NONE,
    "免于公开信息0条。": NONE,
    "不予公开政府信息3条。": NONE,
    "未公开信息2条。": NONE,
    "依申请公开信息2条。": NONE,
    "发布政策解读信息12条。": NONE,
    "公众号发布政策解读12条。": NONE,
    "微信群发布通知300条。": NONE,
    "网站开通以来累计公开信息4500条。": NONE,
    "栏目自2019年开设至今共发布信息880条。": NONE,
    "截至目前网站累计公开信息4500条。": NONE,
    "平台共发布交易信息2934条。": NONE,
    "2022年主动公开政府信息88条，2021年77条。": {DISCLOSED: 88},
    "上年主动公开政府信息88条。": NONE,
    "主动公开信息  条。": NONE,
}

OTHERS: dict[str, Facts] = {
    "办理12345政务服务便民热线工单3612件。": {"hotline_replies": 3612},
    "承办12345市民热线交办件210件次。": {"hotline_replies": 210},
    "接诉即办工单1200件。": NONE,
    "12345接诉即办平台办理1200件。": NONE,
    "12366纳税服务热线答复咨询300件。": NONE,
    "接听12315热线45件。": NONE,
    "承办建议提案34件。": NONE,
    "办理人大代表建议5件、政协委员提案3件。": {"npc_proposals": 5, "cppcc_proposals": 3},
    "人大建议、政协提案分别为5件、3件。": {"npc_proposals": 5, "cppcc_proposals": 3},
    "办理人大代表建议和政协提案共8件。": NONE,
    "承办5件人大代表建议，3件政协提案。": {"npc_proposals": 5, "cppcc_proposals": 3},
    "2件、政协提案4件逐件定人。": {"cppcc_proposals": 4},
    "举办政府开放日活动2场。": {"open_days": 2},
    "组织政务公开业务培训4场次，培训120人次。": {"trainings": 4, "training_participants": 120},
    "参加上级政务公开培训3次。": NONE,
    "制发行政规范性文件2件，废止1件，现行有效6件。": {"normative_documents_made": 2},
    "现行有效的行政规范性文件6件。": NONE,
}

TABLE = {**NOTHING_CAME, **APPLICATIONS, **PUBLISHED, **OTHERS}


@pytest.mark.parametrize("clause", TABLE)
def test_a_clause_states_these_facts_and_no_other(clause: str) -> None:
    assert facts(clause) == TABLE[clause]
