"""docs/api.md, written from the docstrings of what ``import reportkit as rk`` offers: `make docs`."""

from __future__ import annotations

import inspect
import re

import reportkit
from reportkit.notebook.view import OFFERED, View
from reportkit.tidy import DTYPES, TABLES

HEAD = """# The API: `import reportkit as rk`

`import reportkit as rk` imports next to nothing; a name is imported when it is first asked for. This page is written from the
docstrings, whose examples a test runs. A command of the command line and a function of the same name do the same.

What is unknown is `<NA>`, never 0. Amounts are exact (`decimal.Decimal`), dates are dates. Every error that reportkit raises on purpose
is a `reportkit.errors.ReportkitError` that says what is wrong and what to do; in a notebook it is one line.

A `source` is `sample:` (two invented counties), a folder of registers (CSV, Parquet, Excel), `duckdb:///file`, `postgresql://...`, or
`published:DIR`, a folder of published reports. In every function, as in params/batch.yaml itself, a relative path in it is relative to the folder of
params/batch.yaml, where there is one, else to the current folder. Only `reportkit run --source` and its like take it from the current folder, like
any path that is typed in a shell.
"""

_ROLE = re.compile(r":(?:class|meth|func|data|mod):`[~]?([\w.]+)`")


def api_page() -> str:
    """Return the whole page."""
    functions = [name for name in reportkit.__all__ if name.islower()]
    classes = [name for name in reportkit.__all__ if not name.islower()]
    parts = [HEAD, "## Functions\n", *map(_function, functions), "## What they give\n"]
    parts += [*map(_class, classes), "## Columns of the DataFrames\n", *map(_table, TABLES)]
    return "\n".join(parts).rstrip() + "\n"


def _function(name: str) -> str:
    function = getattr(reportkit, name)
    return f"### `rk.{name}{_signature(function)}`\n\n{_text(function)}\n"


def _class(name: str) -> str:
    kind = getattr(reportkit, name)
    lines = [f"### `rk.{name}`\n", _text(kind), "", "| | |", "|---|---|"]
    for field, said in _fields(kind):
        if kind is View and field not in OFFERED:
            continue
        lines.append(f"| `.{field}` | {said} |")
    for base in reversed(kind.__mro__):
        if not base.__module__.startswith("reportkit."):
            continue
        for member, value in vars(base).items():
            if member.startswith("_") or (kind is View and member not in OFFERED):
                continue
            plain = value.fget if isinstance(value, property) else getattr(value, "func", value)
            if inspect.isfunction(plain):
                call = _signature(plain) if plain is value else ""
                lines.append(f"| `.{member}{call}` | {_first(plain)} |")
    return "\n".join(lines) + "\n"


def _fields(kind: type) -> list[tuple[str, str]]:
    """Return the fields of a dataclass with the texts that stand under them in the source."""
    found = re.findall(
        r'^    (\w+): [^\n]+\n    """(.+?)"""', inspect.getsource(kind), re.MULTILINE | re.DOTALL
    )
    return [(name, _inline(said)) for name, said in found]


def _table(name: str) -> str:
    lines = [f"### `{name}`\n", "| column | dtype | |", "|---|---|---|"]
    for field in TABLES[name]:
        exact = " of `Decimal`" if field.type == "number" else ""
        lines.append(f"| `{field.name}` | {DTYPES[field.type]}{exact} | {field.en} ({field.zh}) |")
    return "\n".join(lines) + "\n"


def _signature(function: object) -> str:
    """Return parameters and defaults; types stand in the source."""
    signature = inspect.signature(function)  # type: ignore[arg-type]
    kept = [p.replace(annotation=p.empty) for n, p in signature.parameters.items() if n != "self"]
    return str(signature.replace(parameters=kept, return_annotation=signature.empty))


def _text(thing: object) -> str:
    """Return a docstring as Markdown, its example in a fence."""
    said = _ROLE.sub(_name, inspect.getdoc(thing) or "").replace("``", "`")
    before, prompt, example = said.partition(">>> ")
    return before + (f"```pycon\n{prompt}{example}\n```" if prompt else "")


def _first(thing: object) -> str:
    return _inline((inspect.getdoc(thing) or "").partition("\n\n")[0])


def _inline(said: str) -> str:
    return " ".join(_ROLE.sub(_name, said).replace("``", "`").split()).replace("|", "\\|")


def _name(role: re.Match[str]) -> str:
    return f"`{role[1].rpartition('.')[2]}`"
