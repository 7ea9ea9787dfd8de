"""The key figures: the four numbers that head a report, stand in the manifest and fill the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """One key figure: what it is called, and where a report has it."""

    code: str
    """Its name in manifest.json."""
    label: str
    short: str
    """The label where room is scarce."""
    label_en: str
    at: str
    """The fact, or the address of the cell, that it is."""
    unit: str


KEY_FIGURES: Mapping[str, NamedFigure] = MappingProxyType(
    {
        figure.code: figure
        for figure in (
            NamedFigure(
                "disclosed_items",
                "主动公开政府信息",
                "主动公开",
                "Items disclosed",
                "disclosed_items",
                "条",
            ),
            NamedFigure(
                "applications_received",
                "收到申请",
                "收到申请",
                "Applications received",
                "t3.received.total",
                "件",
            ),
            NamedFigure(
                "handled",
                "办结申请",
                "办结申请",
                "Applications handled",
                "t3.handled.total",
                "件",
            ),
            NamedFigure(
                "carried_forward",
                "结转下年",
                "结转下年",
                "Applications carried forward",
                "t3.carried_forward.total",
                "件",
            ),
        )
    }
)
"""Every key figure by its code."""
