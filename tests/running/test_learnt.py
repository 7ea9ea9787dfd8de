"""A cell that was learnt before the fork does what IPython does with it, and so does whatever was not learnt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import nbformat
import papermill
import pytest
from IPython.core.interactiveshell import ExecutionResult
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from papermill.translators import translate_parameters

from reportkit.project import packaged_notebook
from reportkit.running.execution import execute, in_process, learnt
from reportkit.running.execution.displays import Displays
from reportkit.running.job import Job
from reportkit.running.output_folder import OutputFolder

CELLS = (
    "class Shown:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n        return {'text/html': '<b>1</b>'}\n\n    def __repr__(self):\n        return 'one'\n\n\nshown = Shown()",
    "import warnings\n\nshown",
    "print('out')\n'a value'",
    "str.upper(_) + str(len(Out)) + In[2][:6]",
    "import math\n\nmath.pi;",
    "for n in range(2):\n    warnings.warn('once a cell')\n    1 / (1 - n)",
)
"""The last one raises."""


def outputs(shell: in_process.Shell) -> list[list[dict[str, Any]]]:
    """Run the cells after one of parameters and return what each showed, up to the one that raised."""
    shown = []
    for cell in ("year = 2021", *CELLS):
        caught = shell.outputs.begin()
        shell.run_cell(cell, store_history=True)
        shown.append(json.loads(json.dumps(caught)))
    return shown


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[in_process.Shell]:
    monkeypatch.setattr(learnt, "_LEARNT", {})
    monkeypatch.setattr(learnt, "_PRISTINE", [])
    yield in_process.fresh_shell()
    in_process.Shell.clear_instance()


def notebook() -> bytes:
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    text: str = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    return text.encode()


def test_learnt_cells_show_what_ipython_shows(
    shell: in_process.Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = outputs(shell)
    assert usual[-1][-1]["ename"] == "ZeroDivisionError"
    fresh = in_process.fresh_shell()
    learnt.learn(fresh, notebook())
    assert len(learnt._LEARNT) == len(CELLS)
    ran: list[str] = []

    def noted(shell: in_process.Shell, known: learnt.Learnt) -> ExecutionResult:
        ran.append(known.raw)
        return learnt.run_learnt(shell, known)

    monkeypatch.setattr(in_process, "run_learnt", noted)
    assert outputs(fresh) == usual
    assert ran == list(CELLS)


@pytest.mark.parametrize(
    "change",
    [
        "from __future__ import annotations",
        "get_ipython().input_transformers_post.append(lambda lines: lines)",
        "%config InteractiveShell.ast_node_interactivity = 'all'",
        "%autocall 1",
    ],
)
def test_a_changed_shell_forgets_what_it_learnt(shell: in_process.Shell, change: str) -> None:
    learnt.learn(shell, notebook())
    key = CELLS[0], 2
    shell.run_cell(change, store_history=True)
    assert key in learnt._LEARNT
    assert learnt.learnt(shell, CELLS[0]) is None


def test_a_printer_that_somebody_registers_is_asked(shell: in_process.Shell) -> None:
    shell.run_cell(CELLS[0])
    shown: Any = shell.user_ns["shown"]
    displays = shell.display_formatter
    assert isinstance(displays, Displays)
    assert displays._says_all(shown)
    assert displays.format(shown)[0].keys() == {"text/html", "text/plain"}
    displays.formatters["text/markdown"].for_type(type(shown), lambda _: "*1*")
    assert displays.format(shown)[0]["text/markdown"] == "*1*"
    assert not displays._says_all(3)


def test_a_notebook_is_loaded_and_filled_in_as_papermill_does_it() -> None:
    job = Job(
        notebook=packaged_notebook().read_bytes(),
        parameters={"town": "a", "year": 2021, "source": "sample:", "audience": "public"},
        files={},
        output=OutputFolder.at("."),
        internal=OutputFolder.at("."),
    )
    ours = execute._with_parameters(execute._loaded(job.notebook), job)
    theirs = parameterize_notebook(
        load_notebook_node(str(packaged_notebook())), dict(job.parameters)
    )
    added = [cell for cell in ours.cells if "injected-parameters" in cell.metadata.tags]
    for node in (ours, theirs):
        for cell in node.cells:
            if "injected-parameters" in cell.metadata.tags:
                cell.id = "new"
    assert len(added) == 1
    assert ours == theirs
    assert ours.metadata.papermill["version"] == papermill.__version__


@pytest.mark.parametrize(
    "values",
    [
        {"town": "t00001", "year": 2021, "source": "/data/a b?", "audience": "public"},
        {"source": 'duckdb:///二十里/"x";%%y\\n', "year": -3, "note": "!ls ?"},
    ],
)
def test_papermills_cell_of_parameters_is_ready_as_ipython_makes_it(
    shell: in_process.Shell, values: dict[str, Any]
) -> None:
    learnt.learn(shell, notebook())
    source = translate_parameters("python3", "python", values, "Parameters")
    known = learnt.learnt(shell, source)
    assert known is not None
    assert known.cell == shell.transform_cell(source)  # type: ignore[no-untyped-call]
    shell.run_cell(source, store_history=True)
    assert {name: shell.user_ns[name] for name in values} == values


@pytest.mark.parametrize("value", [1.5, None, True, [1], {"a": 1}])
def test_other_parameters_are_looked_at_by_ipython(shell: in_process.Shell, value: object) -> None:
    learnt.learn(shell, notebook())
    source = translate_parameters("python3", "python", {"a": value}, "Parameters")
    assert learnt.learnt(shell, source) is None


def test_every_cell_of_the_masters_run_is_learnt(shell: in_process.Shell) -> None:
    content = packaged_notebook().read_bytes()
    learnt.learn(shell, content)
    cells = nbformat.v4.reads_json(content.decode()).cells
    sources = [cell.source for cell in cells if learnt.is_run(cell)]
    numbers = [1, *range(3, len(sources) + 2)]  # the second is papermill's
    assert list(learnt._LEARNT) == list(zip(sources, numbers, strict=True))
