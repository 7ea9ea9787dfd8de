"""``python -m tests.bench.county``: the county's page and the comparison of many bodies, with invented reports.

Measured is what comes on top of the bodies' own reports: reading their JSON back, packing it for the notebook, the
notebook's cells, and the page. Printed are seconds of the processor and the page's size. ``--keep DIR`` keeps the pages.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from reportkit.blocks.markdown import render_prose
from reportkit.export.html import render_html
from reportkit.form import Cells, load_edition
from reportkit.notebook.comparison_view import ComparisonView
from reportkit.notebook.county_view import county_view
from reportkit.report import Town, TownReport
from reportkit.rollup.comparison import Comparison, comparison, standing
from reportkit.rollup.gathering import Body, Gathering
from tests.notebook.test_comparison import executed as executed_comparison
from tests.notebook.test_county import executed as executed_county

SIZES = (30, 300, 3000)
YEARS = range(2019, 2025)
COUNTY = Town(id="shili", name="示例县", province="示例省", kind="county", illustrative=True)


def report(number: int, year: int) -> TownReport:
    """Return an invented body's report; its figures balance, and one body in forty does not know one of them."""
    form = load_edition("2019" if year < 2021 else "2021")
    dice = random.Random(number * 31 + year)
    values: dict[str, int | None] = {
        address: dice.randrange(9) if address.endswith(".decisions") else 0
        for address in form.addresses
    }
    amounts = [a for a, cell in form.cells.items() if cell.column.type == "decimal"]
    values |= dict.fromkeys(amounts, 0)
    granted, refused = dice.randrange(12), dice.randrange(5)
    handled = granted + refused
    for row, count in (
        ("received", handled),
        ("granted", granted),
        ("refused.third_party", refused),
        ("handled", handled),
    ):
        values |= {f"t3.{row}.natural_person": count, f"t3.{row}.total": count}
    if number % 40 == 7:
        values["t4.reconsideration.upheld"] = None
    town = Town(
        id=f"t{number:05}", name=f"第{number}镇", county="示例县", kind="town", illustrative=True
    )
    return TownReport(
        town=town,
        year=year,
        edition=form.code,
        cells=Cells(form, values),
        facts={"disclosed_items": dice.randrange(200), "applications_received": handled},
        published_on=date(year + 1, 1, 12) + timedelta(dice.randrange(23)),
    )


def spread(number: int, year: int, received: int) -> tuple[int, ...]:
    """Return applications by month, as a register would tell them."""
    dice = random.Random(number * 37 + year)
    months = [dice.randrange(12) for _ in range(received)]
    return tuple(months.count(month) for month in range(12))


def county_page(texts: Mapping[tuple[int, int], str], bodies: int) -> str:
    """Make the county's page of the last year out of the reports' JSON."""
    year = YEARS[-1]
    gathered = Gathering(
        whole=COUNTY,
        year=year,
        bodies=tuple(
            Body(
                town=held.town,
                state="reported",
                report=held,
                last=TownReport.from_json(texts[n, year - 1]),
                page=f"{held.town.id}.html",
            )
            for n in range(bodies)
            for held in [TownReport.from_json(texts[n, year])]
        ),
    )
    view = county_view(Gathering.from_json(gathered.to_json()))
    return render_html(executed_county(view), draft=True)


def comparison_page(texts: Mapping[tuple[int, int], str], bodies: int) -> str:
    """Make the comparison of all years out of the reports' JSON."""
    towns, lines = [], []
    for n in range(bodies):
        for year in YEARS:
            held = json.loads(texts[n, year])
            lines.append(
                standing(
                    held["town"]["id"],
                    year,
                    edition=held["edition"],
                    cells=held["cells"],
                    facts=held["facts"],
                    published_on=date.fromisoformat(held["published_on"]),
                    months=spread(n, year, held["cells"]["t3.received.total"]),
                )
            )
        towns.append(Town.model_validate(held["town"]))
    held_together = Comparison.from_json(comparison(towns, lines).to_json())
    return render_html(executed_comparison(ComparisonView(held_together, "public")))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    asked = parser.parse_args()
    render_prose("")  # the parser is made before the clock runs
    print(f"{'bodies':>8}{'page':>12}{'CPU s':>9}{'kB':>8}")
    for bodies in asked.sizes:
        texts = {(n, year): report(n, year).to_json() for n in range(bodies) for year in YEARS}
        for name, make in (("county", county_page), ("comparison", comparison_page)):
            started = time.process_time()
            page = make(texts, bodies)
            seconds = time.process_time() - started
            print(f"{bodies:>8}{name:>12}{seconds:>9.1f}{len(page.encode()) / 1000:>8.0f}")
            if asked.keep:
                asked.keep.mkdir(parents=True, exist_ok=True)
                (asked.keep / f"{name}-{bodies}.html").write_text(page, "utf-8")


if __name__ == "__main__":
    main()
