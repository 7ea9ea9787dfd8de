"""Notebooks of somebody's own: what they take is read from them, and checked before anything starts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import docx
import nbformat
import pytest

from reportkit.cli.main import _joined, main
from reportkit.errors import ParameterError
from reportkit.project import packaged_notebook
from reportkit.running.execution.own import own_parameters, read_takes
from reportkit.running.planning.asked import read_asked
from reportkit.running.planning.last_run import look_back
from reportkit.running.planning.plan import make_plan
from reportkit.running.planning.survey import Inventory
from reportkit.running.request import resolve
from reportkit.running.results.record import Record

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "a-notebook-of-your-own.md"
FOUR = 'town: str = "a"\nyear: int = 2021\nsource: str = "sample:"\naudience: str = "public"\n'


def notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of some cells, the first one tagged."""
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nb.cells[0].metadata.tags = ["parameters"]
    path.write_text(nbformat.v4.writes(nb), "utf-8")
    return path


def test_the_master_takes_the_four() -> None:
    takes = read_takes(packaged_notebook())
    assert list(takes.types) == ["town", "year", "source", "audience"]
    assert own_parameters(takes, {}, None, ()) == {}


def test_types_are_those_of_annotations_else_of_defaults(tmp_path: Path) -> None:
    source = (
        FOUR
        + 'least: int = 3\nshare: float = 0.5\ntopic = "热线"\nnames = ["a"]\nwhen = date(2021, 1, 1)\n'
    )
    takes = read_takes(notebook(tmp_path / "a.ipynb", source))
    kinds = {
        name: kind
        for name, kind in takes.types.items()
        if name not in ("town", "year", "source", "audience")
    }
    assert kinds == {"least": "int", "share": "float", "topic": "str", "names": "list", "when": ""}


@pytest.mark.parametrize(
    ("batch", "pairs", "words"),
    [
        ({"leest": 1}, [], "parameters: a.ipynb has no parameter 'leest'; did you mean 'least'?"),
        ({"least": "many"}, [], "parameters: least: 'many' is no int"),
        ({}, ["leest=1"], "-p: a.ipynb has no parameter 'leest'; did you mean 'least'?"),
        ({}, ["least=many"], "-p: least: 'many' is no int"),
        ({}, ["least=true"], "-p: least: True is no int"),
        ({}, ["year=2020"], "'year' is set by the run itself"),
        ({}, ["least"], "a name and a value are wanted"),
        ({}, [], "the parameter 'must' is missing: give it by -p must VALUE"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, batch: dict[str, Any], pairs: list[str], words: str
) -> None:
    takes = read_takes(notebook(tmp_path / "a.ipynb", FOUR + "least: int = 3\nmust: int\n"))
    with pytest.raises(ParameterError) as fault:
        own_parameters(takes, batch, Path("params/batch.yaml"), pairs)
    assert words in str(fault.value)


def test_the_calls_own_win_over_the_batch_files(tmp_path: Path) -> None:
    source = FOUR + "least: int = 3\nwide: bool = False\nnames: list = []\n"
    takes = read_takes(notebook(tmp_path / "a.ipynb", source))
    given = own_parameters(takes, {"least": 1}, Path("b"), ["least=2", "wide=True", 'names=["a"]'])
    assert given == {"least": 2, "wide": True, "names": ["a"]}


def test_the_batch_files_parameter_of_another_notebook_is_left_out(tmp_path: Path) -> None:
    takes = read_takes(notebook(tmp_path / "a.ipynb", FOUR + "least: int = 3\n"))
    notebook(tmp_path / "b.ipynb", FOUR + "topic: str = '热线'\n")
    (tmp_path / "c.ipynb").write_text("no notebook", "utf-8")
    batch = {"least": 1, "topic": "市场"}
    assert own_parameters(takes, batch, Path("b"), (), [tmp_path]) == {"least": 1}
    with pytest.raises(ParameterError, match="has no parameter 'topic'"):
        own_parameters(takes, batch, Path("b"), ())
    with pytest.raises(ParameterError, match=r"-p: a\.ipynb has no parameter 'topic'"):
        own_parameters(takes, batch, Path("b"), ["topic=市场"], [tmp_path])
    with pytest.raises(ParameterError, match="has no parameter 'topics'"):
        own_parameters(takes, {"topics": "市场"}, Path("b"), (), [tmp_path])


def test_a_parameter_of_the_run_has_the_runs_type(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="'year' is a str; a run gives it a int"):
        read_takes(notebook(tmp_path / "a.ipynb", 'year: str = "2021"\nleast = 1\n'))
    with pytest.raises(ParameterError, match="did you mean 'town'"):
        read_takes(notebook(tmp_path / "a.ipynb", 'Town: str = "a"\n'))


def test_p_takes_two_words_as_papermill_has_it() -> None:
    assert _joined(["run", "-p", "least", "-1", "--draft"]) == ["run", "-p", "least=-1", "--draft"]
    assert _joined(["run", "-p", "least=1", "--draft"]) == ["run", "-p", "least=1", "--draft"]


@pytest.mark.parametrize(
    ("source", "made", "given"),
    [
        (FOUR, [("aa", 2020), ("aa", 2021), ("bb", 2021)], None),
        ('town: str = "a"\n', [("aa", 2021), ("bb", 2021)], {"town": "aa"}),
        ("year: int = 2021\n", [("my-page", 2020), ("my-page", 2021)], {"year": 2020}),
        ("least: int = 1\n", [("my-page", 2021)], {"least": 1}),
    ],
)
def test_what_a_notebook_does_not_take_is_not_part_of_its_matrix(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    made: list[tuple[str, int]],
    given: dict[str, Any] | None,
) -> None:
    from reportkit.report import Town

    monkeypatch.chdir(tmp_path)
    path = notebook(tmp_path / "My page.ipynb", source)
    request = resolve(
        source="sample:", notebook=path, given=("least=1",) if "least" in source else ()
    )
    inventory = Inventory(
        key="",
        uri="sample:",
        towns={id_: Town(id=id_, name=id_, county="c", kind="town") for id_ in ("aa", "bb")},
        digests={"aa": {2020: "1", 2021: "2"}, "bb": {2021: "3"}},
    )
    asked = read_asked(request)
    steps = make_plan(asked, look_back(asked, Record(request).manifest), inventory).steps
    assert [step.key for step in steps] == made
    assert steps[0].given == given


def blocks(kind: str) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [str(block).strip() for block in found]


@pytest.mark.kernel
def test_the_page_about_hotlines_stands_in_every_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What docs/howto says, done: its cells as a notebook, its command."""
    monkeypatch.chdir(tmp_path)
    notebook(tmp_path / "hotlines.ipynb", *blocks("python"))
    (command,) = blocks("sh")
    words = command.split()[1:]
    assert main([*words[:-1], "many"]) == 2
    assert "is no int" in capsys.readouterr().err
    assert main(words) == 0, capsys.readouterr().err
    folder = tmp_path / "output" / "2021"
    page = (folder / "ershilidian.html").read_text("utf-8")
    assert "附：12345热线" in page
    assert "1031" in page
    document = docx.Document(str(folder / "ershilidian.docx"))
    assert any("附：12345热线" in p.text for p in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "1031" in cells
    body = json.loads((folder / "ershilidian.ipynb").read_text("utf-8"))
    assert "least = 1" in "".join("".join(cell["source"]) for cell in body["cells"])
