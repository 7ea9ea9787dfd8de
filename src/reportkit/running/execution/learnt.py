"""Cells that were learnt before the fork: nothing of them is parsed, transformed or compiled again in each report.

A cell is learnt from the notebook that this package carries, with its place in it, by IPython itself. It is run from what was
learnt only where nothing new stands between its text and its code: no transformer of a user's own, no future import, no
change to the shell's settings. Whatever else a cell may be, IPython runs it; and what a learnt cell does when it runs,
be it a display, a value of ``_``, a hook or an exception, is IPython's own too.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Coroutine
from dataclasses import dataclass
from types import CodeType
from typing import Any, Final

import nbformat
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult

_CALL: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+\(")
"""How a single line begins that no name in the namespace can turn into something else: a dotted name that is called."""


_PARAMETERS: Final = re.compile(
    r"""# Parameters\n(?:[A-Za-z_]\w* = (?:"(?:[^"\\\n]|\\.)*"|-?\d+)\n)+""", re.ASCII
)
"""papermill's cell of texts and whole numbers: nothing in it is IPython's, so its transformers leave it as it is."""


@dataclass(frozen=True)
class Learnt:
    """A cell as IPython made it ready."""

    raw: str
    cell: str
    """Its text after IPython's transformers."""
    name: str
    """The file name that its code has in tracebacks."""
    codes: tuple[CodeType, ...]
    quiet: bool
    """Whether it ends in a semicolon, so that its value is not shown."""


_LEARNT: dict[tuple[str, int], Learnt] = {}
"""By a cell's text and its execution count, which is part of its name in tracebacks."""
_PRISTINE: list[tuple[object, ...]] = []
"""What the shell was set to when the cells were learnt."""


def learn(shell: Any, notebook: bytes) -> None:
    """Learn the cells of a notebook that is run with one cell of parameters put in."""
    cells = nbformat.v4.reads_json(notebook.decode()).cells
    tags = [cell.metadata.get("tags", ()) for cell in cells]
    place = next((nth for nth, of_cell in enumerate(tags) if "parameters" in of_cell), -1)
    sources = [(nth > place, cell.source) for nth, cell in enumerate(cells) if is_run(cell)]
    _PRISTINE[:] = [_settings(shell)]
    for number, (after, source) in enumerate(sources, 1):
        if len(source.splitlines()) == 1 and not _CALL.match(source):
            continue
        cell = shell.transform_cell(source)
        if "get_ipython" not in cell:
            ready = _ready(shell, source, cell, number + after)
            if ready is not None:
                _LEARNT[source, number + after] = ready


def is_run(cell: nbformat.NotebookNode) -> bool:
    """Say whether there is something in a cell that can be run."""
    return bool(cell.cell_type == "code" and cell.source.strip())


def learnt(shell: Any, source: str) -> Learnt | None:
    """Return what is known of a cell that is about to run, ``None`` where IPython has to look at it."""
    known = _LEARNT.get((source, shell.execution_count))
    plain = known is None and bool(_PRISTINE) and _PARAMETERS.fullmatch(source) is not None
    if not (known or plain) or [_settings(shell)] != _PRISTINE:
        return None
    return known or _ready(shell, source, source, shell.execution_count)


def _ready(shell: Any, source: str, cell: str, number: int) -> Learnt | None:
    """Compile a cell as IPython does once its transformers are done; ``None`` where it must be looked at as it runs."""
    name = shell.compile.get_code_name(source, cell, number)
    try:
        nodes = ast.parse(cell, name).body
    except SyntaxError:
        return None
    if not nodes:
        return None
    shown = isinstance(nodes[-1], ast.Expr)
    codes = tuple(
        shell.compile(
            ast.Interactive([node]) if last and shown else ast.Module([node], []),
            name,
            "single" if last and shown else "exec",
        )
        for node, last in ((node, node is nodes[-1]) for node in nodes)
    )
    if any(code.co_flags & inspect.CO_COROUTINE for code in codes):
        return None
    quiet = shown and bool(shell.displayhook.semicolon_at_end_of_expression(cell))
    return Learnt(source, cell, name, codes, quiet)


def run_learnt(shell: Any, known: Learnt) -> ExecutionResult:
    """Run a learnt cell: the steps of IPython's ``run_cell`` that are left, in its order."""
    info = ExecutionInfo(known.raw, True, False, True, None, None, transformed_cell=known.cell)  # type: ignore[no-untyped-call]
    result = ExecutionResult(info)  # type: ignore[no-untyped-call]
    with shell._tee(channel="stdout"), shell._tee(channel="stderr"):  # noqa: SLF001  # as IPython does it
        try:
            _run(shell, known, info, result)
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
    return result


def _run(shell: Any, known: Learnt, info: ExecutionInfo, result: ExecutionResult) -> None:
    count = result.execution_count = shell.execution_count
    shell.execution_count += 1
    shell.events.trigger("pre_execute")
    shell.events.trigger("pre_run_cell", info)
    shell.history_manager.store_inputs(count, known.cell, known.raw)
    shell.logger.log(known.cell, known.raw)
    with shell.builtin_trap:
        shell.compile.cache(known.cell, count, raw_code=known.raw)
        with shell.display_trap:
            shell.displayhook.exec_result, shell.displayhook.known = result, known
            failed = any(_now(shell.run_code(code, result)) for code in known.codes)
            shell.last_execution_succeeded = not failed
            shell.last_execution_result = result
            shell.displayhook.exec_result = shell.displayhook.known = None
    shell.history_manager.store_output(count)
    if result.error_in_exec:
        shell.history_manager.exceptions[count] = shell._format_exception_for_storage(  # noqa: SLF001
            result.error_in_exec
        )


def _now(running: Coroutine[Any, Any, bool]) -> bool:
    """Run IPython's coroutine, which waits for nothing where the code does not."""
    try:
        running.send(None)
    except StopIteration as end:
        return bool(end.value)
    raise RuntimeError("a cell without await waits")


def _settings(shell: Any) -> tuple[object, ...]:
    """Return all that decides how a text becomes code, and who is told of it."""
    transformers, prefilter = shell.input_transformer_manager, shell.prefilter_manager
    return (
        shell.compile.flags,
        shell.autocall,
        shell.autoawait,
        shell.ast_node_interactivity,
        [*shell.ast_transformers],
        [*shell.input_transformers_post],
        [*transformers.cleanup_transforms],
        [*transformers.line_transforms],
        [*transformers.token_transformers],
        len(prefilter.checkers),
        len(prefilter.transformers),
        type(shell).run_code,
    )
