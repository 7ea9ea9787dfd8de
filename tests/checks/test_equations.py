"""One equation with blanks: what it still says, worked out by hand for each case."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportkit.checks.solve import Equation, EquationCheck, compiled, equations, outcome
from reportkit.form import Cells, CellValue, Identity, Term, load_edition

FORM = load_edition("2021")
ROW = [f"t4.reconsideration.{c}" for c in ("upheld", "corrected", "other", "pending", "total")]
Values = tuple[CellValue, ...]


def cells(changes: dict[str, CellValue], edition: str = "2021") -> Cells:
    form = load_edition(edition)
    return Cells(form, {**dict.fromkeys(form.addresses, 0), **changes})


def judged(
    code: str, now: Cells, last: Cells | None = None, line: str = ""
) -> EquationCheck | None:
    """Return what the first equation of a rule whose left side begins with ``line`` says."""
    edition = now.edition
    equation = next(
        each
        for each in equations(edition.code, code)
        if each.identity.left[0].address.startswith(line)
    )
    return outcome(equation, now.in_order(), edition.addresses, last)


def test_the_equations_of_a_rule_are_those_of_the_form() -> None:
    assert [e.identity.left[0].address for e in equations("2021", "T4-TOTAL")] == [
        "t4.reconsideration.upheld",
        "t4.litigation_direct.upheld",
        "t4.litigation_after_reconsideration.upheld",
    ]
    assert len(equations("2021", "T3-BALANCE")) == len(FORM.tables["t3"].blocks[0].columns)
    assert len(equations("2021", "Y-NORMATIVE")) == 2
    assert equations("2021", "Y-ITEMS") == ()
    assert len(equations("2019", "Y-ITEMS")) == 5


@pytest.mark.parametrize(
    ("values", "state", "left", "right", "forced"),
    [
        ((1, 0, 2, 0, 4), "fails", 3, 4, {}),
        ((None, 1, 0, 0, 3), "forced", 1, 3, {0: 2}),
        ((1, 1, 0, 3, None), "forced", 5, 0, {4: 5}),
        ((None, 1, 0, 0, 1), "forced", 1, 1, {0: 0}),
        ((None, 1, 0, 0, 0), "fails", 1, 0, {}),  # a part would have to be negative
        ((-1, 0, 0, 0, None), "fails", -1, 0, {}),  # the total would
        ((None, None, 1, 0, 1), "holds", 1, 1, {0: 0, 1: 0}),
        ((None, None, 1, 0, 0), "fails", 1, 0, {}),
        ((None, None, 1, 0, 3), "unknown", 1, 3, {}),
        ((None, 0, 0, 0, None), "unknown", 0, 0, {}),
        ((None, 0, 0, 7, None), "unknown", 7, 0, {}),
        ((None, None, None, None, 0), "holds", 0, 0, {0: 0, 1: 0, 2: 0, 3: 0}),
        ((None, None, None, None, 2), "unknown", 0, 2, {}),
        ((None, None, None, None, None), "blank", 0, 0, {}),
    ],
)
def test_a_row_of_disputes(
    values: Values, state: str, left: int, right: int, forced: dict[int, int]
) -> None:
    found = judged("T4-TOTAL", cells(dict(zip(ROW, values, strict=True))))
    assert found is not None
    assert (found.state, found.left, found.right) == (state, left, right)
    assert dict(found.forced) == {ROW[place]: value for place, value in forced.items()}
    assert found.blank == tuple(a for a, v in zip(ROW, values, strict=True) if v is None)
    assert found.cells == tuple(ROW)


@pytest.mark.parametrize("values", [(0, 0, 0, 0, 0), (1, 2, 3, 4, 10)])
def test_a_row_that_holds_says_nothing(values: Values) -> None:
    assert judged("T4-TOTAL", cells(dict(zip(ROW, values, strict=True)))) is None


@pytest.mark.parametrize(
    ("now", "last", "state", "left", "right"),
    [  # in force, made, repealed; in force last year
        ((5, 1, 0), 4, None, 0, 0),
        ((3, 0, 1), 4, None, 0, 0),
        ((5, 1, 1), 4, "fails", 5, 4),
        ((5, 1, 0), None, "blank", 5, 1),
        ((None, 2, 1), 4, "forced", 0, 5),
        ((4, None, 0), 4, "forced", 4, 4),
        ((3, None, 0), 4, "fails", 3, 4),  # less than nothing would have been made
        ((4, 1, None), 4, "forced", 4, 5),
        ((6, 1, None), 4, "fails", 6, 5),  # less than nothing would have been repealed
        ((4, None, None), 4, "unknown", 4, 4),
        ((None, None, None), 4, "unknown", 0, 4),
    ],
)
def test_documents_against_last_year(
    now: Values, last: int | None, state: str | None, left: int, right: int
) -> None:
    line = "t2.normative_documents"
    names = [f"{line}.{column}" for column in ("in_force", "made", "repealed")]
    before = cells({f"{line}.in_force": last})
    found = judged("Y-NORMATIVE", cells(dict(zip(names, now, strict=True))), before, line)
    if state is None:
        assert found is None
        return
    assert found is not None
    assert (found.state, found.left, found.right) == (state, left, right)
    assert found.cells == tuple(names)
    if state == "forced":
        (value,) = found.forced.values()
        full = [value if v is None else v for v in now]
        assert full[0] == (last or 0) + full[1] - full[2]
    if state != "blank":
        assert found.blank == tuple(n for n, v in zip(names, now, strict=True) if v is None)


def test_without_last_year_nothing_is_said_of_it() -> None:
    found = judged("Y-CARRY", cells({"t3.carried_in.natural_person": 3}))
    assert found is not None
    assert (found.state, found.left, found.right, found.blank) == ("blank", 3, 0, ())


def test_last_years_change_may_be_negative() -> None:
    line = "t2.licensing"
    last = cells({f"{line}.items_last_year": 21, f"{line}.items_change": -2}, "2019")
    now = cells({f"{line}.items_last_year": 19}, "2019")
    assert judged("Y-ITEMS", now, last, line) is None
    found = judged("Y-ITEMS", cells({f"{line}.items_last_year": None}, "2019"), last, line)
    assert found is not None
    assert dict(found.forced) == {f"{line}.items_last_year": 19}


def test_a_cell_that_may_be_negative_is_never_forced_to_nought() -> None:
    (pattern, *_) = equations("2021", "T4-TOTAL")
    free = Equation(pattern.identity, ((0, 1), (1, 1)), ((2, 1),), (), frozenset({0}))
    for values, state, forced in (
        ((None, None, 0), "unknown", {}),  # 1 and -1, as well as nought
        ((None, None, -3), "unknown", {}),
        ((None, 4, 3), "forced", {"a": -1}),
        ((5, None, 3), "fails", {}),
        ((Decimal("1.5"), None, Decimal("2.25")), "forced", {"b": Decimal("0.75")}),
    ):
        found = outcome(free, values, ("a", "b", "c"))
        assert found is not None
        assert (found.state, dict(found.forced)) == (state, forced), values


def test_an_identity_ready_for_computing() -> None:
    form = load_edition("2019")
    change, stock, fees = (
        f"t2.{name}"
        for name in ("licensing.items_change", "licensing.items_last_year", "charges.items_change")
    )
    identity = Identity(
        "Y-X",
        "licensing",
        (Term(stock), Term(change, -1)),
        (Term(fees), Term(stock, -1, last=True)),
    )
    places = {address: place for place, address in enumerate(form.addresses)}
    assert compiled(form, identity) == Equation(
        identity,
        ((places[stock], 1), (places[change], -1)),
        ((places[fees], 1),),
        ((stock, -1),),
        frozenset({places[change], places[fees]}),  # what may be negative
    )
    turned = Identity("Y-X", "licensing", identity.right, identity.left)
    with pytest.raises(ValueError, match=r"^Y-X: last year's cells stand on the right side$"):
        compiled(form, turned)
