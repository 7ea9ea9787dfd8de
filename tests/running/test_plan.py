"""What is due and why: each input of a report makes it due again, and nothing else does."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reportkit.errors import CallError, ParameterError, UnknownTown, UnknownYear
from reportkit.manifest import Entry, Manifest
from reportkit.project import BATCH_VARIABLE, find_project, packaged_notebook
from reportkit.review.decisions import Decision
from reportkit.review.files import FOLDER, load_reviews, save_decisions
from reportkit.running.build import build_of
from reportkit.running.execution.parcel import pack, unpack
from reportkit.running.execution.prepare import prepare_report
from reportkit.running.forecast import Forecast
from reportkit.running.job import Job
from reportkit.running.output_folder import OutputFolder
from reportkit.running.planning import inventory as inventories
from reportkit.running.planning.asked import read_asked
from reportkit.running.planning.last_run import look_back
from reportkit.running.planning.plan import Plan, make_plan
from reportkit.running.planning.survey import Inventory, Survey, take
from reportkit.running.request import Request, resolve
from reportkit.running.results.record import locked
from reportkit.sources.kept import Kept
from reportkit.sources.prepared import parse_prepared
from reportkit.sources.source import open_source
from reportkit.starter import start_project

YEARS = (2021, 2022, 2023)


@dataclass
class Bench:
    """A project of two towns over three years, without any notebook being run."""

    folder: Path

    def request(self, **options: Any) -> Request:
        batch = options.pop("batch", self.folder / "params" / "batch.yaml")
        return resolve(batch=batch, output=str(self.folder / "output"), workers=2, **options)

    def inventory(self, request: Request, only: tuple[str, ...] | None = None) -> Inventory:
        slices = self.folder / "slices"
        slices.mkdir(exist_ok=True)
        survey = Survey(
            key="k",
            uri=request.source,
            towns=dict(request.project.towns),
            editions=dict(request.project.editions),
            only=only,
            slices=str(slices),
            known={},
        )
        taken = take(survey)
        if not isinstance(taken, Inventory):
            raise taken
        return taken

    def plan(self, before: Manifest | None = None, **options: Any) -> Plan:
        request = self.request(**options)
        asked = read_asked(request)
        last = look_back(asked, before or Manifest())
        return make_plan(asked, last, self.inventory(request, request.only))

    def made(self) -> Manifest:
        """Return the manifest of a run in which every report was made well."""
        plan = self.plan()
        entries = []
        for step in plan.steps:
            name = f"{step.key[1]}/{step.key[0]}.html"
            entries.append(
                Entry(
                    town=step.key[0],
                    name=step.town.name,
                    county=step.town.county,
                    year=step.key[1],
                    status="ok",
                    inputs=step.inputs,
                    outputs={name: plan.request.output.write(name, name.encode())},
                    seconds=0.5,
                )
            )
        return Manifest(builds={plan.build_id: plan.build}).with_entries(entries)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.delenv(BATCH_VARIABLE, raising=False)
    folder = tmp_path / "全县"
    start_project(folder, date(2022, 3, 1))
    entry = (folder / "params" / "towns.yaml").read_text("utf-8")
    start = entry.index("  - id")
    towns = entry + entry[start:].replace("shili", "gulou").replace("示例镇", "古楼镇")
    (folder / "params" / "towns.yaml").write_text(towns, "utf-8")
    (folder / "params" / "batch.yaml").write_text(
        f"source: ../data\ntowns: towns.yaml\nyears: {list(YEARS)}\n", "utf-8"
    )
    data = folder / "data"
    shutil.rmtree(data)
    data.mkdir()
    registers = ("applications", "disclosures")
    write(
        data / "coverage.csv",
        "town,register,from_year,to_year",
        [f"{town},{r},2021," for town in ("shili", "gulou") for r in registers],
    )
    write(
        data / "narratives.csv",
        "town,year,section,position,text",
        [f"{t},{y},s5,1,正文" for t in ("shili", "gulou") for y in YEARS],
    )
    write(
        data / "disclosures.csv",
        "town,item_no,channel,published_on",
        [f"{t},D-{y},portal,{y}-02-03" for t in ("shili", "gulou") for y in YEARS],
    )
    write(
        data / "applications.csv",
        "town,application_no,received_on,applicant_type,replied_on,outcome",
        [
            f"{t},A-{y},{y}-05-06,natural_person,{y}-05-16,granted"
            for t in ("shili", "gulou")
            for y in YEARS
        ],
    )
    return Bench(folder)


def write(path: Path, head: str, rows: list[str]) -> None:
    path.write_text("\n".join([head, *rows, ""]), "utf-8")


def due(plan: Plan) -> dict[tuple[str, int], str]:
    return {step.key: step.why for step in plan.due}


def test_everything_is_new_at_first(bench: Bench) -> None:
    plan = bench.plan()
    assert [step.key for step in plan.steps] == [
        (town, year) for year in YEARS for town in ("gulou", "shili")
    ]
    assert set(due(plan).values()) == {"new"}


def test_nothing_is_due_when_nothing_changed(bench: Bench) -> None:
    assert due(bench.plan(bench.made())) == {}


def test_the_same_data_elsewhere_change_nothing(bench: Bench) -> None:
    made = bench.made()
    shutil.copytree(bench.folder / "data", bench.folder / "moved")
    assert due(bench.plan(made, source=str(bench.folder / "moved"))) == {}


@pytest.mark.parametrize(
    ("year", "later"), [(2021, (2021, 2022, 2023)), (2022, (2022, 2023)), (2023, (2023,))]
)
def test_a_changed_register_makes_the_years_due_that_see_it(
    bench: Bench, year: int, later: tuple[int, ...]
) -> None:
    made = bench.made()
    path = bench.folder / "data" / "disclosures.csv"
    text = path.read_text("utf-8")
    path.write_text(text + f"gulou,D-new,portal,{year}-11-01\n", "utf-8")
    assert due(bench.plan(made)) == dict.fromkeys([("gulou", one) for one in later], "data changed")


def test_an_answer_given_next_year_leaves_this_years_report(bench: Bench) -> None:
    path = bench.folder / "data" / "applications.csv"
    text = path.read_text("utf-8")
    path.write_text(text + "shili,A-open,2022-12-20,natural_person,,\n", "utf-8")
    made = bench.made()
    path.write_text(text + "shili,A-open,2022-12-20,natural_person,2023-01-05,granted\n", "utf-8")
    assert due(bench.plan(made)) == {("shili", 2023): "data changed"}


def test_a_towns_name_is_data_of_that_town(bench: Bench) -> None:
    made = bench.made()
    towns = bench.folder / "params" / "towns.yaml"
    towns.write_text(towns.read_text("utf-8").replace("古楼镇", "鼓楼镇"), "utf-8")
    assert {key[0] for key in due(bench.plan(made))} == {"gulou"}


def test_an_edition_set_for_one_town_makes_that_town_due(bench: Bench) -> None:
    made = bench.made()
    towns = bench.folder / "params" / "towns.yaml"
    text = towns.read_text("utf-8")
    towns.write_text(text.replace("  - id: gulou", '  - edition: "2019"\n    id: gulou'), "utf-8")
    assert {key[0] for key in due(bench.plan(made))} == {"gulou"}


def test_a_day_of_publication_makes_its_report_due(bench: Bench) -> None:
    made = bench.made()
    batch = bench.folder / "params" / "batch.yaml"
    batch.write_text(batch.read_text("utf-8") + "published_on: {gulou: 2023-01-20}\n", "utf-8")
    assert due(bench.plan(made)) == {("gulou", 2022): "parameters changed"}


def test_a_deadline_makes_reports_due_and_is_known_where_they_are_derived(bench: Bench) -> None:
    """The same rule as on the county's board: published by the day of params is not late."""
    made = bench.made()
    batch = bench.folder / "params" / "batch.yaml"
    text = batch.read_text("utf-8") + "published_on: {gulou: 2023-02-10}\n"
    late = {}
    for day in ("02-09", "02-10"):
        batch.write_text(f"{text}deadlines: {{town: {day}}}\n", "utf-8")
        plan = bench.plan(made)
        assert due(plan)["gulou", 2021] == "parameters changed"
        [step] = [step for step in plan.steps if step.key == ("gulou", 2022)]
        files = pack(plan, step, bench.folder / "slices")
        place = OutputFolder.at(bench.folder)
        parameters = step.parameters.model_dump()
        held = prepare_report(
            Job(notebook=b"", parameters=parameters, files=files, output=place, internal=place)
        )
        assert held is not None
        found = parse_prepared(held).dossier.found or ()
        late[day] = [each.message for each in found if each.code == "L-LATE"]
    assert "本县通知的期限" in late["02-09"][0]
    assert late["02-10"] == []


