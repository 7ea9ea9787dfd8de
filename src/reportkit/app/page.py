"""The page that a clerk sees: one task a screen, from dropping the workbook to saving the report.

What the screens do is in :mod:`reportkit.app.visit`, :mod:`~reportkit.app.prose` and :mod:`~reportkit.app.making`;
here they only get their widgets. Those three import for seconds what reads and checks: they are imported while the
clerk looks at the page that is there already.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from reportkit.app.pieces import DropZone, FileButtons, own_text
from reportkit.app.writing import WritingScreen, explanation
from reportkit.errors import ReportkitError
from reportkit.running.widget_bar import shown_in

if TYPE_CHECKING:
    from reportkit.app.visit import ReportChoice, Visit

STEPS: Final = (
    "一、放入台账",
    "二、改正问题",
    "三、写五、六部分",
    "四、查看和下载",
    "县级：通知和汇总",
)

_STYLE: Final = f"<style>{own_text('page.css')}</style>"


class ClerkPage:
    """The widgets of one visit."""

    def __init__(self) -> None:
        self.drop = DropZone(
            "把填好的台账（Excel或WPS工作簿）拖到这里，或者点这里选择", self._dropped
        )
        self.told = widgets.HTML()
        self.progress = widgets.VBox()
        self.faults = widgets.HTML()
        self.marked = FileButtons(self._marked)
        self.which = widgets.Dropdown(
            description="报告", layout={"width": "auto", "max_width": "28em"}
        )
        self.writing = WritingScreen(lambda: self._guarded(self._keep, self.writing.told))
        self.show = widgets.Button(description="生成预览", button_style="primary")
        self.state = widgets.HTML()
        self.points = widgets.HTML()
        self.preview = widgets.HTML()
        self.files = FileButtons(self._file)
        self.county = FileButtons(self._county)
        self.county_said = widgets.HTML()
        self.steps = widgets.ToggleButtons(
            options=[(title, nth) for nth, title in enumerate(STEPS)],
            style={"button_width": "auto"},
        )
        self.stack = widgets.Stack(self._screens(), selected_index=0)
        self.steps.observe(lambda change: self._go(int(change["new"])), "value")
        self.which.observe(lambda _: self._chosen(), "value")
        self.show.on_click(lambda _: self._guarded(self._preview, self.state))
        self._empty()
        threading.Thread(target=import_module, args=("reportkit.app.making",), daemon=True).start()

    @cached_property
    def visit(self) -> Visit:
        """What was dropped."""
        from reportkit.app.visit import Visit

        visit = Visit()
        visit.say = self._reading
        return visit

    def _reading(self, words: str) -> None:
        """Show how far the reading is."""
        self.told.value = f"<p class='rk-said'>{escape(words)}</p>"

    @property
    def widget(self) -> Any:
        """The whole page."""
        title = widgets.HTML(f"{_STYLE}<h1 class='rk-title'>政府信息公开工作年度报告</h1>")
        box = widgets.VBox([title, self.steps, self.which, self.progress, self.stack])
        box.add_class("rk-app")
        return box

    def _screens(self) -> list[Any]:
        return [
            widgets.VBox(
                [
                    explanation(
                        "数据只在本机处理，不上传；放入的文件存在只有你能读的临时文件夹里，关闭本页即删除。"
                        "姓名、证件号码、电话等个人信息在读取时丢弃。"
                    ),
                    self.drop,
                    explanation(
                        "上一年已发布的年度报告（网页、Word、PDF）也可以放进来，用来核对今年的数据。"
                    ),
                    self.told,
                ]
            ),
            widgets.VBox([self.marked, self.faults]),
            self.writing.widget,
            widgets.VBox([self.show, self.state, self.files, self.preview, self.points]),
            widgets.VBox(
                [
                    explanation(
                        "放入各乡镇的台账（可以拖入整个文件夹），给每个乡镇的通知和全县汇总在这里取。"
                    ),
                    self.county,
                    self.county_said,
                ]
            ),
        ]

    def _go(self, step: int) -> None:
        self.stack.selected_index = step

    @property
    def choice(self) -> ReportChoice | None:
        """The report that is chosen."""
        chosen: ReportChoice | None = self.which.value
        return chosen

    def _dropped(self, files: Mapping[str, bytes]) -> None:
        def work() -> str:
            told = self.visit.drop(files)
            self._fill()
            return _lines([*told, *self._summary()])

        self._guarded(work, self.told)

    def _summary(self) -> list[str]:
        visit = self.visit
        lines = list(visit.notes)
        if visit.results:
            rest = len(visit.faults) - visit.wrong
            more = f"，{rest}处提醒" if rest else ""
            lines.append(
                f"台账有{visit.wrong}处问题{more}，见“{STEPS[1]}”。"
                if visit.faults
                else "台账没有发现填写问题。"
            )
            lines.append(
                f"可以生成{len(visit.choices)}份报告。"
                if visit.choices
                else "还没有可以生成的报告。"
            )
        if visit.published:
            lines.append(f"收下{len(visit.published)}份已发布的报告，用来核对。")
        return lines

    def _empty(self) -> None:
        """Show the screens before anything was dropped."""
        self.which.layout.display = "none"
        self.show.disabled = self.writing.accept.disabled = True
        self.faults.value = self.points.value = self.county_said.value = "先在第一步放入台账。"

    def _fill(self) -> None:
        """Bring every screen up to date with what was dropped."""
        visit = self.visit
        kept = self.choice
        options = [(str(choice), choice) for choice in visit.choices]
        self.which.options = options
        if options:
            self.which.value = kept if kept in visit.choices else options[0][1]
        self.which.layout.display = "" if options else "none"
        from reportkit.app.shown import faults_html

        self.faults.value = faults_html(visit)
        self.marked.files = {"marked": "下载标出问题的副本"} if visit.faults else {}
        self._chosen()

    def _chosen(self) -> None:
        from reportkit.app import making, prose

        choice = self.choice
        for said in (self.preview, self.state, self.points, self.county_said):
            said.value = ""
        ready = choice is not None
        self.show.disabled = self.writing.accept.disabled = not ready
        self.files.files = (
            {f: f"下载{t}" for f, t in making.offered().items()} | _book(self.visit)
            if ready
            else {}
        )
        self.county.files = (
            {"letters": "下载各乡镇的退回修改通知", "county": "生成全部报告和全县汇总"}
            if ready
            else {}
        )
        if choice is None:
            self.points.value = "先在第一步放入台账。"
            return
        visit, town, year = self.visit, choice.town, choice.year
        self.writing.show(
            prose.written(visit, town, year),
            prose.last_year(visit, town, year),
            prose.proposed(visit, town, year),
        )

    def _keep(self) -> str:
        from reportkit.app import prose

        choice = self._ready()
        prose.write(self.visit, choice.town, choice.year, self.writing.texts)
        self._fill()
        return "已经写入台账；改过的工作簿可以在第四步下载。"

    def _preview(self) -> str:
        from reportkit.app import making
        from reportkit.app.shown import points_html

        choice = self._ready()
        self.state.value = "正在生成……"
        self.points.value = points_html(self.visit, choice)
        page = making.make(self.visit, choice.town, choice.year, ())["html"]
        body = base64.b64encode(page).decode()
        self.preview.value = (
            f"<iframe title='报告' sandbox src='data:text/html;base64,{body}'></iframe>"
        )
        return "这就是报告的样子。"

    def _ready(self) -> ReportChoice:
        if self.choice is None:
            raise ReportkitError("先在第一步放入台账。")
        return self.choice

    def _marked(self, _name: str) -> tuple[str, bytes]:
        return "问题清单.xlsx", self.visit.marked_copy()

    def _file(self, name: str) -> tuple[str, bytes] | None:
        from reportkit.app import making, prose

        def work() -> tuple[str, bytes]:
            choice = self._ready()
            if name == "book":
                book = prose.books(self.visit)[0]
                return book.name, book.read_bytes()
            made = making.make(self.visit, choice.town, choice.year, [name])[name]
            return making.file_name(self.visit, choice.town, choice.year, name), made

        saved: tuple[str, bytes] | None = self._tried(work, self.state)
        return saved

    def _county(self, name: str) -> tuple[str, bytes] | None:
        from reportkit.app import making

        def work() -> tuple[str, bytes]:
            year = self._ready().year
            if name == "letters":
                return f"{year}年退回修改通知.zip", making.letters(self.visit, year)
            return f"{year}年全县报告.zip", making.county(self.visit, year)

        saved: tuple[str, bytes] | None = self._tried(work, self.county_said)
        return saved

    def _guarded(self, work: Callable[[], str], said: Any) -> None:
        told = self._tried(work, said)
        if told is not None:
            said.value = f"<p class='rk-said'>{told}</p>"

    def _tried(self, work: Callable[[], Any], said: Any) -> Any:
        """Do it; what goes wrong is said on the page, and nothing technical with it."""
        said.value = ""
        try:
            with shown_in(self.progress):
                return work()
        except ReportkitError as fault:
            said.value = f"<p class='rk-bad'>{escape(str(fault))}</p>"
        except Exception as fault:  # noqa: BLE001  # a clerk can do nothing with a traceback
            name = type(fault).__name__
            said.value = (
                f"<p class='rk-bad'>没有做成（{escape(name)}）。请关闭本页，重新打开再试一次。</p>"
            )
        return None


def _lines(lines: list[str]) -> str:
    return "<br>".join(map(escape, lines))


def _book(visit: Visit) -> dict[str, str]:
    from reportkit.app import prose

    return {"book": "下载改过的台账"} if len(prose.books(visit)) == 1 else {}


def open_page() -> Any:
    """Return the page of a new visit, for the notebook's one cell."""
    return ClerkPage().widget
