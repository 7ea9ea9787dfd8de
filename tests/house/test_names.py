"""One name, one thing: no class of the package has the name of another one."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import reportkit

PACKAGE = Path(reportkit.__file__).parent
_CLASS = re.compile(r"^class (\w+)", re.MULTILINE)

ALLOWED: dict[str, str] = {}
"""The names that two classes share, each with its reason. A new one is not the way: say what the thing is."""


def classes(package: Path) -> dict[str, list[str]]:
    """Return the modules that define a class of each name, at the top of the module."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(package.rglob("*.py")):
        for name in _CLASS.findall(file.read_text("utf-8")):
            found[name].append(file.relative_to(package).as_posix())
    return found


@cache
def doubled(package: Path) -> dict[str, list[str]]:
    """Return the names that two modules or more define a class of."""
    return {name: where for name, where in classes(package).items() if len(where) > 1}


def test_no_two_classes_have_one_name() -> None:
    assert {n: where for n, where in doubled(PACKAGE).items() if n not in ALLOWED} == {}


def test_every_exception_is_one_still() -> None:
    assert set(ALLOWED) == set(doubled(PACKAGE))


def test_a_second_class_of_a_name_is_seen(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / f"{name}.py").write_text("class Place:\n    pass\n", "utf-8")
    (tmp_path / "third.py").write_text("class Thing:\n    pass\n", "utf-8")
    assert doubled(tmp_path) == {"Place": ["one.py", "other.py"]}