def test_the_end_of_the_year_makes_a_draft_due(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # in 2023
    made = bench.made()
    assert due(bench.plan(made)) == {}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1704038399")  # the last second of 2023 in Beijing
    assert due(bench.plan(made)) == {}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1704038400")  # midnight there, 16:00 in Greenwich
    assert {key[1] for key in due(bench.plan(made))} == {2023}


def test_another_notebook_makes_everything_due(bench: Bench, tmp_path: Path) -> None:
    made = bench.made()
    other = tmp_path / "other.ipynb"
    text = packaged_notebook().read_text("utf-8")
    other.write_text(text.replace("年度报告的母版", "年度报告的另一母版"), "utf-8")
    assert set(due(bench.plan(made, notebook=other)).values()) == {"notebook changed"}


def test_a_new_release_of_a_library_makes_everything_due(bench: Bench) -> None:
    made = bench.made()
    [(name, build)] = made.builds.items()
    older: Mapping[str, str] = {**build, "altair": "5.0.0"}
    before = replace(made, builds={name: older})
    entries = [
        replace(entry, inputs={**entry.inputs, "build": "older"})
        for entry in before.entries.values()
    ]
    before = Manifest(builds={"older": older}).with_entries(entries)
    assert set(due(bench.plan(before)).values()) == {"altair changed"}


def test_an_output_that_was_touched_is_made_again(bench: Bench) -> None:
    made = bench.made()
    (bench.folder / "output" / "2021" / "gulou.html").write_text("edited by hand")
    (bench.folder / "output" / "2022" / "shili.html").unlink()
    assert due(bench.plan(made)) == dict.fromkeys(
        [("gulou", 2021), ("shili", 2022)], "output missing or changed"
    )


@pytest.mark.parametrize("status", ["failed", "refused", "stale"])
def test_what_failed_last_time_is_tried_again(bench: Bench, status: Any) -> None:
    made = bench.made()
    entry = replace(made.entries["gulou", 2021], status=status)
    assert due(bench.plan(made.with_entries([entry]))) == {("gulou", 2021): f"{status} last time"}


def test_force_makes_everything(bench: Bench) -> None:
    assert set(due(bench.plan(bench.made(), force=True)).values()) == {"forced"}


def test_a_choice_of_towns_and_years(bench: Bench) -> None:
    assert [s.key for s in bench.plan(towns=("gulou",), years=(2022,)).steps] == [("gulou", 2022)]
    batch = bench.folder / "params" / "batch.yaml"
    batch.write_text(batch.read_text("utf-8") + "only: [shili]\n", "utf-8")
    assert {s.key[0] for s in bench.plan().steps} == {"shili"}


def test_another_source_has_its_own_years(bench: Bench) -> None:
    other = bench.folder / "other"
    shutil.copytree(bench.folder / "data", other)
    with (other / "narratives.csv").open("a", encoding="utf-8") as file:
        file.write("shili,2024,s5,1,正文\n")
    assert 2024 in {step.key[1] for step in bench.plan(source=str(other)).steps}
    assert 2024 not in {step.key[1] for step in bench.plan().steps}


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"towns": ("gulo",)}, UnknownTown, "--town gulo: .*did you mean 'gulou'"),
        ({"years": (2030,)}, UnknownYear, "--year 2030: .*known: 2021 to 2023"),
        ({"years": (2020,)}, UnknownYear, "--year 2020"),
        ({"source": "nowhere"}, CallError, "no such folder"),
        ({"notebook": Path("nowhere.ipynb")}, ParameterError, "there is no notebook"),
        ({"output": "gopher2://x"}, ParameterError, "no such kind of URL"),
    ],
)
def test_a_wrong_call_is_refused_with_the_nearest_name(
    bench: Bench, options: dict[str, Any], error: type[Exception], words: str
) -> None:
    if "output" in options:
        with pytest.raises(error, match=words):
            resolve(**options)
        return
    with pytest.raises(error, match=words):
        bench.plan(**options)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("only: [gulo]", "only: .*did you mean 'gulou'"),
        ("published_on: {gulo: 2022-01-01}", "published_on: .*did you mean 'gulou'"),
    ],
)
def test_a_town_that_the_batch_file_misspells(bench: Bench, line: str, words: str) -> None:
    batch = bench.folder / "params" / "batch.yaml"
    batch.write_text(f"{batch.read_text('utf-8')}{line}\n", "utf-8")
    with pytest.raises(ParameterError, match=rf"batch\.yaml: {words}"):
        bench.plan()


