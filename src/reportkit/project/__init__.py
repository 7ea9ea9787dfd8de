"""The project folder: its params files, checked, and where everything of it stands."""

from reportkit.ids import check_id
from reportkit.project.counties import Bodies
from reportkit.project.faults import fault_words
from reportkit.project.folder import (
    BATCH_VARIABLE,
    Project,
    find_project,
    packaged_notebook,
    resolve_source,
)
from reportkit.project.params import (
    RUN_PARAMETERS,
    THE_COUNTY,
    Audience,
    Batch,
    BodyId,
    CountyEntry,
    Id,
    Level,
    MonthDay,
    PortalEntry,
    ProvinceEntry,
    TownEntry,
    TownId,
    TownsFile,
    Year,
)

__all__ = [
    "BATCH_VARIABLE",
    "RUN_PARAMETERS",
    "THE_COUNTY",
    "Audience",
    "Batch",
    "Bodies",
    "BodyId",
    "CountyEntry",
    "Id",
    "Level",
    "MonthDay",
    "PortalEntry",
    "Project",
    "ProvinceEntry",
    "TownEntry",
    "TownId",
    "TownsFile",
    "Year",
    "check_id",
    "fault_words",
    "find_project",
    "packaged_notebook",
    "resolve_source",
]
