"""Whose report, of which year, and from where that is known."""

from __future__ import annotations

import pytest

from reportkit.prose.bodies import kind_of
from reportkit.published import PublishedReport
from reportkit.published.divisions import split_name
from tests.published.judging import read_one

BODY = "一、总体情况\n全年主动公开政府信息12条。\n"


@pytest.mark.parametrize(
    ("title", "name", "year", "kind"),
    [
        ("西柳镇人民政府2023年政府信息公开工作年度报告", "西柳镇人民政府", 2023, "town"),
        ("2022年度螅镇政府信息公开工作年度报告", "螅镇", 2022, "town"),
        ("大路镇人民政府2019年信息公开年度报告", "大路镇人民政府", 2019, "town"),
        ("海阳市二十里店镇 2021 年 政府信息公开工作年度报告", "二十里店镇", 2021, "town"),
        ("鶴城鎮人民政府2023年政府信息公開工作年度報告", "鶴城鎮人民政府", 2023, "town"),
        ("文昌阁乡二〇二一年政府信息公开工作年度报告", "文昌阁乡", 2021, "township"),
        (
            "荔湾区人民政府南源街道办事处2020年政府信息公开工作年度报告",
            "南源街道办事处",
            2020,
            "subdistrict",
        ),
        ("保康县农业农村局政府信息公开工作2021年年度报告", "农业农村局", 2021, "department"),
        ("桃园开发区管委会2023年信息公开工作年度报告", "桃园开发区管委会", 2023, None),
        (
            "2022年政府信息公开工作年度报告\n桃江县松木塘镇人民政府",
            "松木塘镇人民政府",
            2022,
            "town",
        ),
    ],
)
def test_titles(title: str, name: str, year: int, kind: str | None) -> None:
    read = read_one(f"{title}\n{BODY}")
    town = read.report.town
    assert (town.name, read.report.year, town.kind) == (name, year, kind)
    assert town.id is None
    assert read.year_from == "正文标题"


def _messages(read: PublishedReport) -> str:
    return "；".join(problem.message for problem in read.problems)


def test_two_years_in_two_titles_are_a_problem_and_no_guess() -> None:
    page = (
        "<html><head><title>云河镇2022年政府信息公开工作年度报告</title></head>"
        f"<body><h1>云河镇2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>{BODY}</p></body></html>"
    )
    read = read_one(page)
    assert read.report.year is None
    assert "年度互相矛盾" in _messages(read)
    assert "2022" in _messages(read)
    assert "2023" in _messages(read)


def test_the_period_beside_the_title() -> None:
    period = "统计期限自2022年1月1日起至2022年12月31日止。\n"
    read = read_one(f"云河镇2023年政府信息公开工作年度报告\n{period}{BODY}")
    assert read.report.year == 2023
    assert "统计期限为2022年" in _messages(read)
    read = read_one(f"政府信息公开工作年度报告\n{period}{BODY}")
    assert (read.report.year, read.year_from) == (2022, "统计期限")


def test_file_names_and_site_titles() -> None:
    read = read_one(BODY, "云河镇2020年政府信息公开工作年度报告.txt")
    assert (read.report.town.name, read.report.year) == ("云河镇", 2020)
    assert (read.name_from, read.year_from) == ("文件名", "文件名")
    page = f"<html><head><title>云河镇2020年政府信息公开工作年度报告-云河县人民政府</title></head><body><p>一、总体情况</p><p>{BODY}</p></body></html>"
    read = read_one(page)
    assert (read.report.town.name, read.report.year) == ("云河镇", 2020)
    assert read.name_from == "网页标题"


def test_what_no_one_says_is_not_guessed() -> None:
    read = read_one("政府信息公开工作年度报告\n一、总体情况\n全年主动公开政府信息12条。\n")
    assert read.report.year is None
    assert read.report.town.name == ""
    assert read.report.edition is None
    assert "没有读到报告年度" in _messages(read)
    assert "没有读到单位名称" in _messages(read)


def test_sections_without_menus_contents_and_footers() -> None:
    contents = "目录\n一、总体情况\n五、存在的主要问题及改进情况\n六、其他需要报告的事项\n"
    read = read_one(
        f"云河镇2022年政府信息公开工作年度报告\n本报告依据条例编制。\n{contents}{BODY}"
        "五、存在的主要问题及改进措施\n更新不够及时。\n六、其他需要报告的事项\n无。\n"
        "上一篇：2021年政府信息公开工作年度报告\n版权所有：云河县人民政府\n"
    )
    assert read.report.sections["s1"] == "全年主动公开政府信息12条。"
    assert read.report.sections["s5"] == "更新不够及时。"
    assert read.report.sections["s6"] == "无。"