def test_an_inventory_is_kept_as_long_as_it_holds(bench: Bench, tmp_path: Path) -> None:
    taken = bench.inventory(bench.request())
    inventories.save(tmp_path, taken)
    assert inventories.load(tmp_path, "k", "") == taken
    assert inventories.load(tmp_path, "another key", "") == taken  # its marks tell what changed
    assert inventories.load(tmp_path, "another key", "made otherwise") is None
    (tmp_path / "catalogue.json").write_text('{"key": "k"}')
    assert inventories.load(tmp_path, "k", "") is None


def test_slices_are_made_for_towns_with_something_to_make(bench: Bench) -> None:
    request = bench.request()
    taken = bench.inventory(request)
    known = {(t, y): d for t, years in taken.digests.items() for y, d in years.items()}
    del known["gulou", 2021]
    slices = bench.folder / "new slices"
    slices.mkdir()
    take(
        Survey(
            key="",
            uri=request.source,
            towns=dict(request.project.towns),
            editions={},
            only=None,
            slices=str(slices),
            known=known,
        )
    )
    assert [path.name for path in slices.iterdir()] == ["gulou"]


def test_a_look_at_one_town_keeps_what_the_office_has_of_the_others(bench: Bench) -> None:
    request = bench.request()
    whole = replace(bench.inventory(request), kept={"other": Kept(rounds={2021: ("第一次",)})})
    survey = Survey(
        key="",
        uri=request.source,
        towns=dict(request.project.towns),
        editions={},
        only=("gulou",),
        slices=None,
        known={},
        office=True,
        before=whole,
    )
    taken = take(survey)
    assert isinstance(taken, Inventory)
    assert taken.kept["other"].rounds == {2021: ("第一次",)}
    assert "gulou" in taken.kept
    every = take(replace(survey, only=None))
    assert isinstance(every, Inventory)
    assert "other" not in every.kept  # a look at all of them finds out who is left


