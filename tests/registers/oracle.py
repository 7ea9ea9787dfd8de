"""A slow second reading of the registers' rules: plain loops over rows as dictionaries.

Written from the rules as people state them (docs/derivation.md), not from the package's code: it
uses the form's addresses and labels and nothing else of the package. It parses only what the
strategies beside it write: ISO dates, plain digits, codes and labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from reportkit.form import load_edition

Row = dict[str, Any]
"""A raw row: text or ``None`` by stored column name; ``row`` is its number, ``extra`` a cell too many."""

BAD = object()
"""What a text that cannot be read is read as."""


def _blank(text: object) -> bool:
    return text is None or not str(text).strip()


def _date(text: str) -> Any:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else BAD
    except ValueError:
        return BAD


def _count(text: str) -> Any:
    return int(text) if re.fullmatch(r"\d+", text) else BAD


def _signed(text: str) -> Any:
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else BAD


def _amount(text: str) -> Any:
    return Decimal(text) if re.fullmatch(r"\d+(\.\d{1,6})?", text) else BAD


def _year(text: str) -> Any:
    return int(text) if re.fullmatch(r"(19|20|21)\d\d", text) else BAD


def _bool(text: str) -> Any:
    return {"是": True, "否": False, "1": True, "0": False}.get(text, BAD)


def _bare(label: str) -> str:
    """Return a label without its number."""
    return re.sub(r"^(（[一二三四五六七八九十]+）|\d+\.|[一二三四五六七八九十]+、)", "", label)


def _coded(codes: dict[str, str]) -> Callable[[str], Any]:
    spellings: dict[str, str] = {}
    for code, label in codes.items():
        spellings |= {code: code, label: code, _bare(label): code}

    def parse(text: str) -> Any:
        return spellings.get(text, BAD)

    return parse


def _text(text: str) -> Any:
    return text


_FORM = load_edition("2021")
_OUTCOMES = {row.code: row.label for row in _FORM.tables["t3"].rows}
for _row in ("received", "carried_in", "handled", "carried_forward"):
    del _OUTCOMES[_row]
_OUTCOMES["other"] = "（六）其他处理"
_TYPES = {c.code: c.label for c in _FORM.tables["t3"].blocks[0].columns if c.code != "total"}
_CHANNELS = {
    "in_person": "当面",
    "mail": "信函",
    "online": "网络",
    "fax": "传真",
    "other": "其他",
}
_KINDS = {
    "licensing": "行政许可",
    "other_services": "其他对外管理服务事项",
    "penalties": "行政处罚",
    "coercion": "行政强制",
}
CASES = {
    "disclosures": "主动公开台账",
    "documents": "规章和规范性文件台账",
    "items": "事项目录",
    "decisions": "处理决定台账",
    "charges": "行政事业性收费台账",
    "applications": "依申请公开台账",
    "disputes": "复议诉讼台账",
    "hotline": "12345热线台账",
    "activities": "工作活动台账",
    "proposals": "建议提案台账",
    "procurement": "政府集中采购台账",
}


@dataclass(frozen=True)
class Rules:
    """What one register asks of a row."""

    key: tuple[str, ...]
    needed: tuple[str, ...] = ()
    types: dict[str, Callable[[str], Any]] = field(default_factory=dict)
    begins: str | None = None
    order: tuple[tuple[str, str], ...] = ()
    pair: tuple[str, str] | None = None
    requires: tuple[str, str] | None = None


RULES: dict[str, Rules] = {
    "coverage": Rules(
        ("town", "register"),
        ("from_year",),
        {"register": _coded(CASES), "from_year": _year, "to_year": _year},
    ),
    "disclosures": Rules(
        ("town", "item_no", "channel"),
        ("published_on",),
        {
            "title": _text,
            "published_on": _date,
            "channel": _coded(
                {
                    "portal": "政府网站",
                    "wechat": "微信公众号",
                    "weibo": "微博",
                    "bulletin_board": "公示栏",
                    "service_hall": "政务大厅",
                    "other": "其他",
                }
            ),
        },
        "published_on",
    ),
    "documents": Rules(
        ("town", "doc_no"),
        ("kind", "issued_on"),
        {
            "title": _text,
            "kind": _coded({"regulations": "规章", "normative_documents": "行政规范性文件"}),
            "issued_on": _date,
            "published_on": _date,
            "repealed_on": _date,
        },
        "issued_on",
        (("issued_on", "repealed_on"),),
    ),
    "items": Rules(
        ("town", "item_code"),
        ("kind", "effective_from"),
        {
            "title": _text,
            "kind": _coded({**_KINDS, "charges": "行政事业性收费"}),
            "effective_from": _date,
            "effective_to": _date,
        },
        "effective_from",
    ),
    "decisions": Rules(
        ("town", "decision_no"),
        ("kind", "decided_on"),
        {"kind": _coded(_KINDS), "decided_on": _date},
        "decided_on",
    ),
    "charges": Rules(
        ("town", "receipt_no"),
        ("collected_on",),
        {"item": _text, "collected_on": _date, "amount_yuan": _amount},
        "collected_on",
    ),
    "applications": Rules(
        ("town", "application_no"),
        ("received_on", "applicant_type"),
        {
            "received_on": _date,
            "applicant_type": _coded(_TYPES),
            "channel": _coded(_CHANNELS),
            "replied_on": _date,
            "outcome": _coded(_OUTCOMES),
            "supplement_due_on": _date,
            "extended_on": _date,
            "consulting_days": _count,
            "fee_notified_on": _date,
            "fee_paid_on": _date,
            "fee_yuan": _amount,
            "requested": _text,
        },
        "received_on",
        (("received_on", "replied_on"),),
        ("replied_on", "outcome"),
    ),
    "disputes": Rules(
        ("town", "case_no"),
        ("route", "filed_on"),
        {
            "route": _coded(
                {
                    "reconsideration": "行政复议",
                    "litigation_direct": "未经复议直接起诉",
                    "litigation_after_reconsideration": "复议后起诉",
                }
            ),
            "role": _coded({"defendant": "被告", "co_defendant": "作为共同被告的复议机关"}),
            "application_no": _text,
            "filed_on": _date,
            "closed_on": _date,
            "result": _coded({"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果"}),
        },
        "filed_on",
        (("filed_on", "closed_on"),),
        requires=("closed_on", "result"),
    ),
    "hotline": Rules(
        ("town", "ticket_no"),
        ("received_on",),
        {"received_on": _date, "replied_on": _date, "topic": _text},
        "received_on",
        (("received_on", "replied_on"),),
    ),
    "activities": Rules(
        ("town", "activity_no"),
        ("kind", "held_on"),
        {
            "kind": _coded(
                {
                    "training": "培训",
                    "open_day": "政府开放日",
                    "meeting": "会议",
                    "assessment": "考核评议",
                    "inspection": "检查",
                }
            ),
            "held_on": _date,
            "participants": _count,
        },
        "held_on",
    ),
    "proposals": Rules(
        ("town", "kind", "number", "received_on"),
        (),
        {
            "kind": _coded({"npc": "人大代表建议", "cppcc": "政协提案"}),
            "received_on": _date,
            "replied_on": _date,
            "published": _bool,
        },
        "received_on",
        (("received_on", "replied_on"),),
    ),
    "procurement": Rules(
        ("town", "project_no"),
        ("awarded_on",),
        {"title": _text, "awarded_on": _date, "amount_yuan": _amount},
        "awarded_on",
    ),
    "figures": Rules(
        ("town", "year", "code"),
        ("value",),
        {"year": _year, "value": _text, "source": _text},
    ),
}

FACTS = {
    "disclosed_items",
    "portal_items",
    "wechat_items",
    "weibo_items",
    "hotline_replies",
    "applications_received",
    "applications_in_person",
    "applications_by_mail",
    "applications_online",
    "applications_by_fax",
    "normative_documents_made",
    "reconsiderations",
    "litigations",
    "trainings",
    "open_days",
    "training_participants",
    "npc_proposals",
    "cppcc_proposals",
    "fee_collected_yuan",
}
ONE_CELL = {
    "applications_received": "t3.received.total",
    "normative_documents_made": "t2.normative_documents.made",
    "reconsiderations": "t4.reconsideration.total",
}
LITIGATIONS = ("t4.litigation_direct.total", "t4.litigation_after_reconsideration.total")


@dataclass
class Aside:
    """A row that does not count: where it stands and which columns may be blamed for it."""

    register: str
    row: int
    columns: set[str]
    begins: date | None
    raw: Row


@dataclass
class Judged:
    """One town's rows after judgement."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    aside: list[Aside] = field(default_factory=list)
    repeated: list[Aside] = field(default_factory=list)
    present: frozenset[str] | None = None
    """The registers of which a table was handed in; ``None``: all. Of another nobody knows anything."""