@pytest.mark.parametrize(
    ("printed", "name", "county", "province"),
    [
        ("杭州市滨江区长河街道", "长河街道", "滨江区", "浙江省"),
        ("四川省成都市武侯区浆洗街街道办事处", "浆洗街街道办事处", "武侯区", "四川省"),
        ("湖北省保康县农业农村局", "农业农村局", "保康县", "湖北省"),
        ("无锡市锡山区人民政府厚桥街道", "厚桥街道", "锡山区", "江苏省"),
        ("重庆市綦江区关坝镇人民政府", "关坝镇人民政府", "綦江区", "重庆市"),
        ("彭水苗族土家族自治县龙塘乡", "龙塘乡", "彭水苗族土家族自治县", ""),
        ("定西市公共资源交易中心", "公共资源交易中心", "定西市", "甘肃省"),
        ("下城区天水街道办事处", "天水街道办事处", "下城区", ""),
        ("龙游县人民政府办公室", "龙游县人民政府办公室", "龙游县", ""),
        ("海阳市人民政府", "海阳市人民政府", "", ""),
        ("桃园开发区管委会", "桃园开发区管委会", "", ""),
        ("市市场监督管理局", "市市场监督管理局", "", ""),
        ("城市管理局", "城市管理局", "", ""),
        ("城关镇", "城关镇", "", ""),
        ("市南区八大关街道", "八大关街道", "市南区", ""),
        ("云河市青山区红旗街道办事处", "红旗街道办事处", "青山区", ""),
        ("云河市白水区财政局", "财政局", "白水区", ""),
        ("云河省白水市青云县红旗乡", "红旗乡", "青云县", "云河省"),
        ("河北省云河市白水区人民政府红旗街道", "红旗街道", "白水区", "河北省"),
        ("云河市青山区人民政府", "青山区人民政府", "云河市", ""),
        ("云河市社区服务中心", "社区服务中心", "云河市", ""),
        ("云河市工业园区管理委员会", "工业园区管理委员会", "云河市", ""),
        ("云河市示范区管理委员会", "示范区管理委员会", "云河市", ""),
    ],
)
def test_names_are_divided(printed: str, name: str, county: str, province: str) -> None:
    divided = split_name(printed)
    assert (divided.name, divided.county, divided.province) == (name, county, province)


SAID = {
    "现将云溪镇2022年政府信息公开工作报告如下。": "云溪镇",
    "现公布云溪县信访局2022年度政府信息公开工作年度报告。": "云溪县信访局",
    "本报告由信访局编制。": "信访局",
    "本年报由云溪区教育局办公室按条例编制。": "云溪区教育局",
    "本报告由云溪街道党政办公室综合科编制。": "云溪街道",
    "本报告反映2022年云溪街道各科室的公开工作。": "云溪街道",
    "2022年，云溪镇人民政府认真贯彻条例。": "云溪镇人民政府",
    "如有疑问，请与云溪街道办事处党政办公室联系。": "云溪街道办事处",
    "云溪镇人民政府": "云溪镇人民政府",
    "现将我镇2022年政府信息公开工作报告如下。": "",
    "依据《云溪镇2021年政府信息公开工作年度报告》编制。": "",
    "全镇各部门认真贯彻条例，各乡镇街道积极配合。": "",
    "现将云溪镇2022年政府信息公开工作报告如下。本报告由民政局编制。": "",
}


@pytest.mark.parametrize("text", SAID)
def test_names_that_the_text_says(text: str) -> None:
    read = read_one(f"2022年政府信息公开工作年度报告\n{text}\n{BODY}")
    assert read.report.town.county + read.report.town.name == SAID[text]


def test_the_sign_off_names_the_body() -> None:
    read = read_one(
        f"政府信息公开工作年度报告\n{BODY}五、存在的主要问题及改进情况\n更新慢。\n"
        "六、其他需要报告的事项\n无。\n云溪镇人民政府\n2023年1月16日\n"
    )
    assert (read.report.town.name, read.name_from) == ("云溪镇人民政府", "落款")


def test_the_county_stands_elsewhere_in_the_text() -> None:
    read = read_one(
        f"面甸镇2022年政府信息公开工作年度报告\n如有疑问，请与建水县面甸镇人民政府联系。\n{BODY}"
    )
    assert (read.report.town.county, read.report.town.name) == ("建水县", "面甸镇")


@pytest.mark.parametrize(
    "name",
    [
        "云溪镇",
        "云溪街道办",
        "云溪街",
        "云溪乡人民政府",
        "云溪县民政局",
        "云溪县",
        "云溪管委会",
        "云溪县人民政府办公室",
        "云溪办事处",
        "云溪区卫生健康委员会",
        "云溪村民委员会",
        "云溪市",
    ],
)
def test_read_and_check_know_one_kind(name: str) -> None:
    read = read_one(f"{name}2022年政府信息公开工作年度报告\n{BODY}").report.town
    assert read.kind == kind_of(read.model_copy(update={"kind": None}))
