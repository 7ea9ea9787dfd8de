"""Blocks: their data go out and come back whole, and nothing else is taken for a block."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest

from reportkit.blocks import (
    BLOCK,
    KINDS,
    AnyBlock,
    Block,
    Chart,
    ForeignHtml,
    FormTable,
    Handed,
    Heading,
    Lineage,
    Note,
    Origin,
    Picture,
    Portion,
    Roster,
    Table,
    TableColumn,
    parse_block,
)
from reportkit.errors import BlockRefused
from reportkit.form import load_edition
from tests.export.conftest import DOSSIERS, ran
from tests.pictures import JPEG

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="4"><path d="M0 0h5"/></svg>'


def of_notebooks() -> Iterator[Any]:
    """Yield the data of every block that the master notebook shows."""
    for name in DOSSIERS:
        for cell in ran(name, "internal").cells:
            for output in cell.get("outputs", ()):
                if BLOCK in output.data:
                    yield output.data[BLOCK]


OWN: list[Block] = [
    Heading("附：说明"),
    Lineage(
        "各项合计的构成",
        (
            Origin(
                "t3.received.total",
                "收到",
                None,
                3,
                5,
                (Portion("甲镇", "jia.html", 3),),
                unknown=(Portion("乙镇", "", None),),
                unknown_count=1,
            ),
            Origin("t2.charges.amount", "收费", Decimal("1.5"), None, None, (), 2, Decimal("1.5")),
        ),
        ("说明。",),
    ),
    Roster(
        "报送情况",
        (
            Handed("甲镇", "镇", "jia.html", "reported", date(2022, 2, 3), date(2022, 1, 31)),
            Handed("乙镇", "镇", "", "absent", None, date(2022, 1, 31), ("应催报",)),
        ),
        "2个单位中1个有报告。",
    ),
    Picture("image/svg+xml", SVG, "图"),
    ForeignHtml(
        "<p>甲</p>", Table("表", (TableColumn("项", "text"), TableColumn("数")), (("甲", 1),))
    ),
    Chart(title="图", description="图", spec={"mark": "bar", "data": {"values": [{"a": 1.5}]}}),
]


def test_every_kind_goes_out_and_comes_back() -> None:
    seen = set()
    for body in [*of_notebooks(), *(block.to_json() for block in OWN)]:
        block = parse_block(json.loads(json.dumps(body)))
        assert block.to_json() == body
        assert parse_block(block.to_json()) == block
        assert block.html() or block.opens
        seen.add(type(block))
    assert seen == set(KINDS) == set(get_args(AnyBlock))


def test_amounts_stay_exact_and_unknown_is_not_zero() -> None:
    table = Table(
        "表",
        (TableColumn("项", "text"), TableColumn("元")),
        (("甲", Decimal("12.350")), ("乙", None), ("丙", 0)),
    )
    again = parse_block(json.loads(json.dumps(table.to_json())))
    assert isinstance(again, Table)
    assert again.rows == (("甲", Decimal("12.35")), ("乙", None), ("丙", 0))
    assert list(again.data["元"]) == [Decimal("12.35"), None, 0]
    assert '<td class="unknown">—</td>' in again.html()
    assert '<td class="zero">0</td>' in again.html()


def test_a_table_of_the_form_gives_its_cells_as_a_frame() -> None:
    bodies = [body for body in of_notebooks() if body["kind"] == "form_table"]
    block = parse_block(next(body for body in bodies if body["table"] == "t3"))
    assert isinstance(block, FormTable)
    frame = block.data
    wanted = [cell.address for cell in load_edition(block.edition).tables["t3"].cells()]
    assert list(frame["address"]) == wanted
    assert dict(zip(frame["address"], frame["value"], strict=True)) == dict(block.cells)
    assert block.previous is not None


def changed(kind: str, **changes: Any) -> dict[str, Any]:
    body = next(body for body in of_notebooks() if body["kind"] == kind)
    return {**json.loads(json.dumps(body)), **changes}


FORGED = {
    "no data": "<script>",
    "another version": {"schema": "reportkit.block/2", "kind": "note", "text": "x"},
    "no kind": {"schema": "reportkit.block/1", "text": "x"},
    "an unknown kind": {"schema": "reportkit.block/1", "kind": "script", "text": "x"},
    "a key too many": {"schema": "reportkit.block/1", "kind": "note", "text": "x", "html": "<b>"},
    "a key missing": {"schema": "reportkit.block/1", "kind": "note"},
    "a number for a text": {"schema": "reportkit.block/1", "kind": "note", "text": 5},
    "half a character": {"schema": "reportkit.block/1", "kind": "note", "text": "\ud800"},
    "not a number": {"schema": "reportkit.block/1", "kind": "note", "text": float("nan")},
    "a row too short": {
        "schema": "reportkit.block/1",
        "kind": "table",
        "caption": "表",
        "columns": [{"label": "甲"}],
        "rows": [[1, 2]],
    },
    "a binary float": {
        "schema": "reportkit.block/1",
        "kind": "table",
        "caption": "表",
        "columns": [{"label": "甲"}],
        "rows": [[0.1]],
    },
    "a chart without a drawing": {
        "schema": "reportkit.block/1",
        "kind": "chart",
        "title": "",
        "description": "",
    },
    "no picture": {
        "schema": "reportkit.block/1",
        "kind": "picture",
        "media_type": "image/png",
        "body": "AAAA",
    },
}


@pytest.mark.parametrize("body", FORGED.values(), ids=FORGED)
def test_what_is_no_block_is_refused(body: object) -> None:
    with pytest.raises(BlockRefused):
        parse_block(body)


def test_a_table_of_the_form_holds_what_the_form_allows() -> None:
    whole = changed("form_table")
    address = next(iter(whole["cells"]))
    for cells in (
        {**whole["cells"], address: "1.5"},
        {**whole["cells"], address: True},
        {a: v for a, v in whole["cells"].items() if a != address},
        {**whole["cells"], "t9.x.y": 1},
    ):
        with pytest.raises(BlockRefused):
            parse_block({**whole, "cells": cells})
    for changes in ({"edition": "1999"}, {"table": "t9"}, {"title": "别的标题"}, {"section": "s1"}):
        with pytest.raises(BlockRefused):
            parse_block({**whole, **changes})


def test_a_sketch_is_drawn_in_the_charts_colours_alone() -> None:
    body = changed("chart")
    body["sketch"]["words"][0][3] = "url(https://example.invalid)"
    with pytest.raises(BlockRefused, match="colour"):
        parse_block(body)


def test_foreign_html_is_sanitised_whoever_makes_the_block() -> None:
    block = parse_block(
        {
            "schema": "reportkit.block/1",
            "kind": "foreign_html",
            "body": "<b onclick=x()>甲</b><script>",
        }
    )
    assert "onclick" not in block.html()
    assert "<script" not in block.html()
    picture = Picture(
        "image/svg+xml", SVG.replace("<path", "<script>x()</script><path onload='x()'")
    )
    assert "x()" not in picture.html()
    assert 'viewBox="0 0 5 4"' in picture.html()


@pytest.mark.parametrize("length", [3, 20, 90])
def test_a_picture_that_is_cut_is_no_picture(length: int) -> None:
    whole = b64decode(JPEG)
    assert Picture("image/jpeg", JPEG).content == whole
    with pytest.raises(ValueError, match="damaged"):
        Picture("image/jpeg", b64encode(whole[:length]).decode())


def test_a_picture_without_a_side_is_no_picture() -> None:
    nothing = bytearray(b64decode(JPEG))
    at = nothing.index(b"\xff\xc0") + 5
    nothing[at : at + 2] = bytes(2)
    with pytest.raises(ValueError, match="damaged"):
        Picture("image/jpeg", b64encode(nothing).decode())


def test_text_in_a_block_stays_text() -> None:
    assert Note("<b>&").html() == '<p class="plain">&lt;b&gt;&amp;</p>'


def test_a_county_block_links_beside_its_page_alone_and_prints_what_is_late() -> None:
    lineage, board = OWN[1], OWN[2]
    assert '<a href="jia.html">甲镇</a>' in lineage.html()
    assert "不能确定（3至5）" in lineage.html()
    assert "2022-02-03，逾期3天" in board.html()
    assert isinstance(board, Roster)
    assert board.internal
    assert board.table.lines[1][-1] == "应催报"
    body = json.loads(json.dumps(lineage.to_json()))
    body["origins"][0]["largest"][0]["page"] = "javascript:alert(1)"
    with pytest.raises(BlockRefused, match="no page of the same folder"):
        parse_block(body)
