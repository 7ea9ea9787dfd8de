"""The editions of the form, counted by hand from the printed forms."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from reportkit.errors import FormError, UnknownAddress
from reportkit.form import EDITIONS, Edition, edition_for, load_edition
from reportkit.form import edition as edition_module
from reportkit.form.facts import FACTS


@pytest.mark.parametrize(
    ("edition", "total", "parts"), [("2021", 200, (10, 175, 15)), ("2019", 198, (22, 161, 15))]
)
def test_each_edition_has_its_cells(edition: str, total: int, parts: tuple[int, ...]) -> None:
    form = load_edition(edition)
    counts = Counter(cell.table for cell in form.cells.values())
    assert (counts["t2"], counts["t3"], counts["t4"]) == parts
    assert len(form.addresses) == len(set(form.addresses)) == total
    assert list(form.tables) == ["t2", "t3", "t4"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_cell_says_what_it_counts(edition: str) -> None:
    for address, cell in load_edition(edition).cells.items():
        assert cell.address == address == f"{cell.table}.{cell.row.code}.{cell.column.code}"
        assert cell.row.label
        assert cell.column.label
        assert cell.column.unit in ("件", "项", "元", "万元")
        assert (cell.column.type == "decimal") == (cell.column.code == "amount")
        assert (cell.column.type == "signed") == (cell.column.code == "items_change")
    labels = [cell.label for cell in load_edition(edition).cells.values()]
    assert len(set(labels)) == len(labels)


def test_labels_are_the_forms_own() -> None:
    form = load_edition("2021")
    assert form.cell("t2.charges.amount").label == "行政事业性收费 › 本年收费金额（单位：万元）"
    assert (
        form.cell("t3.refused.state_secret.enterprise").label
        == "三、本年度办理结果 › （三）不予公开 › 1.属于国家秘密 › 法人或其他组织 › 商业企业"
    )
    assert (
        form.cell("t4.litigation_direct.upheld").label == "行政诉讼 › 未经复议直接起诉 › 结果维持"
    )
    assert load_edition("2019").cell("t3.other.total").row.label == "（六）其他处理"


@pytest.mark.parametrize("edition", EDITIONS)
def test_identities(edition: str) -> None:
    form = load_edition(edition)
    counts = Counter(identity.code for identity in form.arithmetic)
    # One a column of seven; one a row (25 rows, 23 in 2019); one a route.
    rows = 25 if edition == "2021" else 23
    assert counts == {"T3-BALANCE": 7, "T3-HANDLED": 7, "T3-TOTAL": rows, "T4-TOTAL": 3}
    crossing = Counter(identity.code for identity in form.cross_year)
    second = {"Y-NORMATIVE": 2} if edition == "2021" else {"Y-ITEMS": 5}
    assert crossing == {"Y-CARRY": 7, **second}
    assert not any(term.last for identity in form.arithmetic for term in identity.terms)
    assert all(any(term.last for term in identity.terms) for identity in form.cross_year)


def test_an_identity_is_the_one_of_the_note() -> None:
    """第一项加第二项之和，等于第三项加第四项之和."""
    identity = next(i for i in load_edition("2021").arithmetic if i.code == "T3-BALANCE")
    assert [t.address for t in identity.left] == [
        "t3.received.natural_person",
        "t3.carried_in.natural_person",
    ]
    assert [t.address for t in identity.right] == [
        "t3.handled.natural_person",
        "t3.carried_forward.natural_person",
    ]


@pytest.mark.parametrize("edition", EDITIONS)
def test_outcomes_are_the_rows_that_handled_sums_up(edition: str) -> None:
    form = load_edition(edition)
    codes = [row.code for row in form.outcome_rows()]
    rows = [row.code for row in form.tables["t3"].rows]
    assert codes == rows[rows.index("granted") : rows.index("handled")]


@pytest.mark.parametrize(
    ("year", "edition"), [(2019, "2019"), (2020, "2019"), (2021, "2021"), (2030, "2021")]
)
def test_the_year_decides_the_edition(year: int, edition: str) -> None:
    assert edition_for(year).code == edition


def test_before_2019_there_was_no_national_form() -> None:
    with pytest.raises(FormError, match="2018") as caught:
        edition_for(2018)
    said = "no national form for 2018: the first is for reporting year 2019"
    assert str(caught.value) == said
    with pytest.raises(FormError, match="2020"):
        load_edition("2020")


def test_an_unknown_address_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownAddress, match=r"t3\.received\.total") as caught:
        load_edition("2021").cell("t3.recieved.total")
    assert isinstance(caught.value, KeyError)
    said = "edition 2021 has no cell 't3.recieved.total'; did you mean 't3.received.total'?"
    assert str(caught.value) == said
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("edition", EDITIONS)
def test_sections_come_in_the_forms_order(edition: str) -> None:
    sections = load_edition(edition).sections
    assert [s.code for s in sections] == ["s0", "s1", "s2", "s3", "s4", "s5", "s6"]
    assert [s.table for s in sections] == [None, None, "t2", "t3", "t4", None, None]
    assert [s.title and s.title[0] for s in sections] == [None, *"一二三四五六"]


def test_facts_that_are_cells_name_cells_of_both_editions() -> None:
    for fact in FACTS.values():
        for edition in EDITIONS:
            assert set(fact.cells) <= set(load_edition(edition).addresses)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_forms_given_are_the_forms_carried(edition: str, shared: Path) -> None:
    given = yaml.safe_load((shared / "forms" / f"edition-{edition}.yaml").read_text("utf-8"))
    form = load_edition(edition)
    for code, table in form.tables.items():
        spec = given["tables"][code]
        blocks = spec.get("blocks", [spec])
        assert [[r["code"] for r in b["rows"]] for b in blocks] == [
            [row.code for row in block.rows] for block in table.blocks
        ]
        assert [[c["label"] for c in b["columns"]] for b in blocks] == [
            [column.label for column in block.columns] for block in table.blocks
        ]
    assert [s["title"] for s in given["sections"]] == [s.title for s in form.sections]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_cell_has_an_english_label_of_its_own(edition: str) -> None:
    labels = [cell.label_en for cell in load_edition(edition).cells.values()]
    assert len(set(labels)) == len(labels)
    assert all(label.replace(" › ", "").isascii() for label in labels)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_cell_of_t2_says_how_it_is_counted(edition: str) -> None:
    for cell in load_edition(edition).tables["t2"].cells():
        assert cell.derive is not None
        assert (cell.derive.measure == "sum") == (cell.column.type == "decimal")
        assert (cell.derive.measure == "stock_change") == (cell.column.type == "signed")


@pytest.mark.parametrize("edition", EDITIONS)
def test_refusals_come_in_three_groups(edition: str) -> None:
    groups = load_edition(edition).refusals()
    paths = {group: {row.path[-1] for row in rows} for group, rows in groups.items()}
    assert paths == {
        "statutory": {"（三）不予公开"},
        "factual": {"（四）无法提供"},
        "procedural": {"（五）不予处理"},
    }
    assert [len(rows) for rows in groups.values()] == [8, 3, 5]


def test_a_row_corresponds_to_one_row_of_the_other_edition_or_none() -> None:
    new, old = load_edition("2021"), load_edition("2019")
    across = {address: new.counterpart(address, old) for address in new.addresses}
    # by hand: documents' repealed and in_force (2 x 2), charges.amount
    assert sum(there is None for there in across.values()) == 5
    assert across["t2.normative_documents.made"] == "t2.normative_documents.made"
    assert across["t3.other.other.enterprise"] == "t3.other.enterprise"
    assert old.counterpart("t3.other.enterprise", new) is None
    assert all(new.counterpart(address, new) == address for address in new.addresses)
    assert new.sources(old)["t3.other.other.total"] == ()
    assert new.sources(old)["t3.granted.total"] == ("t3.granted.total",)


def test_every_outcome_counts_in_a_row_of_every_edition() -> None:
    for one in map(load_edition, EDITIONS):
        for outcome in one.outcome_rows():
            for other in map(load_edition, EDITIONS):
                assert other.outcome_row(outcome.code) in other.outcome_rows()
    assert load_edition("2021").outcome_row("granted").code == "granted"


@pytest.mark.parametrize(
    ("outcome", "row"),
    [
        ("granted.by_post.late", "granted"),
        ("granted.by_post", "granted"),
        ("unavailable.not_held.lost.twice", "unavailable.not_held"),
        ("other.fee_overdue", "other.fee_overdue"),
        ("nothing.of_the_kind", "other.other"),
        ("grant", "other.other"),
    ],
)
def test_an_unknown_outcome_counts_in_the_row_of_its_longest_prefix(outcome: str, row: str) -> None:
    assert load_edition("2021").outcome_row(outcome).code == row


def test_an_edition_without_a_row_for_the_rest_refuses_an_unknown_outcome() -> None:
    form = load_edition("2021")
    block = form.tables["t3"].blocks[0]
    rows = tuple(replace(row, catch_all=False) for row in block.rows)
    table = replace(form.tables["t3"], blocks=(replace(block, rows=rows),))
    bare = replace(form, tables={**form.tables, "t3": table})
    with pytest.raises(FormError) as caught:
        bare.outcome_row("nothing")
    assert str(caught.value) == "edition 2021 has no row for the outcome 'nothing'"


def test_each_edition_says_who_issued_it() -> None:
    assert [load_edition(code).issued_by.split(" (")[0] for code in EDITIONS[:2]] == [
        "国办公开办函〔2019〕60号",
        "国办公开办函〔2021〕30号",
    ]


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """Return an invented edition of which a row and a column correspond to those of 2021 alone."""
    folder = Path(edition_module.__file__).parent
    for code in EDITIONS:
        name = f"edition_{code}.yaml"
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    text = (
        (folder / "edition_2021.yaml")
        .read_text("utf-8")
        .replace('edition: "2021"', 'edition: "2098"')
    )
    text = text.replace("code: other.fee_overdue,", "code: other.fee,").replace(
        """label_en: 'Other: handling fee overdue', corresponds: {"2019": other}""",
        """label_en: 'Other: handling fee overdue', corresponds: {"2021": other.fee_overdue}""",
    )
    text = text.replace(
        "label_en: Granted}", """label_en: Granted, corresponds: {"2021": null}}""", 1
    )
    (tmp_path / "edition_2098.yaml").write_text(text, "utf-8")
    (tmp_path / "edition.yaml").write_text("", "utf-8")
    (tmp_path / "edition_2098.txt").write_text("", "utf-8")
    monkeypatch.setattr(edition_module, "files", lambda _package: tmp_path)
    return load_edition("2098")


def test_a_row_corresponds_by_way_of_the_edition_that_it_names(newer: Edition) -> None:
    old, new = load_edition("2019"), load_edition("2021")
    assert newer.counterpart("t3.other.fee.total", new) == "t3.other.fee_overdue.total"
    assert newer.counterpart("t3.other.fee.total", old) == "t3.other.total"
    assert new.counterpart("t3.other.fee_overdue.total", newer) == "t3.other.fee.total"
    assert newer.counterpart("t3.granted.total", new) is None
    assert newer.counterpart("t3.granted.total", old) == "t3.granted.total"
    assert new.counterpart("t3.received.total", newer) == "t3.received.total"


def test_an_outcome_of_another_edition_counts_in_the_row_that_this_one_says(
    newer: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition_module, "EDITIONS", (*EDITIONS, newer.code))
    assert load_edition("2021").outcome_row("other.fee").code == "other.fee_overdue"
    assert load_edition("2021").outcome_row("other.fees").code == "other.other"


def test_every_file_of_an_edition_is_found(newer: Edition) -> None:
    found = sorted(edition_module._found())
    assert [code for _, code in found] == [*EDITIONS, newer.code]
    assert [year for year, _ in found][:2] == [2019, 2021]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("variants: [规范性文件]", "varaints: [规范性文件]", "did you mean 'variants'"),
        ("measure: stock,", "measure: stack,", "did you mean 'stock'"),
        (", until: repealed_on", "", "needs 'until'"),
        ("refusal: factual", "refusal: factul", "did you mean 'factual'"),
        (", label_en: Granted}", "}", "'granted' has no label_en"),
        ("to: other.other}", "to: other.others}", "other.others"),
        ("{from: 2021}", "2021 onwards", "TypeError"),
    ],
)
def test_a_slip_in_an_editions_file_is_named(
    old: str, new: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(edition_module.__file__).parent / "edition_2021.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "edition_2099.yaml").write_text(
        text.replace('edition: "2021"', 'edition: "2099"').replace(old, new, 1), "utf-8"
    )
    monkeypatch.setattr(edition_module, "files", lambda _package: tmp_path)
    with pytest.raises(FormError, match=said) as caught:
        load_edition("2099")
    assert "edition_2099.yaml" in str(caught.value)


def test_a_file_named_after_another_edition_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(edition_module.__file__).parent / "edition_2021.yaml").read_text("utf-8")
    (tmp_path / "edition_2097.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(edition_module, "files", lambda _package: tmp_path)
    with pytest.raises(FormError) as caught:
        load_edition("2097")
    assert str(caught.value) == "edition_2097.yaml: edition: '2021' in a file named after '2097'"
