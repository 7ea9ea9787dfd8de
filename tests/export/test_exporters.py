"""``jupyter nbconvert --to reportkit-docx`` and its like: each format from a stock tool, with the bytes of a run."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from pathlib import Path

import pytest
from nbconvert.exporters import get_exporter
from traitlets.config.loader import KVArgParseConfigLoader

from reportkit.export.document import read_document
from reportkit.export.exporter import ReportkitExporter
from reportkit.export.formats import Printer, find_format, parse_formats
from reportkit.project.params import PortalEntry
from tests.export.conftest import ran


def entry_points(root: Path) -> dict[str, str]:
    """Return the exporters that pyproject.toml names, as nbconvert takes them by their dotted names."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    held = project["entry-points"]["nbconvert.exporters"]
    return {name: place.replace(":", ".") for name, place in held.items()}


@pytest.mark.parametrize("form", ["docx", "pdf", "xlsx", "portal"])
def test_nbconvert_makes_each_format_with_the_bytes_of_a_run(root: Path, form: str) -> None:
    """By a name of its own, as ``jupyter nbconvert --to reportkit-docx``; the portal's settings are given alike."""
    given = {"index_no": "11370300/2024-00001", "topic": "政府信息公开年报"}
    made = get_exporter(entry_points(root)[f"reportkit-{form}"])(  # type: ignore[no-untyped-call]
        portal=given, formats=form
    )
    body, resources = made.from_notebook_node(ran("full"))
    beside = parse_formats([form])
    document = read_document(ran("full"), formats=beside, portal=PortalEntry(**given))
    assert body == Printer(document).print(form)
    assert resources["output_extension"] == find_format(form).suffix


def test_the_portals_settings_come_from_the_command_line(root: Path) -> None:
    """As ``--ReportkitExporter.portal=index_no=1``, which holds for every exporter of this package."""
    called = [
        f"--ReportkitExporter.portal={key}={value}"
        for key, value in (("index_no", "1"), ("topic", "年报"))
    ]
    config = KVArgParseConfigLoader(called, classes=[ReportkitExporter]).load_config()
    made = get_exporter(entry_points(root)["reportkit-portal"])(config=config)  # type: ignore[no-untyped-call]
    assert made.portal == {"index_no": "1", "topic": "年报"}
    body, _ = made.from_notebook_node(ran("full"))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        shown = json.loads(archive.read("元数据.json"))
    assert (shown["索引号"], shown["主题分类"], shown["有效性"]) == ("1", "年报", "")
