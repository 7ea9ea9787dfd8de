"""The notebook that a run executes: what it takes, what it is given beside town and year, and what it is built with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from reportkit.errors import ParameterError
from reportkit.ids import check_id
from reportkit.language import _
from reportkit.project import RUN_PARAMETERS
from reportkit.running.build import build_id, build_of
from reportkit.running.execution.own import Takes, own_parameters, read_takes
from reportkit.running.execution.parameters import RunParams
from reportkit.running.request import Request


@dataclass(frozen=True, kw_only=True)
class RunNotebook:
    """The notebook of a run, checked."""

    path: Path
    content: bytes
    takes: Takes
    extra: Mapping[str, Any]
    """What it is given beside the run's own parameters."""
    build: Mapping[str, str]
    """What its reports are made with: see :func:`~reportkit.running.build.build_of`."""

    @cached_property
    def build_id(self) -> str:
        """The name under which the manifest has the build."""
        return build_id(self.build)

    @cached_property
    def alone(self) -> str | None:
        """The id under which a notebook that takes no town stands; ``None`` for one that takes it."""
        if self.takes.of_run("town"):
            return None
        name = re.sub(r"[^a-z0-9-]+", "-", self.path.stem.lower()).strip("-")
        try:
            return check_id(name)
        except ValueError as fault:
            raise ParameterError(
                _(
                    "{notebook}: takes no town, so its files are named after it: {fault}",
                    notebook=self.path,
                    fault=fault,
                )
            ) from None

    def given(self, parameters: RunParams) -> Mapping[str, Any] | None:
        """Return what it is given for one report; ``None`` where that is its parameters and nothing else."""
        if set(self.takes.types) == set(RUN_PARAMETERS):
            return None
        return self.takes.given(parameters.model_dump(), self.extra)


def load_run_notebook(request: Request) -> RunNotebook:
    """Read and check the notebook of a run.

    Raises :class:`~reportkit.errors.CallError` for one that cannot be run, or is not given what it needs.
    """
    project, path = request.project, request.notebook
    takes = read_takes(path)
    extra = own_parameters(
        takes,
        project.batch.parameters if project.batch else {},
        project.file,
        request.given,
        (project.folder / "notebooks", path.parent),
    )
    content = path.read_bytes()
    build = build_of(content, request.formats)
    return RunNotebook(path=path, content=content, takes=takes, extra=extra, build=build)
