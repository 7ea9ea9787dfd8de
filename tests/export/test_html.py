"""The report's page: whole, small, escaped, without a script, the same bytes each time."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from reportkit.errors import PublicRefused, ReportFileError, RunError
from reportkit.export.html import embedded, render_html, style
from reportkit.form import load_edition
from tests import dossiers
from tests.export.conftest import ran, shown
from tests.markup import document
from tests.notebooks import MASTER, executed

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one pixel."""

GOLDEN = Path(__file__).parent / "golden"
PAGES = [
    f"{name}-{audience}"
    for name in ("full", "edition-2019", "bare", "faulty")
    for audience in ("public", "internal")
]


@pytest.mark.parametrize("name", PAGES)
def test_golden_pages(name: str, pages: dict[str, str], tmp_path: Path) -> None:
    """Page by page, without the style sheet, the inside of drawings and the data under seal; see golden/README.md."""
    page = re.sub(r"<style>.*?</style>", "<style></style>", pages[name], flags=re.DOTALL)
    page = re.sub(r"<svg .*?</svg>", "<svg></svg>", page, flags=re.DOTALL)
    page = re.sub(r"<template .*?</template>", "<template></template>", page, flags=re.DOTALL)
    wanted = GOLDEN / f"{name}.html"
    made = tmp_path / wanted.name
    made.write_text(page, "utf-8")
    assert wanted.is_file(), f"no golden page: look at {made} and copy it to {wanted}"
    assert page == wanted.read_text("utf-8"), f"the page is now {made}: see golden/README.md"


@pytest.mark.parametrize("name", PAGES)
def test_it_is_chinese_and_asks_nothing_of_any_network(name: str, pages: dict[str, str]) -> None:
    page = pages[name]
    tree = document(page)
    assert tree.get("lang") == "zh-CN"
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert not tree.xpath("//script|//link|//iframe|//object|//embed|//base")
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    assert not tree.xpath("//@src|//@srcset|//@background|//@action|//@style")
    assert all(href.startswith("#") for href in tree.xpath("//@href"))
    assert "http" not in page.replace("http-equiv", "")
    assert "url(" not in page.replace("url(#", "")


@pytest.mark.parametrize("name", PAGES)
def test_headings_tables_and_pictures_can_be_read_aloud(name: str, pages: dict[str, str]) -> None:
    tree = document(pages[name])
    assert len(tree.xpath("//h1")) == 1
    assert all(table.xpath("./caption") for table in tree.iter("table"))
    assert all(th.get("scope") for th in tree.iter("th"))
    pictures = tree.xpath("//*[@role='img']")
    assert all(picture.get("aria-label") for picture in pictures)
    assert all(svg.getparent().get("role") == "img" for svg in tree.iter("svg"))
    ids = tree.xpath("//@id")
    assert len(set(ids)) == len(ids)
    targets = [href[1:] for href in tree.xpath("//a/@href")]
    assert targets
    assert set(targets) <= set(ids)
    assert set(tree.xpath("//@aria-labelledby")) <= set(ids)


@pytest.mark.parametrize("name", PAGES)
def test_the_forms_sections_in_order(name: str, pages: dict[str, str]) -> None:
    form = load_edition("2019" if "2019" in name else "2021")
    tree = document(pages[name])
    headings = [h2.text_content() for h2 in tree.xpath("//section/h2")]
    assert headings == [section.title for section in form.sections if section.title]
    listed = [a.text_content() for a in tree.xpath("//nav//a")]
    assert listed == headings


def test_sizes(pages: dict[str, str]) -> None:
    page = pages["full-public"]
    drawings = re.findall(r"<figure class=\"chart\">.*?</figure>", page, re.DOTALL)
    assert len(drawings) == 3
    assert len(page.encode()) <= 60_000
    assert sum(len(drawing.encode()) for drawing in drawings) <= 30_000
    sheet = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert sheet is not None
    assert len(sheet[1].encode()) <= 8_000


def test_the_public_page_tells_nothing_of_the_findings(pages: dict[str, str]) -> None:
    page = pages["faulty-public"]
    for word in ("校验", "错误", "REGISTER-ROW", "applications.csv", "未计入", "内部核对"):
        assert word not in page
    assert "<strong>草稿</strong>" in page
    assert '@top-right{content:"草稿　示例数据"}' in page


