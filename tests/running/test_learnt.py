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
