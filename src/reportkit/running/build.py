"""The digests of what makes a report out of data: the notebook, the form, this package, and its libraries.

A report is made again when one of them changes. The libraries are those whose output stands in the report.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from reportkit.errors import RunError
from reportkit.export.formats import ALWAYS, find_format
from reportkit.export.seal import public_key
from reportkit.export.typefaces import typefaces

LIBRARIES: Final = (
    *("pandas", "altair", "vl-convert-python", "nbconvert", "papermill"),
    *("jinja2", "markdown-it-py", "nh3", "css-inline"),
)


def digest(value: object) -> str:
    """Return the SHA-256 of a value as JSON with its keys sorted."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def build_of(notebook: bytes, formats: Iterable[str] = ALWAYS) -> Mapping[str, str]:
    """Return what reports are made with: digests of notebook, form, package; signing key; library versions."""
    theirs = {name for form in formats for name in find_format(form).libraries}
    return {
        "notebook": hashlib.sha256(notebook).hexdigest(),
        "form": form_digest(),
        "package": package_digest(),
        "signature": public_key(),
        **{name: version(name) for name in (*LIBRARIES, *sorted(theirs))},
        **(_fonts() if "typst" in theirs else {}),
    }


def build_id(build: Mapping[str, str]) -> str:
    """Return the short name under which the manifest has what reports are made with."""
    return digest(build)[:16]


def _fonts() -> Mapping[str, str]:
    """Return the digest of each font that stands in PDF and pictures; none where this machine has no Chinese one."""
    with contextlib.suppress(RunError):  # each report that needs one says so
        return {f"font {name}": seen for name, seen in typefaces().digests.items()}
    return {}


@cache
def package_digest() -> str:
    """Return the digest of the package's files: code, templates, fonts; not the form or the sample data."""
    root = Path(str(files("reportkit")))
    return _digest_of(root, set(root.rglob("*")) - set(_editions(root)))


@cache
def form_digest() -> str:
    """Return the digest of the form's editions."""
    root = Path(str(files("reportkit")))
    return _digest_of(root, _editions(root))


def _editions(root: Path) -> list[Path]:
    return list((root / "form").glob("*.yaml"))


def _digest_of(root: Path, paths: Iterable[Path]) -> str:
    seen = hashlib.sha256()
    for path in sorted(paths):
        parts = path.relative_to(root).parts
        if "__pycache__" in parts or "data" in parts or not path.is_file():
            continue
        seen.update("/".join(parts).encode())
        seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()
