"""The explorer's widgets. What they show is made by :mod:`reportkit.explore.choice` and :mod:`~reportkit.explore.whatif`."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import anywidget
import ipywidgets as widgets
import traitlets
from IPython import display as ipython

from reportkit.api.sources import OpenSource, open_source
from reportkit.blocks import print_amount
from reportkit.checks.wording import column_name, row_name
from reportkit.errors import ReportkitError
from reportkit.explore import choice as choices
from reportkit.explore.whatif import parse_typed, what_if
from reportkit.form import CellValue
from reportkit.registers.sample import SAMPLE
from reportkit.report import TownReport

_display: Final[Any] = ipython.display  # it carries no types
_html: Final[Any] = ipython.HTML

_FIRST: Final = 3
"""So many towns are picked at first."""
_WIDE: Final = {"width": "30em"}


class TypedTable(anywidget.AnyWidget):
    """A table of the form that can be typed into."""

    _esm = files(__package__).joinpath("grid.js").read_text("utf-8")
    _css = files(__package__).joinpath("grid.css").read_text("utf-8")
    columns: traitlets.List[str] = traitlets.List().tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    broken: traitlets.List[str] = traitlets.List().tag(sync=True)
    changed: traitlets.List[str] = traitlets.List().tag(sync=True)


class Explorer:
    """The widgets of one source."""

    def __init__(self, source: OpenSource, uri: str) -> None:
        self.source, self.uri = source, uri
        self.changes: dict[str, CellValue] = {}
        self._reports: dict[tuple[str, int], TownReport] = {}
        counties = [("全部", choices.ALL), *((name, name) for name in choices.counties(source))]
        self.county = widgets.Dropdown(
            options=counties, value=choices.ALL, description="县市区", layout=_WIDE
        )
        self.towns = widgets.SelectMultiple(description="单位", rows=8, layout=_WIDE)
        self.years = widgets.SelectMultiple(options=source.years, description="年度", rows=8)
        self.figure = widgets.Dropdown(description="看什么", layout={"width": "46em"})
        self.seen = widgets.Output()
        self.drawn = widgets.VBox()
        self.pair = widgets.Output()
        self.different = widgets.Checkbox(description="只看不同的")
        self.one, self.other, self.which = (widgets.Dropdown(layout=_WIDE) for _ in range(3))
        self.grid = TypedTable()
        self.said = widgets.HTML()
        self.reset = widgets.Button(description="恢复原来的数")
        self.name = widgets.Text("params/explore.yaml", description="存为")
        self.save = widgets.Button(description="保存所选（供 run --batch）")
        self.out = widgets.Text("explore.csv", description="导出为")
        self.export = widgets.Button(description="导出所看的数据")
        self.done = widgets.HTML()
        self._wire()
        self._county()

    @property
    def widget(self) -> Any:
        """The whole explorer."""
        parts = widgets.Tab(
            [
                widgets.VBox([self.figure, self.seen, self.drawn]),
                widgets.VBox([widgets.HBox([self.one, self.other, self.different]), self.pair]),
                widgets.VBox([widgets.HBox([self.which, self.reset]), self.said, self.grid]),
                widgets.VBox(
                    [
                        widgets.HBox([self.name, self.save]),
                        widgets.HBox([self.out, self.export]),
                        self.done,
                    ]
                ),
            ],
            titles=["表和图", "两份并排", "假如改一格", "保存和导出"],
        )
        return widgets.VBox([self.county, widgets.HBox([self.towns, self.years]), parts])

    @property
    def reports(self) -> list[TownReport]:
        """The chosen reports, by town and year."""
        return [
            self._report(town, year)
            for town in self.towns.value
            for year in self.years.value
            if year in self.source.years_of(town)
        ]

    def _report(self, town: str, year: int) -> TownReport:
        if (town, year) not in self._reports:
            self._reports[town, year] = self.source.report(town, year)
        return self._reports[town, year]

    def _wire(self) -> None:
        self.county.observe(lambda _: self._county(), "value")
        for picked in (self.towns, self.years):
            picked.observe(lambda _: self._picked(), "value")
        self.figure.observe(lambda _: self._show(), "value")
        for picked in (self.one, self.other, self.different):
            picked.observe(lambda _: self._beside(), "value")
        self.which.observe(lambda _: self._begin(), "value")
        self.reset.on_click(lambda _: self._begin())
        self.grid.on_msg(lambda _widget, message, _buffers: self._typed(message))
        self.save.on_click(lambda _: self._tell(self._save))
        self.export.on_click(lambda _: self._tell(self._export))

    def _county(self) -> None:
        names = choices.towns_of(self.source, self.county.value)
        self.towns.options = list(names.items())
        self.years.value = tuple(self.source.years[-2:])
        self.towns.value = tuple(names.values())[:_FIRST]

    def _picked(self) -> None:
        reports = self.reports
        options = [(f"{r.town.name} {r.year}", (str(r.town.id), r.year)) for r in reports]
        kept = self.figure.value
        figures = choices.figures(reports)
        self.figure.options = list(figures.items())
        self.figure.value = kept if kept in figures.values() else next(iter(figures.values()))
        for place, picked in enumerate((self.one, self.other, self.which)):
            picked.options = options
            if options:
                picked.value = options[min(place % 2, len(options) - 1)][1]
        self._show()

    def _show(self) -> None:
        reports, figure = self.reports, self.figure.value
        label = next((name for name, code in self.figure.options if code == figure), "")
        self._mark(())
        drawn = choices.chart(reports, figure, label) if figure else None
        self.drawn.children = () if drawn is None else (self._linked(drawn),)

    def _mark(self, towns: tuple[str, ...]) -> None:
        """Show the table of the figure, the rows of some towns marked."""
        shown = choices.marked_table(choices.table(self.reports, self.figure.value), towns)
        self.seen.outputs = ()
        with self.seen:
            _display(shown)

    def _linked(self, drawn: Any) -> Any:
        """Return charts as a widget whose clicks mark the table's rows. Its code comes from this machine."""
        import altair as alt  # noqa: PLC0415  # heavy

        widget: Any = alt.JupyterChart  # it carries no types
        widget.enable_offline()
        made = widget(drawn, embed_options={"renderer": "svg", "actions": False})

        def clicked(change: Mapping[str, Any]) -> None:
            self._mark(tuple(str(town["单位"]) for town in change["new"].value))

        made.selections.observe(clicked, [choices.PICKED])
        return made

    def _beside(self) -> None:
        if not self.one.value or not self.other.value:
            return
        shown = choices.side_by_side(
            self._report(*self.one.value),
            self._report(*self.other.value),
            different=self.different.value,
        )
        self.pair.outputs = ()
        with self.pair:
            _display(_html(shown.html()))

    def _begin(self) -> None:
        """Show the third table of the chosen report as it is."""
        self.changes = {}
        if not self.which.value:
            return
        report = self._report(*self.which.value)
        table = report.cells.edition.tables["t3"]
        by_row: dict[str, list[tuple[str, str]]] = {}
        columns: dict[str, str] = {}
        for cell in table.cells():
            columns.setdefault(cell.column.code, column_name(cell).strip("“”"))
            shown = report.cells.get(cell.address)
            by_row.setdefault(row_name(cell).strip("“”"), []).append(
                (cell.address, "" if shown is None else print_amount(shown))
            )
        self.grid.columns = list(columns.values())
        self.grid.rows = [
            [label, [list(place) for place in places]] for label, places in by_row.items()
        ]
        self._judge()

    def _typed(self, message: Mapping[str, Any]) -> None:
        try:
            self.changes[str(message["address"])] = parse_typed(str(message["value"]))
            self._judge()
        except ReportkitError as fault:
            self.said.value = f"<b>{escape(str(fault))}</b>"

    def _judge(self) -> None:
        town, year = self.which.value
        last = self._report(town, year - 1) if year - 1 in self.source.years_of(town) else None
        found = what_if(self._report(town, year), self.changes, last)
        self.grid.broken, self.grid.changed = sorted(found.cells), sorted(self.changes)
        lines = [*found.broken, *found.mends] or ["各项勾稽关系都成立。"]
        self.said.value = "<br>".join(map(escape, lines))

    def _save(self) -> str:
        picked = choices.Choice(self.uri, tuple(self.towns.value), tuple(self.years.value))
        path = Path(self.name.value)
        choices.save_choice(picked, path)
        return f"已保存：reportkit run --batch {path}"

    def _export(self) -> str:
        path = Path(self.out.value)
        choices.export(self.reports, path)
        return f"已导出：{path}"

    def _tell(self, work: Any) -> None:
        try:
            self.done.value = escape(work())
        except (ReportkitError, OSError) as fault:
            self.done.value = f"<b>{escape(str(fault))}</b>"


def open_explorer(source: str = SAMPLE) -> Any:
    """Return the explorer of a source as a widget, for the notebook's one cell."""
    from reportkit.project import find_project  # noqa: PLC0415  # the notebook's own project

    uri = find_project().resolve(source)
    return Explorer(open_source(uri), uri).widget
