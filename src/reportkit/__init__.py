"""reportkit: from a county's registers to every town's annual report on open government information.

``import reportkit as rk`` imports next to nothing; a name is imported when it is first asked for.
"""

from typing import TYPE_CHECKING

from reportkit.lazy import lazily

if TYPE_CHECKING:
    from reportkit.api.batch import Made, run
    from reportkit.api.county import county
    from reportkit.api.judging import Judged, check
    from reportkit.api.reading import Read, read
    from reportkit.api.sources import OpenSource, open_source
    from reportkit.notebook.loading import load_report
    from reportkit.notebook.view import View
    from reportkit.project.this_run import ThisRun
    from reportkit.project.this_run import this_run as batch

__version__ = "0.1.0"

__all__ = [
    "Judged",
    "Made",
    "OpenSource",
    "Read",
    "ThisRun",
    "View",
    "batch",
    "check",
    "county",
    "load_report",
    "open_source",
    "read",
    "run",
]

_FROM = {
    "Judged": "reportkit.api.judging:Judged",
    "Made": "reportkit.api.batch:Made",
    "OpenSource": "reportkit.api.sources:OpenSource",
    "Read": "reportkit.api.reading:Read",
    "ThisRun": "reportkit.project.this_run:ThisRun",
    "View": "reportkit.notebook.view:View",
    "batch": "reportkit.project.this_run:this_run",
    "check": "reportkit.api.judging:check",
    "county": "reportkit.api.county:county",
    "load_report": "reportkit.notebook.loading:load_report",
    "open_source": "reportkit.api.sources:open_source",
    "read": "reportkit.api.reading:read",
    "run": "reportkit.api.batch:run",
}

__getattr__ = lazily(__name__, _FROM)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
