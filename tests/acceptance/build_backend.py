"""Wheels of a few lines; and, as ``hatchling.build`` of the index's own hatchling, the project's editable install.

It runs in an environment in which every package is empty, so it imports the standard library alone.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    headers: Iterable[str] = (),
    files: Mapping[str, str] | None = None,
    tag: str = "py3-none-any",
) -> Path:
    """Write a wheel that holds its metadata (``headers``: more lines of it) and the files given."""
    stem = f"{name.replace('-', '_').replace('.', '_')}-{version}"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *headers]
    wheel = ["Wheel-Version: 1.0", "Generator: tests", "Root-Is-Purelib: true", f"Tag: {tag}"]
    content = {
        **(files or {}),
        f"{stem}.dist-info/METADATA": "\n".join([*metadata, ""]),
        f"{stem}.dist-info/WHEEL": "\n".join([*wheel, ""]),
    }
    record = [f"{path},{_digest(text)},{len(text.encode())}" for path, text in content.items()]
    content[f"{stem}.dist-info/RECORD"] = "\n".join([*record, f"{stem}.dist-info/RECORD,,", ""])
    path = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for place, text in content.items():
            archive.writestr(zipfile.ZipInfo(place), text)  # without the clock: the same bytes
    return path


def _digest(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={digest.rstrip(b'=').decode()}"


def build_editable(
    wheel_directory: str,
    config_settings: object = None,  # noqa: ARG001 - the interface is pip's
    metadata_directory: object = None,  # noqa: ARG001
) -> str:
    """Build what hatchling builds: the project's requirements, and a path that leads to its source."""
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    needs = [f"Requires-Dist: {need}" for need in project["dependencies"]]
    source = {f"{project['name']}.pth": f"{Path('src').resolve()}\n"}
    name, version = project["name"], project["version"]
    return write_wheel(Path(wheel_directory), name, version, headers=needs, files=source).name
