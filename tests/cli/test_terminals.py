"""Terminals that are not in UTF-8: what is said there can be read, and a name that cannot be told is an error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reportkit.cli.main import _let_speak, main
from tests import dossiers

Said = Callable[[str], str]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Callable[[], bytes]]:
    """Return a function that puts a terminal of an encoding in place; it gives what reads the terminal's bytes."""

    def put(encoding: str) -> Callable[[], bytes]:
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", stream)

        def read() -> bytes:
            sys.stdout.flush()
            return stream.buffer.getvalue()

        return read

    return put


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("gbk", "年报√≤3 ?"),
        ("gb2312", "年报√≤3 ?"),
        ("gb18030", "年报✓≤3 🏮"),
        ("utf-8", "年报✓≤3 🏮"),
    ],
)
def test_an_encoding_that_has_chinese_is_kept(
    terminal: Callable[[str], Callable[[], bytes]], encoding: str, told: str
) -> None:
    read = terminal(encoding)
    _let_speak(sys.stdout)
    sys.stdout.write("年报✓≤3 🏮")
    assert read().decode(encoding) == told


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_an_encoding_without_chinese_is_left_for_utf_8(
    terminal: Callable[[str], Callable[[], bytes]], encoding: str
) -> None:
    read = terminal(encoding)
    _let_speak(sys.stdout)
    sys.stdout.write("年报✓")
    assert read().decode() == "年报✓"


@pytest.mark.skipif(
    os.name == "nt", reason="there, a file is written in UTF-8 unless told otherwise"
)
def test_check_can_be_read_in_a_terminal_of_gbk(
    terminal: Callable[[str], Callable[[], bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    report = dossiers.faulty().report
    Path("报告.json").write_text(report.to_json(), "utf-8")
    read = terminal("gbk")
    assert main(["check", "报告.json"]) == 1
    told = read().decode("gbk")
    assert report.town.name in told
    assert "Annual reports, checked" in told
    assert "错误 " in told
    assert "?" not in told.replace("？", "")
    read = terminal("gbk")
    assert main(["check", "报告.json", "--json"]) == 1
    assert json.loads(read().decode("utf-8"))  # a document for programs is UTF-8 wherever it goes


def test_a_name_that_the_language_setting_cannot_tell_is_an_error_with_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = os.fsencode("输出").decode("ascii", "surrogateescape")  # as Python has it under LC_ALL=C
    assert main(["check", name]) == 2
    told = capsys.readouterr().err
    assert told.startswith("reportkit: this terminal's language setting")
    assert "PYTHONUTF8=1" in told