def test_the_internal_page_says_so_and_links_findings_with_cells(pages: dict[str, str]) -> None:
    tree = document(pages["faulty-internal"])
    assert tree.xpath("//aside[@class='band']")[0].text == "内部核对稿"
    marked = tree.xpath("//td[@id='t3.granted.total']/sup/a/@href")
    assert marked
    assert all(tree.xpath(f"//li[@id='{href[1:]}']") for href in marked)
    back = tree.xpath("//li[@id='finding-1']/ancestor::aside//a/@href")
    assert "#t3.granted.total" in back


def test_a_public_draft_is_refused_unless_it_may_be_one() -> None:
    with pytest.raises(PublicRefused, match=r"baishigou 2023.*--audience internal"):
        render_html(ran("faulty"))
    assert "草稿" in render_html(ran("faulty"), draft=True)
    assert "草稿" in render_html(ran("faulty", "internal"))


def test_same_notebook_same_bytes_whatever_counts_and_ids() -> None:
    first, second = ran("full"), ran("full")
    for number, cell in enumerate(second.cells):
        cell.id = f"other-{number}"
        if cell.cell_type == "code":
            cell.execution_count = 900 + number
            cell.source = "# somebody's own words"
            cell.outputs = [
                new_output("stream", name="stderr", text="a warning"),
                *({**output, "execution_count": 900} for output in cell.outputs),
            ]
    assert render_html(nbformat.from_dict(second)) == render_html(first)


def test_it_survives_a_round_trip_through_the_file() -> None:
    nb = ran("full")
    text = nbformat.writes(nb)
    assert render_html(nbformat.reads(text, as_version=4)) == render_html(nb)


def exporter(**traits: Any) -> Any:
    """Return the exporter that nbconvert finds by its entry point."""
    return get_exporter("reportkit")(**traits)  # type: ignore[no-untyped-call]


def test_nbconvert_finds_the_exporter_and_gives_the_same_bytes() -> None:
    made = exporter()
    body, resources = made.from_notebook_node(ran("full"))
    assert body == render_html(ran("full"))
    assert resources["output_extension"] == ".html"
    with pytest.raises(PublicRefused):
        made.from_notebook_node(ran("faulty"))
    allowed = exporter(draft=True)
    assert "草稿" in allowed.from_notebook_node(ran("faulty"))[0]


def test_a_template_of_ones_own_prints_the_same_page(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "conf.json").write_text("{}")
    (folder / "index.html.j2").write_text("{{ page.title }}|{{ page.parts | length }}")
    made = exporter(template_name="plain", extra_template_basedirs=[str(tmp_path)])
    body, _ = made.from_notebook_node(ran("full"))
    assert body.strip() == "示例县白石沟镇2023年政府信息公开工作年度报告|6"


def test_a_notebook_without_a_report_is_refused() -> None:
    with pytest.raises(ReportFileError, match="run it first"):
        embedded(nbformat.read(MASTER, as_version=4))


def test_a_notebook_that_failed_is_refused() -> None:
    nb = ran("full")
    nb.cells[5].outputs = [new_output("error", ename="KeyError", evalue="x", traceback=[])]
    with pytest.raises(RunError, match="cell 6 of the notebook failed: KeyError"):
        render_html(nb)


def test_embedded_gives_back_the_report() -> None:
    page = shown(dossiers.faulty(), "internal")
    held = embedded(executed(page))
    assert held.report == page.report
    assert (held.audience, held.draft) == ("internal", ("有尚未处理的错误",))


def test_cells_of_ones_own_are_shown() -> None:
    nb = ran("full")
    picture = base64.b64encode(PNG).decode()
    nb.cells += [
        new_markdown_cell("## 附：说明\n\n自己写的*一段*。"),
        new_code_cell(
            outputs=[
                new_output("display_data", {"image/png": picture, "text/plain": "x"}),
                new_output("display_data", {"text/html": "<p>表<script>alert(1)</script></p>"}),
                new_output("display_data", {"text/plain": "<Figure size>"}),
            ]
        ),
        new_markdown_cell("只给编辑看。", metadata={"tags": ["aside"]}),
    ]
    tree = document(render_html(nb))
    last = tree.xpath("//section")[-1]
    assert last.xpath("./h2")[0].text == "附：说明"
    assert last.xpath(".//em")[0].text == "一段"
    assert tree.xpath("//nav//a")[-1].get("href") == f"#{last.xpath('./h2/@id')[0]}"
    assert last.xpath(".//img/@src") == [f"data:image/png;base64,{picture}"]
    assert not tree.xpath("//script")
    assert "Figure" not in last.text_content()
    assert "只给编辑看" not in tree.text_content()


