"""The screen of sections five and six: what stands in the register, what last year's said, and a draft to accept or change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

import ipywidgets as widgets

SECTIONS: Final = {"s5": "五、存在的主要问题及改进情况", "s6": "六、其他需要报告的事项"}
"""What people write."""

_WIDE: Final = {"width": "100%"}


def explanation(words: str) -> Any:
    """Return a line of explanation."""
    return widgets.HTML(f"<p class='rk-said'>{words}</p>")


class WritingScreen:
    """Its widgets; ``keep`` is called when the clerk accepts what stands in the fields."""

    def __init__(self, keep: Callable[[], object]) -> None:
        self.fields = {
            code: widgets.Textarea(
                rows=8, layout=_WIDE, placeholder="在这里写，或者留用台账里的文字"
            )
            for code in SECTIONS
        }
        self._last_year = {code: widgets.HTML() for code in SECTIONS}
        self._drafts = {code: widgets.HTML() for code in SECTIONS}
        self._take = {
            code: widgets.Button(description="用这份草稿", layout={"display": "none"})
            for code in SECTIONS
        }
        self.accept = widgets.Button(
            description="采用这些文字", button_style="primary", disabled=True
        )
        self.told = widgets.HTML()
        self._proposed: Mapping[str, str] = {}
        self.accept.on_click(lambda _: keep())
        for code, button in self._take.items():
            button.on_click(lambda _, code=code: self._accept_draft(code))

    @property
    def widget(self) -> Any:
        """The whole screen."""
        pieces = [
            piece
            for code, title in SECTIONS.items()
            for piece in (
                explanation(f"<b>{title}</b>"),
                self._last_year[code],
                self._drafts[code],
                self._take[code],
                self.fields[code],
            )
        ]
        return widgets.VBox([*pieces, self.accept, self.told])

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the fields, by section."""
        return {code: field.value for code, field in self.fields.items()}

    def show(
        self, texts: Mapping[str, str], last_year: Mapping[str, str], drafts: Mapping[str, str]
    ) -> None:
        """Fill the screen for a report: its texts, last year's, and the drafts from its figures."""
        self.told.value = ""
        self._proposed = drafts
        for code, field in self.fields.items():
            field.value = texts[code]
            self._last_year[code].value = _paragraph("上年写的：", last_year[code])
            draft = drafts.get(code, "")
            self._drafts[code].value = _paragraph("按台账数字拟的草稿，请核对：", draft)
            self._take[code].layout.display = "" if draft else "none"
            if not draft and not texts[code].strip():
                self._drafts[code].value = _paragraph("台账数字没有显示要写的内容，请自己写。", " ")

    def _accept_draft(self, code: str) -> None:
        """Put a draft into its field; only the button at the end writes it into the register."""
        self.fields[code].value = self._proposed[code]
        self.told.value = _paragraph(
            "草稿已放入，可以修改；满意后按", f"“{self.accept.description}”。"
        )


def _paragraph(words: str, text: str) -> str:
    shown = escape(text).replace("\n\n", "<br>")
    return f"<p class='rk-said'>{words}{shown}</p>" if text else ""