def _figure_value(code: str, text: str) -> Any:
    """Read a declared figure by what its cell or fact holds; ``BAD`` for a code of neither."""
    if code == "fee_collected_yuan" or code.endswith(".amount"):
        return _amount(text)
    return _signed(text) if code.endswith(".items_change") else _count(text)


def is_figure(code: str) -> bool:
    return code in FACTS or any(code in load_edition(e).cells for e in ("2019", "2021"))


def _values(register: str, raw: Row) -> Row:
    """Return a row's values by column, ``BAD`` for what cannot be read."""
    rules = RULES[register]
    values: Row = {}
    for name in {*rules.key, *rules.needed, *rules.types} & {*raw}:
        text = None if _blank(raw[name]) else str(raw[name]).strip()
        values[name] = None if text is None else rules.types.get(name, _text)(text)
    if register == "figures" and values["code"] and is_figure(values["code"]) and values["value"]:
        values["value"] = _figure_value(values["code"], values["value"])
    return values


def _faults(register: str, raw: Row, values: Row) -> set[str]:
    """Return the columns that may be blamed for a row; ``""`` for a cell too many."""
    rules = RULES[register]
    faults = {name for name, value in values.items() if value is BAD}
    faults |= {name for name in (*rules.key, *rules.needed) if values[name] is None}
    for earlier, later in rules.order:
        first, last = values[earlier], values[later]
        if isinstance(first, date) and isinstance(last, date) and last < first:
            faults.add(later)
    if rules.pair and (values[rules.pair[0]] is None) != (values[rules.pair[1]] is None):
        faults |= {*rules.pair}
    if rules.requires:
        has, asks = rules.requires
        if values[has] is not None and values[asks] is None:
            faults.add(asks)
    if register == "figures" and values["code"] and not is_figure(values["code"]):
        faults.add("code")
    if raw.get("extra"):
        faults.add("")
    return faults