HOSTILE = st.text(alphabet="<>&\"'`/\\={}%#[]()!*_-~|:;镇年a1 \n\t\u2028\u202e", max_size=60)


@given(name=HOSTILE.filter(str.strip), text=HOSTILE, message=HOSTILE)
def test_whatever_stands_in_the_data_stays_text(name: str, text: str, message: str) -> None:
    """Names, prose and findings of any content add no element, no attribute and no heading."""
    whole = dossiers.bare()  # no charts: they take their time
    finding = dossiers.FOUND[0].model_copy(update={"message": message})
    report = whole.report.with_(
        town=whole.report.town.model_copy(update={"name": name, "issuer": name}),
        sections={"s0": "前言", "s1": "一", "s5": text, "s6": "六"},
        findings=(finding,),
    )
    page = render_html(executed(shown(replace(whole, report=report), "internal")), draft=True)
    tree = document(page)
    assert not tree.xpath("//script|//img|//iframe|//@onerror|//@src")
    assert not [a for a in tree.xpath("//@href") if a.lower().startswith(("javascript", "data"))]
    assert len(tree.xpath("//h1")) == 1
    assert len(tree.xpath("//section")) == 6
    heading = " ".join(tree.xpath("//h1")[0].text_content().split())
    assert heading.endswith("2021年政府信息公开工作年度报告")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[点我](javascript:alert(1))",
        "[点我](JaVaScRiPt:alert(1))",
        "[点我](data:text/html;base64,PHNjcmlwdD4=)",
        "<javascript:alert(1)>",
        "![图](https://example.invalid/pixel.png)",
        '<a href="javascript:alert(1)">x</a>',
        "</section></main><h1>别的标题</h1>",
        "```\n</code><script>alert(1)</script>\n```",
    ],
)
def test_attacks_in_prose_are_words(attack: str) -> None:
    whole = dossiers.bare()
    report = whole.report.with_(sections={**whole.report.sections, "s5": attack})
    tree = document(
        render_html(executed(shown(replace(whole, report=report), "public")), draft=True)
    )
    assert not tree.xpath("//script|//img|//@onerror")
    assert all(not a.lower().startswith(("javascript", "data")) for a in tree.xpath("//@href"))
    assert len(tree.xpath("//h1")) == 1
    assert len(tree.xpath("//main")) == 1


def test_headings_in_prose_rank_below_the_forms() -> None:
    whole = dossiers.bare()
    text = "一段。\n\n# 大标题\n\n## 中标题\n\n### 小标题"
    report = whole.report.with_(sections={**whole.report.sections, "s5": text})
    tree = document(
        render_html(executed(shown(replace(whole, report=report), "public")), draft=True)
    )
    assert len(tree.xpath("//section")) == 6
    assert [h.text for h in tree.xpath("//section//h3")] == ["大标题", "中标题", "小标题"]


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _themes() -> list[dict[str, str]]:
    sheet = str(style("base.css"))
    light, dark = sheet.split("@media screen and (prefers-color-scheme:dark)")
    themes = []
    for text in (light, dark):
        colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", text))
        themes.append(
            {
                k: v if len(v) == 7 else "#" + "".join(c * 2 for c in v[1:])
                for k, v in colours.items()
            }
        )
    return themes


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_contrast_is_aa(theme: int) -> None:
    colours = _themes()[theme]
    for ground in ("paper", "wash"):
        for ink in ("ink", "soft", "zero", "red"):
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert _contrast(colours["on"], colours["red"]) >= 4.5
    for shape in ("bar", "granted", "part", "refused", "unavailable", "unprocessed", "other"):
        assert _contrast(colours[shape], colours["paper"]) >= 3, shape
    assert _contrast(colours["zero"], colours["paper"]) < _contrast(
        colours["ink"], colours["paper"]
    )
