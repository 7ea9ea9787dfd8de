"""How one application's handling fee comes about, in words for the clerk: see :mod:`.fees`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from reportkit.form import plain
from reportkit.masking import mask
from reportkit.registers.derivation.tariff import BASIS, FeeStep

Unknown = Literal["before_2021", "no_basis", "no_applicant", "other_applicants", "no_pages"]
UNKNOWN: Mapping[Unknown, str] = MappingProxyType(
    {
        "before_2021": "2021年1月1日前收到的申请不适用该办法",
        "no_basis": "未登记收费方式",
        "no_applicant": "按件计收但未登记申请人代码，无法确定是当月第几件",
        "other_applicants": "当月另有未登记申请人代码的申请，无法确定是当月第几件",
        "no_pages": "按量计收但未登记页数",
    }
)
"""Why the fee due is not known, by code, in words for the clerk."""


CHARGED_BY: Mapping[str, str] = MappingProxyType({"per_item": "按件计收", "per_page": "按量计收"})
"""The ways of charging, in words for the clerk."""


@dataclass(frozen=True, slots=True)
class FeeExplanation:
    """How one application's fee comes about. Holds nothing personal."""

    application_no: str
    received_on: date | None
    basis: str | None
    """``per_item``, ``per_page``, or ``None`` where the register does not say."""
    position: int | None
    """The application's place in its applicant's month, as far as the applicant's key is there;
    ``None`` where its own is not."""
    pages: int | None
    steps: tuple[FeeStep, ...]
    due_yuan: Decimal | None
    charged_yuan: Decimal | None
    """As the register has it; ``None``: nothing."""
    unknown: Unknown | None
    """Why ``due_yuan`` is ``None``."""

    @property
    def overcharged_yuan(self) -> Decimal | None:
        """How much too much was charged: above 0; ``None`` where nothing, or undetermined."""
        if self.due_yuan is None or self.charged_yuan is None or self.charged_yuan <= self.due_yuan:
            return None
        return self.charged_yuan - self.due_yuan

    @property
    def lines(self) -> tuple[str, ...]:
        """The computation in Chinese, line by line."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[str]:
        received = f"（{_day(self.received_on)}收到）" if self.received_on else ""
        yield f"申请编号：{mask(self.application_no)}{received}"
        if self.unknown is not None or self.due_yuan is None:
            yield f"应收：无法计算（{UNKNOWN[self.unknown or 'no_basis']}）"
        else:
            yield f"收费方式：{CHARGED_BY[self.basis or '']}（{BASIS}）"
            if self.basis == "per_item" and self.received_on is not None:
                month = f"{self.received_on.year}年{self.received_on.month}月"
                yield f"同一申请人{month}第{self.position}件申请"
            unit = "件" if self.basis == "per_item" else "页"
            for step in self.steps:
                yield f"{_span(step, unit)}：{step.units}{unit}×{step.rate_yuan}元＝{plain(step.amount_yuan)}元"
            yield f"应收：{plain(self.due_yuan)}元"
        yield "登记收取：" + (
            "无" if self.charged_yuan is None else f"{plain(self.charged_yuan)}元"
        )
        if (over := self.overcharged_yuan) is not None:
            yield f"多收：{plain(over)}元"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _span(step: FeeStep, unit: str) -> str:
    if step.last is None:
        return f"第{step.first}{unit}起"
    return f"第{step.first}至{step.last}{unit}"
