"""reportkit: from a county's registers to every town's annual report on open government information.

``import reportkit as rk`` imports next to nothing; a name is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportkit.api.batch import Made, run
    from reportkit.api.judging import Judged, check
    from reportkit.api.reading import Read, read
    from reportkit.api.sources import OpenSource, open_source
    from reportkit.notebook.view import View, load_report

__version__ = "0.1.0"

__all__ = [
    "Judged",
    "Made",
    "OpenSource",
    "Read",
    "View",
    "check",
    "load_report",
    "open_source",
    "read",
    "run",
]

_FROM = {
    "Judged": "reportkit.api.judging",
    "Made": "reportkit.api.batch",
    "OpenSource": "reportkit.api.sources",
    "Read": "reportkit.api.reading",
    "View": "reportkit.notebook.view",
    "check": "reportkit.api.judging",
    "load_report": "reportkit.notebook.view",
    "open_source": "reportkit.api.sources",
    "read": "reportkit.api.reading",
    "run": "reportkit.api.batch",
}


def __getattr__(name: str) -> Any:
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_FROM[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
