"""The command line in both languages: nothing marked is left untranslated, and the compiled catalogue is that of the text."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from string import Formatter

import pytest

from reportkit.cli.main import main
from reportkit.language import FOLDER, _, language
from tests.catalogue import PO, catalogue, compiled, marked

CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = re.compile(r"(?<![\w<{/.-])[A-Za-z]{2,}(?![\w>}/.-])")
SPOKEN = {"_", "marked", "Option", "Argument"}
"""What takes a text that is translated: the two marks, and typer's, whose help is translated as a whole."""
OURS = {
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "KeyError",
    "NotImplementedError",
    "RuntimeError",
    "TypeError",
    "Threads",
}
"""Errors that tell of a slip in a program, to who writes it."""


def untranslated(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each English text that an error is raised with, or that is printed or said, and that no catalogue has."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if ast.unparse(node.exc.func).rpartition(".")[2] in OURS:
                continue
            said = [*node.exc.args, *(keyword.value for keyword in node.exc.keywords)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in (
            "echo",
            "say",
            "_say",
            "_note",
        ):
            said = node.args
        else:
            continue
        for text in (text for part in said for text in texts(part)):
            ours = len(WORDS.findall(text)) > 1 and text != "Value error, "  # pydantic's, cut off
            if ours and not CHINESE.search(text):
                yield node.lineno, text


def texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts of an expression that nobody translates; the places of one are empty."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in SPOKEN:
        return
    if isinstance(node, ast.JoinedStr):
        yield "{}".join(str(p.value) for p in node.values if isinstance(p, ast.Constant))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for part in ast.iter_child_nodes(node):
        if not isinstance(node, ast.JoinedStr) or isinstance(part, ast.FormattedValue):
            yield from texts(part)


def test_what_an_error_says_is_in_the_catalogue() -> None:
    found = [
        f"{path.relative_to(FOLDER.parent)}:{line}: {text}"
        for path in sorted(FOLDER.parent.rglob("*.py"))
        for line, text in untranslated(ast.parse(path.read_text("utf-8")))
    ]
    assert found == [], "write them as _(text, place=value)"


def test_a_message_is_given_the_values_of_its_places() -> None:
    wrong = []
    for path in sorted(FOLDER.parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "_" and node.keywords):
                continue
            given = {keyword.arg for keyword in node.keywords}
            if isinstance(node.args[0], ast.Constant) and given != {
                name for _text, name, *_rest in Formatter().parse(str(node.args[0].value)) if name
            }:
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('raise RunError("no such town")', 1),
        ('raise RunError(f"{a}: no such {b} here")', 1),
        ('raise RunError("a; " + "; ".join(faults) + "is not there")', 1),
        ('raise RunError(_("no such town"))', 0),
        ('raise RunError(f"{path}: {fault}") from None', 0),
        ('raise TypeError("no such thing")', 0),
        ('say(f"waiting for {name} here")', 1),
        ('typer.echo(f"{path}：读不出")', 0),
    ],
)
def test_an_untranslated_text_is_found(code: str, found: int) -> None:
    assert len(list(untranslated(ast.parse(code)))) == found


def test_every_marked_message_and_every_help_is_translated() -> None:
    held = catalogue()
    missing = [m for m in marked() if m not in held or not held[m].string]
    assert missing == [], "write them into the .po, then python -m tests.catalogue"
    assert {entry.id for entry in held if entry.id} == set(marked())
    english = [m for m in marked() if m != ", " and not CHINESE.search(str(held[m].string))]
    assert english == []


def test_places_of_a_message_are_those_of_its_translation() -> None:
    for entry in catalogue():
        if not entry.id or "{}" in entry.id:
            continue
        wanted, found = (
            {tuple(place) for _text, *place in Formatter().parse(t) if place[0]}
            for t in (str(entry.id), str(entry.string))
        )
        assert wanted == found, entry.id


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    assert PO.with_suffix(".mo").read_bytes() == compiled(catalogue()), "python -m tests.catalogue"


@pytest.mark.parametrize(
    ("settings", "spoken"),
    [
        ({"REPORTKIT_LANG": "zh", "LANG": "en_US.UTF-8"}, "zh"),
        ({"REPORTKIT_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_which_language_is_spoken(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], spoken: str
) -> None:
    for name in ("REPORTKIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert language() == spoken
    assert bool(CHINESE.search(_("interrupted"))) == (spoken == "zh")


def test_help_is_chinese_where_chinese_is_spoken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for spoken, words in (("zh", "生成各单位的年度报告"), ("en", "Make every town")):
        monkeypatch.setenv("REPORTKIT_LANG", spoken)
        assert main(["run", "--help"]) == 0
        told = capsys.readouterr().out
        assert words in told
        assert ("选项" in told) == (spoken == "zh")
        assert "{" not in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--nope"], "没有选项--nope"),
        (["run", "--yer", "2021"], "没有选项--yer；是不是--year？"),
        (["rum"], "没有命令rum；是不是'run'？"),
        (["xyz"], "没有命令xyz"),
        (["run", "--year"], "--year后面要有一个值"),
        (["run", "--draft=yes"], "--draft后面不带值"),
        (["run", "--year", "abc"], "--year: 不是整数"),
        (["run", "--timeout", "abc"], "--timeout: 不是数"),
        (["run", "--workers", "0"], "--workers: 小于1"),
        (["run", "--engine", "cold"], "--engine: cold不在'warm', 'stock'之中"),
        (["due", "--on", "x"], "--on: x不是日期"),
        (["check"], "缺少PATH..."),
        (["ingest"], "缺少--store"),
        (["template", "a.xlsx", "b"], "多余的内容：b"),
        (["read", "/nowhere.txt"], "没有这个文件或文件夹"),
        (["run", "--source", "duck:///x"], "没有这种数据来源；是不是'duckdb://'？"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.setenv("REPORTKIT_LANG", "zh")
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert said in told
    lines = [line for line in told.splitlines() if line.strip()]
    assert all(CHINESE.search(line) for line in lines), told


def test_help_is_shown_without_parsers_of_markdown_and_python() -> None:
    code = (
        "import sys\n"
        "from reportkit.language.help import translate_typer\n"
        "translate_typer()\n"
        "print({'markdown_it', 'rich.markdown', 'rich.traceback'} & set(sys.modules))\n"
        "from typer import rich_utils\n"
        "print(type(rich_utils.Markdown('# x')).__name__)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["set()", "Markdown"]
