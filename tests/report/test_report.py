"""TownReport travels as JSON and by pickle, whole; what is no report is refused with its place."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.errors import ReportFileError
from reportkit.finding import LEVELS, Finding, Place
from reportkit.form import EDITIONS, Cells, load_edition
from reportkit.form.facts import FACTS
from reportkit.report import KINDS, Town, TownReport, json_schema

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["云溪镇", "“引号”", "\\", '"', "行\n行", "\u2028", "🏛"]
)
WHOLE = st.integers(-(10**24) + 1, 10**24 - 1) | st.integers(0, 50)
AMOUNTS = st.decimals(-(10**15), 10**15, places=6)


def _value(kind: str) -> st.SearchStrategy[Any]:
    return AMOUNTS if kind == "decimal" else WHOLE


@st.composite
def cells(draw: st.DrawFn, edition: str) -> Cells:
    form = load_edition(edition)
    chosen = draw(st.sets(st.sampled_from(form.addresses), max_size=8))
    return Cells(form, {a: draw(_value(form.cells[a].column.type)) for a in sorted(chosen)})


FINDINGS = st.builds(
    Finding,
    code=WORDS,
    level=st.sampled_from(LEVELS),
    message=WORDS,
    cells=st.lists(WORDS, max_size=2).map(tuple),
    left=st.none() | WHOLE | AMOUNTS,
    right=st.none() | WHOLE | AMOUNTS,
    basis=WORDS,
    place=st.none()
    | st.builds(
        Place, register=st.none() | WORDS, row=st.none() | st.integers(1, 10**6), value=WORDS
    ),
)
TOWNS = st.builds(
    Town,
    id=st.none() | WORDS,
    name=WORDS,
    county=WORDS,
    kind=st.none() | st.sampled_from([*KINDS]),
    delegated=st.none() | st.sampled_from([(), ("licensing",), ("penalties", "coercion")]),
    illustrative=st.booleans(),
)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def reports(draw: st.DrawFn) -> TownReport:
    """Any report that can be."""
    edition = draw(st.sampled_from([*EDITIONS, None]))
    facts = draw(st.sets(st.sampled_from([*FACTS]), max_size=4))
    return TownReport(
        town=draw(TOWNS),
        year=draw(st.none() | st.integers(1949, 2199)),
        edition=edition,
        published_on=draw(st.none() | st.dates()),
        cells={} if edition is None else draw(cells(edition)),
        facts={f: draw(_value(FACTS[f].type)) for f in sorted(facts)},
        sections=draw(st.dictionaries(st.sampled_from(["s0", "s1", "s5", "s6"]), WORDS)),
        findings=draw(st.lists(FINDINGS, max_size=2)),
        provenance=draw(st.none() | st.dictionaries(WORDS, JSON_VALUES, max_size=2)),
    )


VALIDATOR = jsonschema.Draft202012Validator(
    json_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


@given(reports())
def test_json_and_back_is_the_same(report: TownReport) -> None:
    text = report.to_json()
    again = TownReport.from_json(text)
    assert again == report
    assert again.to_json() == text
    assert TownReport.from_json(text.encode()) == report
    assert hash(again) == hash(report)


@given(reports())
def test_the_schema_accepts_every_report(report: TownReport) -> None:
    VALIDATOR.validate(json.loads(report.to_json()))


@given(reports())
def test_a_report_survives_pickling(report: TownReport) -> None:
    again = pickle.loads(pickle.dumps(report))
    assert again == report
    assert again.cells.edition is report.cells.edition


@given(reports())
def test_the_public_see_no_findings_and_nothing_else_changes(report: TownReport) -> None:
    public = report.public()
    assert public.findings == ()
    assert public.with_(findings=report.findings) == report
    assert set(report.errors) == {f for f in report.findings if f.level == "error"}


def test_the_schema_in_docs_is_current(root: Path) -> None:
    """Write it anew with `make docs`."""
    written = (root / "docs" / "report-schema.json").read_text("utf-8")
    assert json.loads(written) == json_schema()
    jsonschema.Draft202012Validator.check_schema(json_schema())


def whole() -> dict[str, Any]:
    """Return the JSON of a good report."""
    form = load_edition("2021")
    report = TownReport(
        town=Town(id="yunxi", name="云溪镇", county="示例县", kind="town"),
        year=2021,
        edition="2021",
        cells=Cells(form, dict.fromkeys(form.addresses, 0) | {"t2.charges.amount": "1.5"}),
        facts={"trainings": 4, "fee_collected_yuan": "12.35"},
        sections={"s0": "引言", "s1": "总体", "s5": "问题", "s6": "其他"},
        findings=(
            Finding(
                code="X-Y",
                level="error",
                message="错",
                left=1,
                right=Decimal("2.5"),
                place=Place(row=3),
            ),
        ),
    )
    body: dict[str, Any] = json.loads(report.to_json())
    return body


WRONG: list[tuple[str, tuple[str | int, ...], Any]] = [
    ("schema", ("schema",), "reportkit.report/2"),
    ("town", ("town",), None),
    ("town", ("town",), "云溪镇"),
    ("name", ("town", "name"), 7),
    ("kind", ("town", "kind"), "village"),
    ("illustrative", ("town", "illustrative"), "yes"),
    ("year", ("year",), "2021"),
    ("year", ("year",), 2021.5),
    ("year", ("year",), True),
    ("year", ("year",), 10**30),
    ("edition", ("edition",), "2020"),
    ("edition", ("edition",), 2021),
    ("published_on", ("published_on",), "31.01.2022"),
    ("published_on", ("published_on",), 0),
    ("published_on", ("published_on",), "2022-02-30"),
    ("cells", ("cells",), []),
    ("cells", ("cells",), {}),
    ("cells", ("cells", "t9.nothing.total"), 1),
    ("cells", ("cells", "t3.received.total"), "1"),
    ("cells", ("cells", "t3.received.total"), 1.5),
    ("cells", ("cells", "t3.received.total"), True),
    ("cells", ("cells", "t3.received.total"), 10**30),
    ("cells", ("cells", "t2.charges.amount"), 1.5),
    ("cells", ("cells", "t2.charges.amount"), "1e999999999"),
    ("cells", ("cells", "t2.charges.amount"), "NaN"),
    ("cells", ("cells", "t2.charges.amount"), "一万"),
    ("facts", ("facts", "trainnings"), 1),
    ("facts", ("facts", "trainings"), None),
    ("facts", ("facts", "trainings"), [4]),
    ("facts", ("facts",), None),
    ("sections", ("sections", "s1"), 1),
    ("sections", ("sections",), ["s1"]),
    ("findings", ("findings",), "none"),
    ("level", ("findings", 0, "level"), "fatal"),
    ("left", ("findings", 0, "left"), "abc"),
    ("left", ("findings", 0, "left"), True),
    ("right", ("findings", 0, "right"), "1e999999999"),
    ("row", ("findings", 0, "place", "row"), [3]),
    ("extra", ("extra",), 1),
    ("secret", ("findings", 0, "secret"), 1),
    ("provenance", ("provenance",), 3),
]


@pytest.mark.parametrize(("word", "path", "value"), WRONG)
def test_what_is_wrong_is_refused_by_us_and_by_the_schema(
    word: str, path: tuple[str | int, ...], value: Any
) -> None:
    body = whole()
    VALIDATOR.validate(body)
    inner: Any = body
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(ReportFileError, match=word):
        TownReport.from_dict(body)
    assert not VALIDATOR.is_valid(body)


@settings(max_examples=100)
@given(st.data())
def test_whatever_the_schema_accepts_can_be_read(data: st.DataObject) -> None:
    body = whole()
    inner: Any = body
    while True:
        keys: list[Any] = sorted(inner) if isinstance(inner, dict) else [*range(len(inner))]
        key = data.draw(st.sampled_from(keys))
        deeper = isinstance(inner[key], dict | list) and inner[key]
        if not deeper or data.draw(st.booleans()):
            break
        inner = inner[key]
    odd: st.SearchStrategy[Any] = st.sampled_from(
        [None, -1, "", "2", "1.50", "-0", "007", [], {}, True, 10**24, "s1", 2019]
    )
    if data.draw(st.integers(0, 3)):
        inner[key] = data.draw(odd | JSON_VALUES.filter(lambda value: not isinstance(value, float)))
    else:
        del inner[key]
    before = copy.deepcopy(body)
    try:
        TownReport.from_dict(body)
    except ReportFileError:
        assert not VALIDATOR.is_valid(body)
    assert body == before


HOSTILE: dict[str, str | bytes] = {
    "no JSON": "{",
    "nothing": "",
    "a list": "[]",
    "null": "null",
    "deep lists": "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "half a character": b"\xff\xfe\xfa",
    "a long number": '{"year": ' + "9" * 5000 + "}",
    "an endless number": '{"year": 1e999}',
    "no number": '{"year": NaN}',
    "minus infinity": '{"year": -Infinity}',
    "a key twice": '{"year": 2021, "year": 2022}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_refused(name: str) -> None:
    with pytest.raises(ReportFileError):
        TownReport.from_json(HOSTILE[name])


def _with_provenance(text: str) -> str:
    return json.dumps(whole() | {"provenance": {"x": "HERE"}}).replace('"HERE"', text)


@pytest.mark.parametrize(
    "text", ["[" * 100 + "]" * 100, '"\\ud800"', "NaN", "1e400", '{"a": 1, "a": 2}', "-Infinity"]
)
def test_provenance_holds_only_what_can_be_written_again(text: str) -> None:
    with pytest.raises(ReportFileError):
        TownReport.from_json(_with_provenance(text))
    assert TownReport.from_json(_with_provenance("[[1.5]]")).provenance == {"x": [[1.5]]}


def test_every_fault_is_named_at_once() -> None:
    body = whole() | {"year": "x", "edition": "1999"}
    body["town"]["kind"] = "village"
    with pytest.raises(ReportFileError) as caught:
        TownReport.from_dict(body)
    for place in ("$.year", "$.edition", "$.town.kind"):
        assert place in str(caught.value)


def test_a_change_is_validated_and_an_unknown_field_refused() -> None:
    report = TownReport.from_dict(whole())
    assert report.with_(year=2022).year == 2022
    assert report.year == 2021
    with pytest.raises(TypeError, match="yaer"):
        report.with_(yaer=2022)
    with pytest.raises(ValueError, match="year"):
        report.with_(year="x")


def test_a_report_is_frozen() -> None:
    report = TownReport.from_dict(whole())
    with pytest.raises(ValueError, match="frozen"):
        report.year = 2020  # type: ignore[misc]
    for part in (report.facts, report.sections, report.cells):
        with pytest.raises(TypeError):
            part["trainings"] = 1  # type: ignore[index]


def test_json_is_as_the_contract_has_it() -> None:
    body = whole()
    assert list(body)[:7] == [
        "schema",
        "town",
        "year",
        "edition",
        "published_on",
        "cells",
        "facts",
    ]
    assert tuple(body["cells"]) == load_edition("2021").addresses
    assert body["cells"]["t2.charges.amount"] == "1.5"
    assert body["facts"] == {"fee_collected_yuan": "12.35", "trainings": 4}
    assert body["findings"][0]["place"] == {"row": 3}
    assert body["findings"][0]["right"] == "2.5"
