"""The command line in both languages: nothing marked is left untranslated, and the compiled catalogue is that of the text."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from reportkit.cli.main import main
from reportkit.language import _, language
from tests.catalogue import PO, catalogue, compiled, marked

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_marked_message_and_every_help_is_translated() -> None:
    held = catalogue()
    missing = [m for m in marked() if m not in held or not held[m].string]
    assert missing == [], "write them into the .po, then python -m tests.catalogue"
    assert {entry.id for entry in held if entry.id} == set(marked())
    english = [
        m
        for m in marked()
        if m not in (", ", "申请编号") and not CHINESE.search(str(held[m].string))
    ]
    assert english == []


def test_places_of_a_message_are_those_of_its_translation() -> None:
    for entry in catalogue():
        if not entry.id or "{}" in entry.id:
            continue
        wanted, found = (
            {n for _t, n, _s, _c in Formatter().parse(t) if n}
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
