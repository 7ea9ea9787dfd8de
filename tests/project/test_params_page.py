"""docs/howto/the-params-files.md names every key that may stand in the params files, and its examples are valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from reportkit.errors import ParameterError
from reportkit.project.params import (
    Batch,
    CountyEntry,
    PortalEntry,
    ProvinceEntry,
    TownEntry,
    TownsFile,
)
from reportkit.running.request import resolve

MODELS: tuple[type[BaseModel], ...] = (
    *(Batch, TownsFile, TownEntry, CountyEntry, ProvinceEntry, PortalEntry),
)


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "howto" / "the-params-files.md").read_text("utf-8")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_named(model: type[BaseModel], page: str) -> None:
    prose = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    named = {word for span in re.findall(r"`([^`]+)`", prose) for word in re.findall(r"\w+", span)}
    assert set(model.model_fields) <= named


def test_its_examples_are_valid(page: str) -> None:
    towns, batch = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert TownsFile.model_validate(yaml.safe_load(towns)).towns
    assert Batch.model_validate(yaml.safe_load(batch)).licence


def test_a_format_of_the_batch_file_is_checked_with_file_and_nearest_name(tmp_path: Path) -> None:
    file = tmp_path / "params" / "batch.yaml"
    file.parent.mkdir()
    file.write_text('source: "sample:"\nyears: [2021]\nformats: [docs]\n', "utf-8")
    with pytest.raises(ParameterError, match=r"batch\.yaml: formats: .*did you mean 'docx'"):
        resolve(batch=file)
