"""A papermill engine that executes a notebook's cells in this very process, as a kernel would.

It is for processes that run one report: a forked child, or a spawned worker between two of its reports.
IPython's shell does the work, so magics, ``display`` and tracebacks are those of a kernel; what a kernel
sends over its sockets is caught here and laid into the cells.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOBase
from typing import Any, ClassVar, Final

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from nbformat import NotebookNode
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

from reportkit.blocks import Masthead
from reportkit.running.execution.clock import Books
from reportkit.running.execution.displays import Displays
from reportkit.running.execution.learnt import Learnt, is_run, learnt, run_learnt

IN_PROCESS: Final = "reportkit-in-process"
"""The engine's name in papermill's registry, in the processes that may use it."""

Output = dict[str, Any]


class Outputs:
    """The outputs of the cell that is running, in nbformat's shape."""

    def __init__(self) -> None:
        self.cell: list[Output] = []
        self._clear_next = False
        self._displays: dict[str, list[Output]] = {}

    def begin(self) -> list[Output]:
        """Start a cell and return the list that its outputs go into."""
        self.cell = []
        self._clear_next = False
        return self.cell

    def add(self, output: Output, display_id: str | None = None) -> None:
        """Add an output; text on one stream runs together as it does from a kernel."""
        self._clear_if_asked()
        last = self.cell[-1] if self.cell else None
        stream = output["output_type"] == "stream"
        if stream and last and last.get("name") == output["name"]:
            last["text"] += output["text"]
            return
        self.cell.append(output)
        if display_id is not None:
            self._displays.setdefault(display_id, []).append(output)

    def update(self, display_id: str, data: Any, metadata: Any) -> None:
        """Replace what was shown under a display id, in whichever cell it stands."""
        for output in self._displays.get(display_id, ()):
            output["data"], output["metadata"] = data, metadata

    def clear(self, *, wait: bool) -> None:
        """Clear the cell's outputs, now or when the next one comes."""
        self._clear_next = True
        if not wait:
            self._clear_if_asked()

    def _clear_if_asked(self) -> None:
        if self._clear_next:
            self.cell.clear()
            self._clear_next = False


class _Publisher(DisplayPublisher):
    """Catches what ``display`` shows."""

    def publish(  # type: ignore[override]  # as ipykernel's has it
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        display_id = (transient or {}).get("display_id")
        if update and display_id is not None:
            self.shell.outputs.update(display_id, data, metadata or {})
            return
        output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        self.shell.outputs.add(output, display_id)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait=wait)


class _Hook(DisplayHook):
    """Catches the value of a cell's last line."""

    known: Learnt | None = None
    """The cell that is running, where it was learnt."""

    def quiet(self) -> bool:
        """Say whether the cell ends in a semicolon."""
        shell: Any = self.shell
        parsed = shell.history_manager.input_hist_parsed
        if self.known is not None and parsed[-1] == self.known.cell.rstrip("\n"):
            return self.known.quiet
        return bool(super().quiet())  # type: ignore[no-untyped-call]

    def write_output_prompt(self) -> None:
        """Write no prompt."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        shell: Any = self.shell
        shell.outputs.add(
            {
                "output_type": "execute_result",
                "execution_count": self.prompt_count,
                "data": format_dict,
                "metadata": md_dict or {},
            }
        )

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Stream(TextIOBase):
    """Catches what is printed."""

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs = outputs
        self.name = name

    def write(self, text: str) -> int:
        if text:
            self._outputs.add({"output_type": "stream", "name": self.name, "text": text})
        return len(text)

    def writable(self) -> bool:
        return True


class Shell(InteractiveShell):
    """IPython's shell with every output caught."""

    display_pub_class = _Publisher
    displayhook_class = _Hook

    outputs: Outputs
    """Where all outputs go."""

    def init_display_formatter(self) -> None:
        """Use the formatter that asks only those who have something to say."""
        self.display_formatter = Displays(parent=self)
        self.configurables.append(self.display_formatter)  # type: ignore[arg-type]  # as IPython itself does

    def run_cell(self, raw_cell: str, *args: Any, **options: Any) -> ExecutionResult:
        """Run a cell: one that was learnt before the fork without parsing and compiling it again."""
        known = learnt(self, raw_cell) if options == {"store_history": True} and not args else None
        if known is None:
            result: ExecutionResult = super().run_cell(raw_cell, *args, **options)  # type: ignore[no-untyped-call]
            return result
        return run_learnt(self, known)

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no window here."""

    def _showtraceback(self, etype: type[BaseException], evalue: Any, stb: list[str]) -> None:
        self.outputs.add(
            {
                "output_type": "error",
                "ename": etype.__name__,
                "evalue": str(evalue),
                "traceback": list(stb),
            }
        )


def fresh_shell() -> Shell:
    """Return a new shell with an empty namespace, in place of any older one.

    No history: its database would start a thread, and a report has no past.
    """
    Shell.clear_instance()
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=settings)
    shell.outputs = Outputs()
    return shell


def prepare_shell() -> Shell:
    """Return a new shell for a process that will be forked, its formatters made: each is made at its first use."""
    shell = fresh_shell()
    for shown in (None, Masthead("", "", None)):
        shell.display_formatter.format(shown)  # type: ignore[union-attr]  # it has one
    return shell


class InProcessEngine(Engine):  # type: ignore[misc]  # papermill has no types
    """Executes the cells here. Only its own processes register it."""

    prepared: ClassVar[Shell | None] = None
    """A shell made before the fork."""
    managed: ClassVar[NotebookExecutionManager | None] = None
    """The notebook that is running: papermill drops it when a cell fails."""
    on_cell: ClassVar[Callable[[int], None] | None] = None
    """Told the place of each code cell when it starts."""

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, **options: Any) -> NotebookNode:
        """Execute a notebook as papermill's own method does, with books that are kept faster."""
        if set(options) - {"progress_bar"} or options.get("progress_bar", True):
            return super().execute_notebook(nb, kernel_name, **options)  # type: ignore[no-any-return]
        books = Books(nb, progress_bar=False)
        books.notebook_start()
        try:
            cls.execute_managed_notebook(books, kernel_name)
        finally:
            books.notebook_complete()
        return books.nb  # type: ignore[no-any-return]

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, _kernel_name: str, **_: Any
    ) -> None:
        """Execute every code cell up to the first that fails."""
        cls.managed = nb_man
        shell = cls.prepared or fresh_shell()
        cls.prepared = None
        outputs = shell.outputs
        streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = _Stream(outputs, "stdout"), _Stream(outputs, "stderr")
        try:
            for index, cell in enumerate(nb_man.nb.cells):
                if is_run(cell):
                    if cls.on_cell is not None:
                        cls.on_cell(index)
                    if not _run(nb_man, shell, cell, index):
                        return
        finally:
            sys.stdout, sys.stderr = streams


def _run(nb_man: NotebookExecutionManager, shell: Shell, cell: NotebookNode, index: int) -> bool:
    nb_man.cell_start(cell, index)
    caught = shell.outputs.begin()
    try:
        result = shell.run_cell(cell.source, store_history=True)
    finally:
        cell.execution_count = shell.execution_count - 1
        cell.outputs = [_node(output) for output in caught]
    if result.success:
        nb_man.cell_complete(cell, index)
        return True
    nb_man.cell_exception(cell, index)
    nb_man.cell_complete(cell, index)
    return False


def _node(output: Output) -> NotebookNode:
    return NotebookNode(output)


def register() -> None:
    """Let papermill find the engine, in this process alone."""
    papermill_engines.register(IN_PROCESS, InProcessEngine)
