"""A small invented edition, its objects and its printed tables, written out by hand."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from reportkit.errors import FormError
from reportkit.form.layout import Covered, Figure, HeadCell, LayoutPart, layout, on_grid
from reportkit.form.parsing import parse_identities, parse_sections, parse_tables
from reportkit.form.table import (
    Cell,
    Derivation,
    FormColumn,
    FormSection,
    Identity,
    Row,
    RowBlock,
    StatutoryTable,
    Term,
)

COUNT = {"register": "cases", "measure": "count", "date": "on"}
SPECS: dict[str, Any] = {
    "a": {
        "title": "甲表",
        "unit": "件",
        "type": "count",
        "note": "注",
        "rows_heading": "内容",
        "columns_heading": "情况",
        "rows": [
            {"code": "in", "label": "收到", "label_en": "Received", "path": ["一", "（一）"]},
            {
                "code": "out",
                "label": "办结",
                "label_en": "Done",
                "path": ["一", "（二）"],
                "variants": ["办理"],
                "corresponds": {"2019": "done", "2018": None},
                "derive": {**COUNT, "by": "outcome", "where": {"kind": "x"}},
                "refusal": "factual",
                "catch_all": True,
            },
            {"code": "left", "label": "结转", "label_en": "Left"},
        ],
        "columns": [
            {"code": "p", "label": "个人", "label_en": "Persons"},
            {"code": "c", "label": "公司", "label_en": "Companies", "group": "组织"},
            {"code": "o", "label": "其他", "label_en": "Others", "group": "组织", "unit": "元"},
        ],
    },
    "b": {
        "title": "乙表",
        "unit": "件",
        "type": "count",
        "rows_heading": "事项",
        "blocks": [
            {
                "heading": "第一项",
                "rows": [{"code": "x", "label": "制发", "label_en": "Made"}],
                "columns": [{"code": "n", "label": "数量", "label_en": "Number"}],
            },
            {
                "rows": [{"code": "y", "label": "收费", "label_en": "Fees"}],
                "columns": [
                    {"code": "n", "label": "次数", "label_en": "Times"},
                    {
                        "code": "m",
                        "label": "金额",
                        "label_en": "Amount",
                        "unit": "万元",
                        "type": "decimal",
                        "derive": {"register": "fees", "measure": "sum", "date": "on", "of": "sum"},
                    },
                ],
            },
        ],
    },
    "d": {
        "title": "丁表",
        "unit": "件",
        "type": "count",
        "rows": [
            {"code": "r", "label_en": "Reconsideration", "path": ["复议"]},
            {"code": "s", "label_en": "Direct", "path": ["诉讼", "直接"]},
            {"code": "t", "label_en": "After", "path": ["诉讼", "复议后"]},
        ],
        "columns": [
            {"code": "u", "label": "维持", "label_en": "Upheld"},
            {"code": "v", "label": "纠正", "label_en": "Corrected"},
        ],
    },
}


@cache
def table(code: str) -> StatutoryTable:
    """Return one of the invented tables."""
    return parse_tables(SPECS)[code]


PERSONS = FormColumn("p", "个人", "件", "count", label_en="Persons")
COMPANIES = FormColumn("c", "公司", "件", "count", "组织", "Companies")
OTHERS = FormColumn("o", "其他", "元", "count", "组织", "Others")
RECEIVED = Row("in", "收到", ("一", "（一）"), label_en="Received")
DONE = Row(
    "out",
    "办结",
    ("一", "（二）"),
    ("办理",),
    "Done",
    Derivation("cases", "count", "on", by="outcome", where=(("kind", "x"),)),
    (("2019", "done"), ("2018", None)),
    "factual",
    catch_all=True,
)
LEFT = Row("left", "结转", label_en="Left")


def test_a_table_is_what_its_file_says() -> None:
    assert table("a") == StatutoryTable(
        "a",
        "甲表",
        (RowBlock(None, (RECEIVED, DONE, LEFT), (PERSONS, COMPANIES, OTHERS)),),
        "注",
        "内容",
        "情况",
    )
    amount = FormColumn(
        "m",
        "金额",
        "万元",
        "decimal",
        label_en="Amount",
        derive=Derivation("fees", "sum", "on", of="sum"),
    )
    number = FormColumn("n", "数量", "件", "count", label_en="Number")
    times = FormColumn("n", "次数", "件", "count", label_en="Times")
    assert table("b") == StatutoryTable(
        "b",
        "乙表",
        (
            RowBlock("第一项", (Row("x", "制发", label_en="Made"),), (number,)),
            RowBlock(None, (Row("y", "收费", label_en="Fees"),), (times, amount)),
        ),
        rows_heading="事项",
    )
    assert [row.label for row in table("d").rows] == ["复议", "直接", "复议后"]
    assert list(table("a").cells())[4] == Cell("a.out.c", "a", DONE, COMPANIES)


def test_a_section_is_what_its_file_says() -> None:
    spec = {"code": "s1", "title": "一、甲", "kind": "table", "table": "a", "met_as": ["甲表"]}
    assert parse_sections([spec]) == (FormSection("s1", "一、甲", "table", "a", met_as=("甲表",)),)


def test_an_identity_has_a_term_a_cell_with_its_sign_and_year() -> None:
    def one(**line: Any) -> tuple[Identity, ...]:
        return parse_identities([{"code": "R", "table": "a", **line}], parse_tables(SPECS))

    down = one(each="column", left=["in", "-left"], right=["last out"])
    assert [identity.key for identity in down] == ["p", "c", "o"]
    assert down[0] == Identity(
        "R",
        "p",
        (Term("a.in.p", 1, last=False), Term("a.left.p", -1, last=False)),
        (Term("a.out.p", 1, last=True),),
    )
    across = one(each="row", left={"from": "p", "to": "c"}, right=["+o"])
    assert [identity.key for identity in across] == ["in", "out", "left"]
    assert across[1] == Identity("R", "out", (Term("a.out.p"), Term("a.out.c")), (Term("a.out.o"),))
    (named,) = one(each=["left"], left={"from": "c", "to": "o"}, right=["last -p"])
    assert named == Identity(
        "R", "left", (Term("a.left.c"), Term("a.left.o")), (Term("a.left.p", -1, last=True),)
    )


def _slip(place: tuple[str | int, ...], key: str, value: object) -> dict[str, Any]:
    """Return the specs of table a and b with one key set, or taken out."""

    def changed(spec: Any, path: tuple[str | int, ...]) -> Any:
        if not path:
            without = {name: each for name, each in spec.items() if name != key}
            return without if value is None else {**without, key: value}
        if isinstance(spec, list):
            return [
                changed(each, path[1:]) if n == path[0] else each for n, each in enumerate(spec)
            ]
        return {n: changed(each, path[1:]) if n == path[0] else each for n, each in spec.items()}

    specs: dict[str, Any] = changed(SPECS, place)
    return specs


@pytest.mark.parametrize(
    ("place", "key", "value", "said"),
    [
        (("a",), "titel", "x", "table a has no 'titel'; did you mean 'title'?"),
        (("a", "rows", 1), "labels", "x", "row 'out' has no 'labels'; did you mean 'label'?"),
        (
            ("a", "columns", 0),
            "kind",
            "x",
            "column 'p' has no 'kind'; known: code, corresponds, derive, group, label, label_en, type, unit",
        ),
        (("a", "rows", 0), "label_en", "", "row 'in' has no label_en"),
        (("a", "columns", 1), "label_en", None, "column 'c' has no label_en"),
        (("a",), "unit", None, "column 'p' has no unit"),
        (("a",), "type", "counts", "column 'p': type is 'counts'; did you mean 'count'?"),
        (
            ("a", "rows", 1),
            "refusal",
            "factul",
            "row 'out': refusal is 'factul'; did you mean 'factual'?",
        ),
        (
            ("a", "rows", 1, "derive"),
            "measure",
            "coun",
            "row 'out': measure is 'coun'; did you mean 'count'?",
        ),
        (
            ("a", "rows", 1, "derive"),
            "dates",
            "on",
            "row 'out': derive '' has no 'dates'; did you mean 'date'?",
        ),
        (("a", "rows", 1, "derive"), "measure", "sum", "row 'out': a sum needs 'of'"),
        (("a", "rows", 1, "derive"), "measure", "distinct", "row 'out': a distinct needs 'of'"),
        (("a", "rows", 1, "derive"), "measure", "stock", "row 'out': a stock needs 'until'"),
        (("a", "rows", 1, "derive"), "of", "sum", "row 'out': a count takes no 'of'"),
        (("a", "rows", 1, "derive"), "until", "off", "row 'out': a count takes no 'until'"),
    ],
)
def test_a_slip_is_named_with_its_place(
    place: tuple[str | int, ...], key: str, value: object, said: str
) -> None:
    with pytest.raises(FormError) as caught:
        parse_tables(_slip(place, key, value))
    assert str(caught.value) == said


def test_a_slip_of_a_section_or_an_identity_is_named() -> None:
    with pytest.raises(FormError) as caught:
        parse_sections([{"title": "一、甲", "kind": "table", "tabel": "a"}])
    assert str(caught.value) == "section '一、甲' has no 'tabel'; did you mean 'table'?"
    with pytest.raises(FormError) as caught:
        parse_sections([{"kinds": "table"}])
    assert str(caught.value) == "section '' has no 'kinds'; did you mean 'kind'?"
    with pytest.raises(FormError) as caught:
        parse_identities([{"code": "R", "table": "a", "each": "cell"}], parse_tables(SPECS))
    assert str(caught.value) == "R: 'each' is 'cell', not column, row or a list"


def _drawn(part: LayoutPart) -> list[list[str]]:
    """Return a part's rows as words: text, scope, spans and column; or a cell's address."""
    return [
        [
            f"{slot.text} {slot.scope} {slot.colspan}x{slot.rowspan}@{slot.column}"
            if isinstance(slot, HeadCell)
            else f"{slot.cell.address} {slot.colspan}@{slot.column}"
            for slot in row
        ]
        for row in (*part.head, *part.body)
    ]


def test_a_crossed_table_as_printed() -> None:
    plan = layout(table("a"))
    assert (plan.table, plan.width, plan.labels, plan.unit) == (table("a"), 6, 3, None)
    assert [_drawn(part) for part in plan.parts] == [
        [
            ["注 col 3x3@0", "情况 colgroup 3x1@3"],
            ["个人 col 1x2@3", "组织 colgroup 2x1@4"],
            ["公司 col 1x1@4", "其他 col 1x1@5"],
            [
                *("一 rowgroup 1x2@0", "（一） rowgroup 1x1@1", "收到 row 1x1@2"),
                *("a.in.p 1@3", "a.in.c 1@4", "a.in.o 1@5"),
            ],
            [
                *("（二） rowgroup 1x1@1", "办结 row 1x1@2"),
                *("a.out.p 1@3", "a.out.c 1@4", "a.out.o 1@5"),
            ],
            ["结转 row 3x1@0", "a.left.p 1@3", "a.left.c 1@4", "a.left.o 1@5"],
        ]
    ]


def test_the_last_row_may_stand_under_headings() -> None:
    spec = {**SPECS["a"], "rows": SPECS["a"]["rows"][:2]}
    body = layout(parse_tables({"a": spec})["a"]).parts[0].body
    assert [[s.text for s in row if isinstance(s, HeadCell)] for row in body] == [
        ["一", "（一）", "收到"],
        ["（二）", "办结"],
    ]


def test_the_corner_has_the_note_else_the_rows_heading() -> None:
    bare = {**SPECS["a"], "columns_heading": None}
    for note, heading, corner in (("注", "内容", "注"), (None, "内容", "内容"), (None, None, "")):
        made = parse_tables({"a": {**bare, "note": note, "rows_heading": heading}})["a"]
        head = _drawn(layout(made).parts[0])[:2]
        assert head == [
            [f"{corner} col 3x2@0", "个人 col 1x2@3", "组织 colgroup 2x1@4"],
            ["公司 col 1x1@4", "其他 col 1x1@5"],
        ]


def test_blocks_as_printed() -> None:
    plan = layout(table("b"))
    assert (plan.table, plan.width, plan.labels) == (table("b"), 3, 1)
    assert [_drawn(part) for part in plan.parts] == [
        [
            ["第一项 colgroup 3x1@0"],
            ["事项 col 1x1@0", "数量 col 2x1@1"],
            ["制发 row 1x1@0", "b.x.n 2@1"],
        ],
        [
            ["事项 col 1x1@0", "次数 col 1x1@1", "金额 col 1x1@2"],
            ["收费 row 1x1@0", "b.y.n 1@1", "b.y.m 1@2"],
        ],
    ]
    plain = parse_tables({"b": {**SPECS["b"], "rows_heading": None}})["b"]
    assert _drawn(layout(plain).parts[1])[0][0] == " col 1x1@0"


def test_rows_side_by_side_as_printed() -> None:
    plan = layout(table("d"))
    assert (plan.table, plan.width, plan.labels, plan.unit) == (table("d"), 6, 0, "件")
    assert [_drawn(part) for part in plan.parts] == [
        [
            ["复议 colgroup 2x2@0", "诉讼 colgroup 4x1@2"],
            ["直接 colgroup 2x1@2", "复议后 colgroup 2x1@4"],
            [
                *("维持 col 1x1@0", "纠正 col 1x1@1", "维持 col 1x1@2"),
                *("纠正 col 1x1@3", "维持 col 1x1@4", "纠正 col 1x1@5"),
            ],
            [
                *("d.r.u 1@0", "d.r.v 1@1", "d.s.u 1@2"),
                *("d.s.v 1@3", "d.t.u 1@4", "d.t.v 1@5"),
            ],
        ]
    ]


def test_the_grid_has_what_headings_above_cover() -> None:
    cell = next(table("a").cells())
    high, wide = HeadCell("高", "rowgroup", 1, 3, 0), HeadCell("宽", "col", 2, 2, 2)
    figure, low = Figure(cell, 1, 1), HeadCell("低", "row", 1, 1, 1)
    assert on_grid([[high, low, wide], [figure], [figure, Figure(cell, 2, 2)]]) == [
        [high, low, wide],
        [Covered(1, 0, last=False), figure, Covered(2, 2, last=True)],
        [Covered(1, 0, last=True), figure, Figure(cell, 2, 2)],
    ]
