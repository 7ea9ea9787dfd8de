"""What the source itself may not hold: evaluated text, shells, pickle from outside this program's own pipes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.table import Row

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "reportkit"
EVALUATES = {"eval", "exec", "os.system", "os.popen", "pickle.load", "marshal.loads", "shelve.open"}
OWN_PIPES = {
    "registers/reading/files/child.py",
    "registers/slices.py",
    "running/processes/forkserver.py",
    "running/processes/messages.py",
    "sources/prepared.py",
}
"""Modules that unpickle what another process of this program wrote."""
NOTEBOOKS = {"notebook/printing.py"}
"""Notebooks are code, and run."""
ADDRESS = re.compile(
    r"^\s*(-i|--index-url|--extra-index-url|--find-links|-f)\b|https?://", re.MULTILINE
)


def supply_rows() -> Iterator[Row]:
    """Yield the rows of the source and of the locks."""
    row = Row(
        "supply", "modules without eval, exec, shell, unsafe YAML, or pickle but of our own pipes"
    )
    for path in sorted(SOURCE.rglob("*.py")):
        row.tried += 1
        name = path.relative_to(SOURCE).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                row.through += [f"{name}:{node.lineno}: {fault}" for fault in _faults(node, name)]
    yield row
    row = Row("supply", "locked packages with hashes, and no address in the locks")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        row.through += [f"{lock}: {found}" for found in ADDRESS.findall(text)]
        for entry in re.split(r"\n(?=\S)", text.strip()):
            row.tried += 1
            if "==" not in entry or "--hash=sha256:" not in entry:
                row.lost.append(f"{lock}: {entry[:60]!r} has no hash")
    yield row


def _faults(call: ast.Call, name: str) -> Iterator[str]:
    words = ast.unparse(call.func)
    if (words in EVALUATES or words == "compile") and name not in NOTEBOOKS:
        yield words
    if words == "pickle.loads" and name not in OWN_PIPES:
        yield words
    if words in ("yaml.load", "yaml.unsafe_load") and "_Loader" not in ast.unparse(call):
        yield words
    if any(k.arg == "shell" and ast.unparse(k.value) != "False" for k in call.keywords):
        yield f"{words} with a shell"
