"""A test whose program is absent skips, and fails where the variable says that everything is installed."""

from __future__ import annotations

import re

import pytest

from tests import programs


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a package that this machine lacks."""
    monkeypatch.setitem(programs._PRESENT, "pandoc", False)
    return "pandoc"


@pytest.mark.parametrize("value", [None, "", "0"])
def test_without_the_variable_a_test_skips(
    monkeypatch: pytest.MonkeyPatch, absent: str, value: str | None
) -> None:
    monkeypatch.delenv(programs.REQUIRED, raising=False)
    if value is not None:
        monkeypatch.setenv(programs.REQUIRED, value)
    with pytest.raises(pytest.skip.Exception, match="apt-get install pandoc"):
        programs.require(absent)


def test_with_the_variable_it_fails(monkeypatch: pytest.MonkeyPatch, absent: str) -> None:
    monkeypatch.setenv(programs.REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="needs pandoc"):
        programs.require(absent)


def test_ci_installs_every_package_and_sets_the_variable() -> None:
    from tests.conftest import ROOT

    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert f"export {programs.REQUIRED}=1" in ci
    for package in programs._PRESENT:
        assert f" {package}" in ci


def test_no_test_skips_for_a_program_in_another_way() -> None:
    """A skip of its own would stay a skip in CI."""
    from tests.conftest import ROOT

    own = ROOT / "tests" / "programs.py"
    for file in (ROOT / "tests").rglob("*.py"):
        if file not in {own, ROOT / "tests" / "test_programs.py"}:
            text = file.read_text("utf-8")
            found = re.findall(
                r"importorskip|which\(.(?:soffice|chromium|pandoc|pdf)|skipif\([A-Z]+ is None", text
            )
            assert not found, f"{file}: {found}"
