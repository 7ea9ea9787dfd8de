"""A view's report in every format, from Python: its notebook is executed here, and the exporters print it.

The cells are the project's own, so that ``report.to_docx()`` and ``reportkit run`` give the same file. They run in
this process and in a namespace of their own: what a cell assigns does not reach the caller's names.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from reportkit.errors import ReportkitError, RunError
from reportkit.files import write_whole
from reportkit.language import _
from reportkit.notebook.altair_charts import show_charts_as_data

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from reportkit.export.formats import Printer


class Printable(Protocol):
    """What has a notebook that shows it."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters that its notebook loads it by."""
        ...

    @property
    def notebook(self) -> Path:
        """The notebook that shows it."""
        ...


_PRINTED: Final[ContextVar[Any]] = ContextVar("printed", default=None)


def printed_view(parameters: Mapping[str, Any]) -> Any:
    """Return the view that is being printed here, where these are its parameters: nothing is read twice."""
    view: Printable | None = _PRINTED.get()
    return view if view is not None and dict(view.parameters) == dict(parameters) else None


def printer_of(view: Printable, *, draft: bool) -> Printer:
    """Execute a view's notebook and return what prints it in any format.

    Raises :class:`~reportkit.errors.RunError` for a cell that fails, naming it, and
    :class:`~reportkit.errors.PublicRefused` for a public draft unless ``draft`` allows it.
    """
    from reportkit.export.document import read_document  # noqa: PLC0415  # only who prints needs them
    from reportkit.export.formats import Printer  # noqa: PLC0415

    given = _PRINTED.set(view)
    try:
        executed = execute_here(view.notebook, view.parameters)
    finally:
        _PRINTED.reset(given)
    return Printer(read_document(executed, draft=draft))


def put(body: bytes, path: str | Path, name: str) -> Path:
    """Write a whole file to a path, or under a name into a folder, and return where it stands."""
    place = Path(path).expanduser()
    place = place / name if place.is_dir() else place
    write_whole(place, body)
    return place


def execute_here(path: Path, parameters: Mapping[str, Any]) -> NotebookNode:
    """Return a notebook with the outputs that its cells have in this process."""
    import nbformat  # noqa: PLC0415  # slow to import

    nb: NotebookNode = nbformat.read(path, as_version=4)
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(nb.cells, 1):
        if cell.cell_type != "code":
            continue
        try:
            cell.outputs = [nbformat.v4.new_output(**each) for each in _run(cell.source, names)]
        except ReportkitError:
            raise
        except Exception as fault:
            raise RunError(
                _(
                    "{path}: cell {number} failed: {kind}: {fault}",
                    path=path,
                    number=number,
                    kind=type(fault).__name__,
                    fault=fault,
                )
            ) from fault
        if "parameters" in cell.metadata.get("tags", ()):
            names.update(parameters)
    return nb


def _run(source: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    """Run one cell and return its outputs: what it displayed, then the value of its last line."""
    from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415

    magics: Any = TransformerManager  # it carries no types
    body = ast.parse(magics().transform_cell(source)).body
    shows = body and isinstance(body[-1], ast.Expr) and not source.rstrip().endswith(";")
    last = body.pop() if shows else None
    value = None
    with _displays() as (shown, formatter):
        # The user's own notebook is run here as JupyterLab runs it.
        exec(compile(ast.Module(body, []), "<cell>", "exec"), names)  # noqa: S102
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)  # noqa: S307
    bundles = [*shown]
    if value is not None:
        bundles.append(formatter.format(value))
    return [
        {"output_type": "display_data", "data": _as_json(data), "metadata": _as_json(metadata)}
        for data, metadata in bundles
    ]


@contextlib.contextmanager
def _displays() -> Iterator[tuple[list[tuple[Any, Any]], Any]]:
    """Catch what a cell displays and prints; yield the list of it, and the formatter of its last value."""
    from IPython.core import display_functions  # noqa: PLC0415
    from IPython.core.formatters import DisplayFormatter  # noqa: PLC0415
    from IPython.core.getipython import get_ipython  # noqa: PLC0415
    from IPython.utils.capture import capture_output  # noqa: PLC0415

    shell: Any = get_ipython()
    shown: list[tuple[Any, Any]] = []
    if shell is not None:
        with capture_output() as caught:
            yield shown, shell.display_formatter
        shown += [(each.data, each.metadata) for each in caught.outputs]
        return
    formatter: Any = DisplayFormatter()
    show_charts_as_data(formatter)

    def display(*values: Any, **_: Any) -> None:
        shown.extend(formatter.format(value) for value in values)

    import IPython.display  # noqa: PLC0415

    kept = display_functions.display
    IPython.display.display = display
    try:
        with capture_output(display=False):
            yield shown, formatter
    finally:
        IPython.display.display = kept


def _as_json(bundle: Any) -> Any:
    """Return a bundle as a notebook on disk holds it: keys sorted, pictures in Base64."""
    plain = {
        key: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for key, value in (bundle or {}).items()
    }
    return json.loads(json.dumps(plain, sort_keys=True))