Read = list[tuple[Row, Row, set[str]]]
"""Each row as written, its values, and the columns at fault."""


def _repeats(register: str, read: Read) -> set[int]:
    """Blame rows whose key repeats with other content; return the places of mere repetitions."""
    key = RULES[register].key
    same: dict[tuple[Any, ...], list[int]] = {}
    for at, (raw, values, _) in enumerate(read):
        shown = tuple(str(raw[k]).strip() if values[k] is BAD else values[k] for k in key)
        if None not in shown:
            same.setdefault(shown, []).append(at)
    again: set[int] = set()
    for places in same.values():
        if len({_content(read[at][0], read[at][1]) for at in places}) > 1:
            for at in places:
                read[at][2].update(key)
        else:
            again.update(places[1:])
    return again


def judge(tables: dict[str, list[Row]], town: str) -> Judged:
    """Judge every row of one town. ``tables`` hold the town's own rows and rows of nobody."""
    judged = Judged()
    for register, rows in tables.items():
        read: Read = []
        for raw in rows:
            values = _values(register, raw)
            read.append((raw, values, _faults(register, raw, values)))
        again = _repeats(register, read)
        judged.rows[register] = []
        for at, (raw, values, faults) in enumerate(read):
            place = Aside(register, raw["row"], faults, _begins(register, values), raw)
            if faults:
                judged.aside.append(place)
            elif at in again:
                judged.repeated.append(place)
            elif values["town"] == town:
                judged.rows[register].append(values)
    return judged


