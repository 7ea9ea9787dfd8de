"""The clerk's app: registers dropped into a page of the browser, faults, the report, and its files. Nothing leaves the machine."""

from typing import Final

MOST_BYTES: Final = 64_000_000
"""A dropped file beyond this is refused."""

BASE_VARIABLE: Final = "REPORTKIT_APP_FOLDER"
"""The environment variable that names the folder of all visits; the server removes it when it ends."""

VISIT: Final = "reportkit-visit-"
"""How the name of a visit's folder begins; the id of its process follows."""
