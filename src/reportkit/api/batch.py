"""``rk.run``: the batch, from Python and from a notebook's cell."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from reportkit.manifest import Entry
from reportkit.project import Audience, Level, find_project
from reportkit.running.command import run_request
from reportkit.running.request import resolve
from reportkit.running.summary import Summary


@dataclass(frozen=True)
class Made:
    """What a run made; a notebook's cell shows it with links."""

    summary: Summary

    @property
    def index(self) -> str:
        """Where the index of all reports is."""
        return self.summary.index

    @property
    def reports(self) -> tuple[Entry, ...]:
        """What became of each report of the output folder, by year and town."""
        entries = self.summary.manifest.entries.values()
        return tuple(sorted(entries, key=lambda entry: (entry.year, entry.town)))

    @property
    def failed(self) -> bool:
        """Say whether a report failed or was refused this time."""
        return self.summary.exit_code != 0

    def __repr__(self) -> str:
        return self.summary.line()

    def _repr_html_(self) -> str:
        folder = self.index.removesuffix("index.html")
        here = Path(folder)
        base = os.path.relpath(here) + "/" if here.is_dir() else folder
        lines = [f'<p><a href="{escape(base)}index.html">{escape(self.summary.line())}</a></p>']
        for entry in self.reports:
            links = " ".join(
                f'<a href="{escape(base + name)}">{escape(Path(name).suffix[1:])}</a>'
                for name in entry.outputs
            )
            lines.append(f"<p>{escape(entry.name)} {entry.year} {links}</p>")
        return "\n".join(lines)


def run(
    *,
    towns: Iterable[str] = (),
    years: Iterable[int] = (),
    source: str | None = None,
    output: str | Path | None = None,
    audience: Audience | None = None,
    formats: Iterable[str] | None = None,
    levels: Iterable[Level] = (),
    draft: bool = False,
    workers: int | None = None,
) -> Made:
    """Make the reports of some towns and years, as ``reportkit run`` does, with a bar while it goes on.

    ``towns`` and ``years`` choose among those of the batch; ``levels`` are town, county and province. ``source`` is a
    source's URI, a relative path in it relative to the folder of params/batch.yaml as in :func:`load_report`;
    ``output`` a folder or URL, relative to the current folder; ``audience`` ``public`` or ``internal``; ``formats`` are
    made beside html, json and ipynb; ``draft`` lets drafts through; ``workers`` is how many processes (default: the
    cores). What is not given comes from the nearest params/batch.yaml; without one it is every town and year of the
    sample counties, into ``output/``.

    Returns what the output folder holds, with a link to each file where a notebook shows it. Raises :class:`~reportkit.errors.CallError` before anything has
    started; a report that fails is told in what is given back, and the others go on.

    >>> import reportkit as rk, tempfile
    >>> folder = tempfile.mkdtemp()
    >>> chosen = {"towns": ["ershilidian"], "years": [2021], "levels": ["town"]}
    >>> made = rk.run(source="sample:", output=folder, **chosen)
    >>> [(entry.town, entry.year, entry.status) for entry in made.reports]
    [('ershilidian', 2021, 'ok')]
    """
    request = resolve(
        towns=tuple(towns),
        years=tuple(years),
        source=None if source is None else find_project().resolve(source),
        output=None if output is None else str(output),
        audience=audience,
        formats=formats,
        levels=tuple(levels),
        draft=draft,
        workers=workers or os.cpu_count() or 1,
    )
    return Made(run_request(request))
