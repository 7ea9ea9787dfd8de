"""Write the generated pages of docs/: `make docs`. Tests hold each page to its source."""

from __future__ import annotations

import ast
import inspect
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import typer

from reportkit.checks.catalogue import render_rules
from reportkit.cli.main import build_app
from reportkit.files import write_whole
from reportkit.registers.page import render_registers
from reportkit.report import json_schema
from tests.api_page import api_page

DOCS = Path(__file__).parent.parent / "docs"


def schema_text() -> str:
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def floors_picture() -> str:
    """Draw the floors: each line of the linter's contract with the first line of what stands there."""
    root = DOCS.parent
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    floors = next(
        contract
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    lines = ["```"]
    for floor in floors["layers"]:
        for name in floor.split(" | "):
            mark = "│ " if name != floor.split(" | ")[0] else ""
            lines.append(f"{mark + name:<14}{_first_line(root / 'src/reportkit' / name)}")
    return "\n".join([*lines, "```"])


def _first_line(place: Path) -> str:
    """Return the first line of a package's or module's docstring, up to its colon or period."""
    path = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return said.splitlines()[0].rstrip(".") if said else ""


def architecture() -> str:
    """Return docs/architecture.md with its picture of the floors drawn anew."""
    text = (DOCS / "architecture.md").read_text("utf-8")
    start, end = "<!-- floors: written by tests/docs.py -->\n", "<!-- end of floors -->"
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}{floors_picture()}\n{end}{after}"


def commands() -> str:
    """Return the reference of the commands, from the command line itself."""
    root = typer.main.get_command(build_app())
    lines = [
        "# Commands\n",
        "Written from the command line itself; `reportkit COMMAND --help` says the same.\n",
    ]
    for name, command in root.commands.items():  # type: ignore[attr-defined]  # a group
        lines.append(f"## {name}\n\n{inspect.cleandoc(command.help or '')}\n")
        rows = [row for each in command.params if (row := _option(each))]
        if rows:
            lines += ["| option | meaning |", "|---|---|", *rows, ""]
    return "\n".join(lines).rstrip() + "\n"


def _option(param: Any) -> str:
    """Return an option as a row of a table; empty for one that is hidden."""
    if getattr(param, "hidden", False):
        return ""
    metavar = param.metavar or ""
    names = (
        ", ".join((*param.opts, *param.secondary_opts)) if param.param_type_name == "option" else ""
    )
    shown = " ".join(filter(None, (names, metavar))).replace("|", "\\|")
    return f"| `{shown or param.name}` | {(getattr(param, 'help', '') or '').replace('|', chr(92) + '|')} |"


PAGES: Mapping[str, Callable[[], str]] = {
    "rules.md": render_rules,
    "registers.md": render_registers,
    "report-schema.json": schema_text,
    "architecture.md": architecture,
    "reference/commands.md": commands,
    "api.md": api_page,
}
"""Each generated page with what makes it."""

if __name__ == "__main__":
    for name, render in PAGES.items():
        write_whole(DOCS / name, render())
