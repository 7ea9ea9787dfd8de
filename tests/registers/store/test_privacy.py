"""Personal columns in a store: apart, encrypted, seen by one view, deleted for good."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from reportkit.cli.main import build_app
from reportkit.errors import ParameterError, StoreError
from reportkit.registers.store.address import parse_address
from reportkit.registers.store.privacy import KEY_VARIABLE, forget, read_internal
from reportkit.sources.source import open_source
from tests.registers.store.samples import (
    APPLICATIONS,
    everything,
    load,
    rows,
    write_county,
    write_csv,
)

SECRETS = ("欧阳测试", "11010519491231002X", "13800138000")


def test_the_internal_view_alone_shows_them(uri: str, tmp_path: Path) -> None:
    load(uri, write_county(tmp_path / "data"))
    found = everything(uri)
    assert any(SECRETS[0] in repr(row) for row in found["applications_personal"])
    assert not any(secret in repr(found["applications"]) for secret in SECRETS)
    [row] = read_internal(parse_address(uri), "applications", "shili-zhen", ["2021-001"])
    assert (row["applicant_name"], row["applicant_phone"]) == (SECRETS[0], SECRETS[2])
    assert row["requested"] == "征地补偿方案"
    data = open_source(uri).store.town("shili-zhen")  # type: ignore[attr-defined]
    assert not any(name.startswith("applicant_n") for name in data.frame("applications").columns)


def test_they_are_encrypted_with_the_key_of_the_environment(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, Fernet.generate_key().decode())
    county = write_county(tmp_path / "data")
    load(uri, county)
    assert not any(secret in repr(everything(uri)) for secret in SECRETS)
    address = parse_address(uri)
    if address.path is not None:
        content = address.path.read_bytes()
        assert not any(secret.encode() in content for secret in SECRETS)
    [row] = read_internal(address, "applications", "shili-zhen", ["2021-001"])
    assert tuple(row[f"applicant_{n}"] for n in ("name", "id_no", "phone")) == SECRETS
    monkeypatch.setenv(KEY_VARIABLE, Fernet.generate_key().decode())
    with pytest.raises(StoreError, match="another key"):
        read_internal(address, "applications", "shili-zhen")
    monkeypatch.delenv(KEY_VARIABLE)
    with pytest.raises(StoreError, match=KEY_VARIABLE):
        read_internal(address, "applications", "shili-zhen")
    monkeypatch.setenv(KEY_VARIABLE, "kurz")
    with pytest.raises(ParameterError, match="is no key"):
        load(uri, county)


def test_what_is_deleted_by_number_is_gone_and_stays_gone(uri: str, tmp_path: Path) -> None:
    county = write_county(tmp_path / "data")
    load(uri, county)
    address = parse_address(uri)
    received = open_source(uri).load("shili-zhen", 2021).report.facts["applications_received"]
    told: list[str] = []
    found = forget(address, "applications", "shili-zhen", ["2021-001", "2099-1"], told.append)
    assert found == ["2021-001"]
    assert len(rows(uri, "applications")) == 3  # the case itself counts on
    assert (
        open_source(uri).load("shili-zhen", 2021).report.facts["applications_received"] == received
    )
    gone = (*SECRETS, "征地补偿方案")
    assert not any(secret in repr(everything(uri)) for secret in gone)
    if address.path is not None:
        content = address.path.read_bytes()
        assert not any(secret.encode() in content for secret in gone)
    write_csv(county / "applications.csv", [*APPLICATIONS[:2], {**APPLICATIONS[2], "pages": "3"}])
    assert load(uri, county)["applications.csv"].status == "replaced"
    assert not any(secret in repr(everything(uri)) for secret in gone)
    assert "测试公司联系人" in repr(rows(uri, "applications_personal"))


def test_the_command_forgets_and_says_what_was_not_there(uri: str, tmp_path: Path) -> None:
    load(uri, write_county(tmp_path / "data"))
    call = ["forget", "2021-001", "2099-1", "--store", uri, "--town", "shili-zhen"]
    result = CliRunner().invoke(build_app(), call)
    assert result.exit_code == 1
    assert "2021-001: the applicant is deleted" in result.stdout
    assert "2099-1: no such application of shili-zhen" in result.stderr
    assert not any(secret in repr(everything(uri)) for secret in SECRETS)
    assert not any(secret in result.output for secret in SECRETS)
    again = CliRunner().invoke(build_app(), [*call[:2], *call[3:]])
    assert again.exit_code == 0


@pytest.mark.parametrize("key", [True, False])
def test_two_people_under_one_number_are_in_conflict_and_one_person_twice_is_one(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, key: bool
) -> None:
    if key:
        monkeypatch.setenv(KEY_VARIABLE, Fernet.generate_key().decode())
    load(uri, write_county(tmp_path / "data"))

    def received() -> object:
        return open_source(uri).load("shili-zhen", 2021).report.facts["applications_received"]

    again = write_csv(tmp_path / "applications_2.csv", APPLICATIONS[:1])
    assert load(uri, again)[again.name].repeated == 1
    assert received() == 2
    write_csv(again, [{**APPLICATIONS[0], "applicant_name": "另一人"}])
    result = load(uri, again)[again.name]
    assert (result.status, result.conflicts) == ("replaced", 1)
    assert not any(secret in repr(result.faults) for secret in (*SECRETS, "另一人"))
    assert received() == 1
    forget(parse_address(uri), "applications", "shili-zhen", ["2021-001"], lambda _: None)
    assert received() == 2


def test_a_file_is_taken_out_by_its_name(uri: str, tmp_path: Path) -> None:
    county = write_county(tmp_path / "data")
    load(uri, county)
    call = ["ingest", "--remove", "applications.csv", "--store", uri]
    result = CliRunner().invoke(build_app(), call)
    assert (result.exit_code, result.stderr) == (0, "applications.csv: removed\n")
    assert rows(uri, "applications") == rows(uri, "applications_personal") == []
    result = CliRunner().invoke(build_app(), call)
    assert result.exit_code == 1
    assert "no such file" in result.stderr