@pytest.mark.skipif(not Path("/sys/kernel").exists(), reason="only Linux has it, read-only for all")
def test_a_read_only_output_is_refused_before_anything_is_made(bench: Bench) -> None:
    output = bench.folder / "output"
    output.symlink_to("/sys/kernel")
    with pytest.raises(OSError) as caught, locked(bench.request(), print):  # noqa: PT011 - whichever
        pass
    assert caught.value.filename == str(output)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is full")
def test_a_full_disk_under_the_slices_is_told_with_its_place(bench: Bench) -> None:
    slices = bench.folder / "slices"
    slices.mkdir()
    (slices / "gulou").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device") as caught:
        bench.inventory(bench.request(), ("gulou",))
    assert caught.value.filename == str(slices / "gulou")


def test_a_forecast_says_what_why_and_how_long(bench: Bench) -> None:
    forecast = Forecast(bench.plan(bench.made(), force=True))
    assert "gulou 2021: forced" in forecast.text()
    assert forecast.seconds == pytest.approx(4.0 + 6 * 0.5 / 2)
    assert '"why": "forced"' in forecast.to_json()
    idle = Forecast(bench.plan(bench.made()))
    assert "gulou 2021: up to date" in idle.text()
    assert idle.seconds == 0


def test_a_decision_makes_its_towns_report_due_and_goes_along(bench: Bench) -> None:
    made = bench.made()
    decision = Decision(
        rule="SECTION-EMPTY",
        town="gulou",
        year=2022,
        values="0",
        decision="accepted",
        reason="上级同意",
        who="办公室",
        when=date(2023, 1, 5),
    )
    save_decisions(bench.folder / FOLDER, 2022, [decision])
    plan = bench.plan(made)
    assert due(plan) == {("gulou", 2022): "parameters changed"}
    [step] = plan.due
    folder = bench.folder / "parcel"
    unpack(pack(plan, step, None), folder)
    assert load_reviews(
        find_project(batch=folder / "params" / "batch.yaml").folder / FOLDER, 2022
    ) == (decision,)


def test_a_parcel_holds_what_the_project_says_of_one_town(bench: Bench) -> None:
    batch = bench.folder / "params" / "batch.yaml"
    last = bench.folder / "last"
    last.mkdir()
    report = open_source(str(bench.folder / "data")).load("gulou", 2022).report
    (last / "gulou.json").write_text(report.to_json(), "utf-8")
    batch.write_text(
        batch.read_text("utf-8") + "published_on: {gulou: 2024-01-20}\nprevious: ../last\n", "utf-8"
    )
    plan = bench.plan()
    [step] = [step for step in plan.steps if step.key == ("gulou", 2023)]
    folder = bench.folder / "parcel"
    variables = unpack(pack(plan, step, bench.folder / "slices"), folder)
    parcel = find_project(batch=Path(variables[BATCH_VARIABLE]))
    whole = plan.request.project
    assert dict(parcel.towns) == {"gulou": whole.towns["gulou"]}
    assert parcel.published_on("gulou", 2023) == date(2024, 1, 20)
    assert parcel.previous("gulou", 2023) == whole.previous("gulou", 2023) == report
    assert Path(variables["REPORTKIT_SLICE"]).is_file()


def test_fonts_are_part_of_the_build_where_a_format_holds_them() -> None:
    """The same fonts, the same bytes: a report is made again when one of them changes."""
    fonts = {
        name: seen for name, seen in build_of(b"", ("pdf",)).items() if name.startswith("font ")
    }
    assert fonts
    assert all(len(seen) == 64 for seen in fonts.values())
    assert not any(name.startswith("font ") for name in build_of(b""))
