"""Fill in a register workbook as a town would: ``python fill.py 台账.xlsx``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

ROWS: dict[str, list[dict[str, Any]]] = {
    "单位信息": [
        {
            "单位编号": "qinghe",
            "单位名称": "清禾镇",
            "所属县市区": "示例县",
            "单位类别": "镇",
            "示例数据": "是",
        }
    ],
    "登记范围": [
        {"台账": "主动公开台账", "起始年度": 2025},
        {"台账": "依申请公开台账", "起始年度": 2025},
    ],
    "主动公开台账": [
        {
            "编号": "G2025-001",
            "标题": "公布2025年财政预算",
            "公开渠道": "政府网站",
            "公开日期": date(2025, 2, 3),
        },
        {
            "编号": "G2025-001",
            "标题": "公布2025年财政预算",
            "公开渠道": "公示栏",
            "公开日期": date(2025, 2, 4),
        },
        {
            "编号": "G2025-002",
            "标题": "防汛值班安排",
            "公开渠道": "微信公众号",
            "公开日期": "2025年6月8日",
        },
    ],
    "依申请公开台账": [
        {
            "申请编号": "2025-001",
            "收到日期": date(2025, 3, 3),
            "申请人类型": "自然人",
            "答复日期": date(2025, 3, 20),
            "办理结果": "（一）予以公开",
        },
        {"申请编号": "2025-002", "收到日期": "2025-12-15", "申请人类型": "商业企业"},
    ],
    "文字部分": [
        {
            "年度": 2025,
            "部分": "五、存在的主要问题及改进情况",
            "顺序": 1,
            "内容": "公开栏更新不及时，由专人按月检查。",
        },
        {
            "年度": 2025,
            "部分": "六、其他需要报告的事项",
            "顺序": 1,
            "内容": "2025年没有收取信息处理费。",
        },
    ],
}


def main(path: Path) -> None:
    """Append the rows below each sheet's headings."""
    book = openpyxl.load_workbook(path)
    for name, rows in ROWS.items():
        headings = [str(cell.value) for cell in book[name][1]]
        for row in rows:
            assert row.keys() <= set(headings), name
            book[name].append([row.get(heading) for heading in headings])
    book.save(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
