"""What a person sees of a run: plain lines where there is no terminal, a bar where there is one."""

from __future__ import annotations

import io

import ipywidgets as widgets
import pytest
from rich.console import Console

from reportkit.running.progress import Watcher
from reportkit.running.widget_bar import shown_in


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_plain_lines_come_seldom_and_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with Watcher(4, clock) as watcher:
        for number in range(4):
            watcher.start(f"gulou {number}")
            clock.now += 6
            status, why = [
                ("ok", ""),
                ("failed", "cell 5: ValueError: 坏"),
                ("refused", "草稿"),
                ("ok", ""),
            ][number]
            watcher.done(f"gulou {number}", status, why)
    out, lines = capsys.readouterr()
    assert out == ""
    assert lines.splitlines() == [
        "gulou 1: cell 5: ValueError: 坏",
        "2/4 done, 1 failed, 10 a minute, 12 s left",
        "gulou 2: 草稿",
        "4/4 done, 1 failed, 1 refused, 10 a minute, 0 s left",
    ]


def test_a_terminal_shows_bar_rate_and_what_is_running() -> None:
    shown = io.StringIO()
    clock = Clock()
    watcher = Watcher(2, clock)
    watcher._console = Console(file=shown, force_terminal=True, width=120)
    with watcher:
        watcher.start("gulou 2021")
        clock.now += 1
        watcher.done("gulou 2021", "refused", "草稿")
        watcher.start("xiguan 2021")
        assert watcher._bar is not None
        watcher._bar.refresh()
    text = shown.getvalue()
    assert "gulou 2021: 草稿" in text
    for part in ("1/2", "0 failed, 1 refused", "60/min", "xiguan 2021"):
        assert part in text


def test_nothing_to_make_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Watcher(0):
        pass
    assert capsys.readouterr() == ("", "")


def test_a_notebook_shows_a_bar_of_widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    clock = Clock()
    watcher = Watcher(2, clock)
    watcher._console = Console(force_jupyter=True)
    with watcher:
        watcher.start("gulou 2021")
        clock.now += 1
        watcher.done("gulou 2021", "failed", "cell 5: ValueError: 坏")
        watcher.start("xiguan 2021")
        bar = watcher._widgets
        assert bar is not None
        assert shown == [bar.box]
        assert (bar._bar.value, bar._bar.max) == (1, 2)
        assert bar._words.value == "1/2  1 failed  60/min  1 s left  xiguan 2021"
        assert bar._said.value == "gulou 2021: cell 5: ValueError: 坏"
    assert bar._bar.bar_style == "danger"


def test_a_page_shows_the_bar_in_its_own_place() -> None:
    box = widgets.VBox()
    with shown_in(box), Watcher(2) as watcher:
        (shown,) = box.children
        watcher.done("gulou 2021", "ok")
        assert shown.children[0].children[0].value == 1
    assert box.children == ()
