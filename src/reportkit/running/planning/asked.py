"""What a run asks for in each of its reports, beside the data of the source: known before the source is looked at.

A report is up to date as long as the digests of what was asked, of its data and of its build are those of last time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportkit.running.build import digest
from reportkit.running.planning.decided import Decided
from reportkit.running.planning.run_notebook import RunNotebook, load_run_notebook
from reportkit.running.planning.survey import Inventory
from reportkit.running.request import Request
from reportkit.today import today


@dataclass(frozen=True)
class Asked:
    """A request with its notebook and the project's decisions read."""

    request: Request
    notebook: RunNotebook
    decided: Decided
    _parameters: dict[tuple[str, int], str] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def inputs(self, inventory: Inventory, town: str, year: int) -> Mapping[str, str]:
        """Return the digests that decide whether a report is up to date; see :class:`~reportkit.manifest.Entry`."""
        return {
            "parameters": self.parameters(town, year),
            "data": self.data(inventory, town, year),
            "build": self.notebook.build_id,
        }

    def data(self, inventory: Inventory, town: str, year: int) -> str:
        """Return the digest of the data that a report is made from: all towns' for a notebook that takes no town."""
        if self.notebook.alone is None:
            return inventory.digests[town][year]
        return inventory.digest_of_all

    def parameters(self, town: str, year: int) -> str:
        """Return the digest of all that is asked for one report, besides the data of its source.

        The source's place is left out: the same data elsewhere make the same report.
        """
        key = town, year
        if key not in self._parameters:  # asked for when looking back, and again in the plan
            self._parameters[key] = self._digest(town, year)
        return self._parameters[key]

    def _digest(self, town: str, year: int) -> str:
        request, project = self.request, self.request.project
        previous = project.previous(town, year)
        body: dict[str, Any] = {
            "town": town,
            "year": year,
            "audience": request.audience,
            "edition": project.editions.get(town),
            "published_on": project.published_on(town, year),
            "previous": None if previous is None else digest(previous.to_dict()),
            "decisions": self.decided.of(town, year),
            "draft": request.draft,
            "formats": request.formats,
            "portal": request.portal(town, year),
            "over": today().year > year,
            "deadlines": dict(project.deadlines),
        }
        if self.notebook.extra:
            body["given"] = self.notebook.extra
        return digest(body)


def read_asked(request: Request) -> Asked:
    """Read what a request names; raise :class:`~reportkit.errors.CallError` for a notebook that cannot be run."""
    return Asked(request, load_run_notebook(request), Decided(request.project))