def _begins(register: str, values: Row) -> date | None:
    """Return the day from which a row's fault is told of; ``None``: always."""
    if register == "figures":
        return date(values["year"], 1, 1) if isinstance(values["year"], int) else None
    begins = RULES[register].begins
    day = values[begins] if begins else None
    return day if isinstance(day, date) else None


def _content(raw: Row, values: Row) -> tuple[Any, ...]:
    items = [
        (name, str(raw[name]).strip() if value is BAD else value)
        for name, value in sorted(values.items())
    ]
    return (*items, bool(raw.get("extra")))


class Truth:
    """The cells, facts and findings of one town's year, counted case by case."""

    def __init__(self, judged: Judged, year: int, edition: str | None) -> None:
        self.judged = judged
        self.year = year
        self.edition = edition or ("2019" if year < 2021 else "2021")
        self.clashes: list[str] = []
        """The cells and facts for which a declared figure differs from rows or another figure."""
        self.not_in_form: list[str] = []
        derived = {a: self._cell(a) for a in load_edition(self.edition).addresses}
        derived |= {f: self._fact(f) for f in FACTS - {*ONE_CELL, "litigations"}}
        self._declare(derived)
        self.cells = {a: derived[a] for a in load_edition(self.edition).addresses}
        facts = {f: derived[ONE_CELL.get(f, f)] for f in FACTS - {"litigations"}}
        parts = [derived[a] for a in LITIGATIONS]
        facts["litigations"] = derived.get(
            "litigations", None if None in parts else sum(p for p in parts if p is not None)
        )
        self.facts = {f: value for f, value in facts.items() if value is not None}

    # What is known

    def covered(self, register: str) -> bool:
        return self.handed_in(register) and self.said_to_be_kept(register)

    def handed_in(self, register: str) -> bool:
        return self.judged.present is None or register in self.judged.present

    def said_to_be_kept(self, register: str) -> bool:
        return any(
            row["register"] == register
            and row["from_year"] <= self.year
            and (row["to_year"] is None or self.year <= row["to_year"])
            for row in self.judged.rows.get("coverage", ())
        )

    def rows(self, register: str, **wanted: str) -> list[Row]:
        return [
            row
            for row in self.judged.rows.get(register, ())
            if all(row.get(name) == value for name, value in wanted.items())
        ]

    def blank_amounts(self) -> set[str]:
        """Return the registers of which an amount of the year is blank."""
        places = (
            ("charges", "collected_on", "amount_yuan"),
            ("procurement", "awarded_on", "amount_yuan"),
            ("applications", "fee_paid_on", "fee_yuan"),
        )
        return {
            register
            for register, dated, amount in places
            if self.covered(register)
            and any(self.within(row[dated]) and row[amount] is None for row in self.rows(register))
        }

    # Dates against the year

    def within(self, day: date | None) -> bool:
        return day is not None and date(self.year, 1, 1) <= day <= date(self.year, 12, 31)

    def by_end(self, day: date | None, years_before: int = 0) -> bool:
        return day is not None and day <= date(self.year - years_before, 12, 31)

    def before(self, day: date | None) -> bool:
        return day is not None and day < date(self.year, 1, 1)

    # Cells

    def _cell(self, address: str) -> Any:  # noqa: PLR0911 - one rule after the other
        table, rest = address.split(".", 1)
        row, column = rest.rsplit(".", 1)
        register = {"t3": "applications", "t4": "disputes"}.get(table) or (
            "procurement"
            if row == "procurement"
            else "documents"
            if row in ("regulations", "normative_documents")
            else "decisions"
            if column == "decisions"
            else "items"
            if column.startswith("items_")
            else "charges"
        )
        if not self.covered(register):
            return None
        if register in ("procurement", "charges"):
            return self._money_cell(register, column)
        if table == "t3":
            types = [*_TYPES] if column == "total" else [column]
            return sum(self._applications(row, one) for one in types)
        if table == "t4":
            results = ["upheld", "corrected", "other", "pending"]
            wanted = results if column == "total" else [column]
            return sum(self._disputes(row, one) for one in wanted)
        if register == "decisions":
            return sum(self.within(r["decided_on"]) for r in self.rows("decisions", kind=row))
        if register == "items":
            last, now = self._items(row, 1), self._items(row, 0)
            return last if column == "items_last_year" else now - last
        return sum(self._document(r, column) for r in self.rows("documents", kind=row))

    def _money_cell(self, register: str, column: str) -> Any:
        if column == "projects":
            return sum(self.within(row["awarded_on"]) for row in self.rows(register))
        dated = "awarded_on" if register == "procurement" else "collected_on"
        amounts = [r["amount_yuan"] for r in self.rows(register) if self.within(r[dated])]
        if None in amounts:
            return None
        yuan = sum(amounts, Decimal(0))
        return yuan if register == "procurement" else yuan / 10000

    def _applications(self, row: str, applicant_type: str) -> int:
        count = 0
        for case in self.rows("applications", applicant_type=applicant_type):
            received, replied = case["received_on"], case["replied_on"]
            if row == "received":
                count += self.within(received)
            elif row == "carried_in":
                count += self.before(received) and not self.before(replied)
            elif row == "handled":
                count += self.within(replied)
            elif row == "carried_forward":
                count += self.by_end(received) and not self.by_end(replied)
            else:
                count += self.within(replied) and self._outcome(case["outcome"]) == row
        return count

    def _outcome(self, code: str) -> str:
        if self.edition == "2019":
            return "other" if code.startswith("other") else code
        return "other.other" if code == "other" else code

    def _own_disputes(self, route: str) -> list[Row]:
        """Return the disputes about the body's own acts: a suit counts once, with the body whose act it was."""
        rows = self.rows("disputes", route=route)
        return [row for row in rows if row.get("role") != "co_defendant"]

    def _disputes(self, route: str, column: str) -> int:
        count = 0
        for case in self._own_disputes(route):
            if column == "pending":
                count += self.by_end(case["filed_on"]) and not self.by_end(case["closed_on"])
            else:
                count += self.within(case["closed_on"]) and case["result"] == column
        return count

    def _items(self, kind: str, years_before: int) -> int:
        return sum(
            self.by_end(row["effective_from"], years_before)
            and not self.by_end(row["effective_to"], years_before)
            for row in self.rows("items", kind=kind)
        )

    def _document(self, row: Row, column: str) -> bool:
        match column:
            case "made":
                return self.within(row["issued_on"])
            case "repealed":
                return self.within(row["repealed_on"])
            case "newly_public":
                return self.within(row["published_on"])
            case "in_force":
                return self.by_end(row["issued_on"]) and not self.by_end(row["repealed_on"])
            case _:
                return self.by_end(row["published_on"]) and not self.by_end(row["repealed_on"])

    # Facts

    def _fact(self, fact: str) -> Any:
        register, rows = self._fact_rows(fact)
        if not self.covered(register):
            return None
        if register == "disclosures":
            return len({row["item_no"] for row in rows})
        if fact == "training_participants":
            numbers = [row["participants"] for row in rows]
            return None if None in numbers else sum(numbers)
        if fact == "fee_collected_yuan":
            amounts = [row["fee_yuan"] for row in rows]
            return None if None in amounts else sum(amounts, Decimal(0))
        return len(rows)

    def _fact_rows(self, fact: str) -> tuple[str, list[Row]]:
        """Return the register of a fact and its rows of the year."""
        match fact:
            case "disclosed_items":
                register, dated, wanted = "disclosures", "published_on", {}
            case "portal_items" | "wechat_items" | "weibo_items":
                register, dated = "disclosures", "published_on"
                wanted = {"channel": fact.removesuffix("_items")}
            case "hotline_replies":
                register, dated, wanted = "hotline", "replied_on", {}
            case "trainings" | "training_participants":
                register, dated, wanted = "activities", "held_on", {"kind": "training"}
            case "open_days":
                register, dated, wanted = "activities", "held_on", {"kind": "open_day"}
            case "applications_in_person":
                register, dated, wanted = "applications", "received_on", {"channel": "in_person"}
            case "applications_by_mail" | "applications_by_fax":
                register, dated = "applications", "received_on"
                wanted = {"channel": fact.removeprefix("applications_by_")}
            case "applications_online":
                register, dated, wanted = "applications", "received_on", {"channel": "online"}
            case "npc_proposals" | "cppcc_proposals":
                register, dated = "proposals", "received_on"
                wanted = {"kind": fact.removesuffix("_proposals")}
            case _:
                register, dated, wanted = "applications", "fee_paid_on", {}
        return register, [r for r in self.rows(register, **wanted) if self.within(r[dated])]

    # Declared figures

    def _has_cases(self, code: str) -> bool:  # noqa: PLR0911 - one rule after the other
        """Say whether there are case rows that a cell or fact could have come from."""
        if code == "litigations":
            return any(map(self._has_cases, LITIGATIONS))
        if code in FACTS:
            register, rows = self._fact_rows(code)
            return self.covered(register) and bool(rows)
        table, rest = code.split(".", 1)
        row, column = rest.rsplit(".", 1)
        if table == "t3":
            return self.covered("applications") and any(
                self.by_end(case["received_on"]) and not self.before(case["replied_on"])
                for case in self.rows("applications")
            )
        if table == "t4":
            return self.covered("disputes") and any(
                self.by_end(case["filed_on"]) and not self.before(case["closed_on"])
                for case in self._own_disputes(row)
            )
        if row in ("procurement", "charges") and column in ("amount", "projects"):
            dated = "awarded_on" if row == "procurement" else "collected_on"
            return self.covered(row) and any(self.within(r[dated]) for r in self.rows(row))
        if column == "decisions":
            return bool(self._cell(code))
        if column.startswith("items_"):
            return self.covered("items") and any(
                self.by_end(r["effective_from"]) for r in self.rows("items", kind=row)
            )
        if column in ("made", "repealed", "newly_public"):
            return bool(self._cell(code))
        begun = "issued_on" if column == "in_force" else "published_on"
        return self.covered("documents") and any(
            self.by_end(r[begun]) for r in self.rows("documents", kind=row)
        )

    def _declare(self, derived: dict[str, Any]) -> None:
        declared: set[str] = set()
        for figure in self.rows("figures"):
            if figure["year"] != self.year:
                continue
            code = str(ONE_CELL.get(figure["code"], figure["code"]))
            value = figure["value"]
            if code not in FACTS and code not in load_edition(self.edition).cells:
                self.not_in_form.append(code)
            elif self._has_cases(code):
                parts = [derived[a] for a in LITIGATIONS]
                counted = derived[code] if code != "litigations" else sum(p or 0 for p in parts)
                if counted != value:
                    self.clashes.append(code)
            elif code in declared:
                if derived[code] != value:
                    self.clashes.append(code)
            else:
                declared.add(code)
                derived[code] = value
        mere_total = "trainings" in declared and derived["trainings"] > 0
        if mere_total and "training_participants" not in declared:
            derived["training_participants"] = None


def dealt(tables: dict[str, list[Row]], towns: dict[str, str], town: str) -> dict[str, list[Row]]:
    """Return the rows of one town, its id filled in, with the rows that name no town at all.

    ``towns`` gives each id its name; a row may name either. With one town a row need not.
    """

    def owner(raw: Row) -> str | None:
        named = str(raw.get("town") or "").strip()
        if not named:
            return town if len(towns) == 1 else None
        return next((id_ for id_, name in towns.items() if name == named), named)

    def of_town(rows: Iterable[Row]) -> list[Row]:
        return [{**raw, "town": owner(raw)} for raw in rows if owner(raw) in (town, None)]

    return {register: of_town(rows) for register, rows in tables.items() if register != "towns"}
