"""Whose report, of which year, and from where that is known."""

from __future__ import annotations

import pytest

from reportkit.published import PublishedReport
from tests.published.judging import read_one

BODY = "一、总体情况\n全年主动公开政府信息12条。\n"


@pytest.mark.parametrize(
    ("title", "name", "year", "kind"),
    [
        ("西柳镇人民政府2023年政府信息公开工作年度报告", "西柳镇人民政府", 2023, "town"),
        ("2022年度螅镇政府信息公开工作年度报告", "螅镇", 2022, "town"),
        ("大路镇人民政府2019年信息公开年度报告", "大路镇人民政府", 2019, "town"),
        ("海阳市二十里店镇 2021 年 政府信息公开工作年度报告", "海阳市二十里店镇", 2021, "town"),
        ("鶴城鎮人民政府2023年政府信息公開工作年度報告", "鶴城鎮人民政府", 2023, "town"),
        ("文昌阁乡二〇二一年政府信息公开工作年度报告", "文昌阁乡", 2021, "township"),
        (
            "荔湾区人民政府南源街道办事处2020年政府信息公开工作年度报告",
            "荔湾区人民政府南源街道办事处",
            2020,
            "subdistrict",
        ),
        ("保康县农业农村局政府信息公开工作2021年年度报告", "保康县农业农村局", 2021, "department"),
        ("桃园开发区管委会2023年信息公开工作年度报告", "桃园开发区管委会", 2023, None),
        (
            "2022年政府信息公开工作年度报告\n桃江县松木塘镇人民政府",
            "桃江县松木塘镇人民政府",
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
