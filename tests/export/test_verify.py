"""Files that prove themselves: an unchanged one passes, one changed digit is found, a forged seal is none."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reportkit.blocks import Block, FormTable, Prose, Table, TableColumn
from reportkit.cli.main import main
from reportkit.cli.verify import source_of
from reportkit.errors import ParameterError, ReadError, UnknownTown
from reportkit.export import seal as seals
from reportkit.export.changes import changes_within
from reportkit.export.document import Document, Section, read_document
from reportkit.export.formats import Printer
from reportkit.export.seal import judge, office_key, parse_seal
from reportkit.export.verify.carried import NothingCarried, seal_of
from reportkit.export.verify.verdict import Bare, Looked, look, verify_files
from reportkit.form import Cells
from reportkit.sources.source import open_source
from tests.export.conftest import DOSSIERS, ran

FORMATS = ("html", "docx", "xlsx", "pdf")


def document(name: str = "full", audience: str = "public") -> Document:
    return read_document(ran(name, audience), draft=True)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """Return one report in every format that carries its seal."""
    printer = Printer(document())
    return {form: printer.print(form) for form in FORMATS}


def looked(content: bytes, folder: Path, form: str) -> Looked:
    path = folder / f"年报.{form}"
    path.write_bytes(content)
    found = look(path)
    assert isinstance(found, Looked)
    return found


def changed_part(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Return an archive with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, change(body.decode()).encode() if name == part else body)
    return made.getvalue()


CELL = "t3.received.total"
"""The cell that is changed: from 24 to 25."""
OTHER = "t3.received.natural_person"
"""One that no other place of the report repeats."""


def in_word(content: bytes) -> bytes:
    return changed_part(content, "word/document.xml", in_row)


def in_html(content: bytes) -> bytes:
    visible, rest = content.decode().split("<template", 1)
    return f"{in_row(visible)}<template{rest}".encode()


def in_row(text: str) -> str:
    """Change the last figure of the row of applications received."""
    start = text.index("本年新收政府信息公开申请数量")
    end = text.index("</w:tr>" if "</w:tr>" in text else "</tr>", start)
    head, figure, tail = text[start:end].rpartition(">24<")
    assert figure
    return f"{text[:start]}{head}>25<{tail}{text[end:]}"


def in_excel(content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["收到和处理政府信息公开申请情况"]
    [row] = [r for r in sheet.iter_rows() if "本年新收" in str(r[0].value)]
    [*_, place] = [cell for cell in row if cell.value == 24]
    place.value = 25
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def in_pdf(content: bytes) -> bytes:
    """Put the seal of one report into the PDF of another, which differs in that cell."""
    other = Printer(with_cell(document(), CELL, 25)).print("pdf")
    with pikepdf.open(io.BytesIO(content)) as source, pikepdf.open(io.BytesIO(other)) as target:
        for name, attached in source.attachments.items():
            target.attachments[name].obj.EF.F.write(attached.get_file().read_bytes())
        saved = io.BytesIO()
        target.save(saved)
    return saved.getvalue()


def with_cell(given: Document, address: str, value: int) -> Document:
    """Return a document whose report and tables have another value in one cell."""

    def block(one: Block) -> Block:
        if isinstance(one, FormTable) and address in one.cells:
            return replace(one, cells={**one.cells, address: value})
        return one

    cells = Cells(given.report.cells.edition, {**given.report.cells, address: value})
    sections = tuple(
        replace(section, blocks=tuple(map(block, section.blocks))) for section in given.sections
    )
    return replace(given, report=given.report.with_(cells=cells), sections=sections)


CHANGES = {"html": in_html, "docx": in_word, "xlsx": in_excel, "pdf": in_pdf}


@pytest.mark.parametrize("form", FORMATS)
def test_an_unchanged_file_passes_and_carries_the_very_json(
    form: str, made: dict[str, bytes], tmp_path: Path
) -> None:
    found = looked(made[form], tmp_path, form)
    assert found.changes == ()
    assert found.seal.whole
    assert found.seal.text == document().report.to_json()
    assert not json.loads(found.seal.text)["findings"]


@pytest.mark.parametrize("form", FORMATS)
def test_one_changed_digit_is_found(form: str, made: dict[str, bytes], tmp_path: Path) -> None:
    found = looked(CHANGES[form](made[form]), tmp_path, form)
    assert [(c.place, c.before, c.after) for c in found.changes] == [(CELL, "24", "25")]
    assert found.seal.whole


@pytest.mark.parametrize("name", [name for name in DOSSIERS if name != "full"])
def test_no_report_is_called_altered_that_is_not(name: str, tmp_path: Path) -> None:
    for audience in ("public", "internal"):
        printer = Printer(document(name, audience))
        for form in FORMATS if audience == "internal" else ("html", "pdf"):
            assert looked(printer.print(form), tmp_path, form).changes == ()


def test_a_changed_sentence_names_the_fact_that_it_states(
    made: dict[str, bytes], tmp_path: Path
) -> None:
    text, rest = made["html"].decode().split("<template", 1)
    changed = text.replace("公开政府信息186条", "公开政府信息286条").replace(
        "工作年度报告</span>", "年报</span>"
    )
    found = looked(f"{changed}<template{rest}".encode(), tmp_path, "html")
    assert {(c.kind, c.place) for c in found.changes} == {
        ("sentence", "title"),
        ("sentence", "s1"),
        ("fact", "disclosed_items"),
    }
    [fact] = [c for c in found.changes if c.kind == "fact"]
    assert (fact.before, fact.after) == ("186", "286")


def test_a_changed_key_figure_is_found(made: dict[str, bytes], tmp_path: Path) -> None:
    content = made["html"].decode().replace("<b>24</b>", "<b>25</b>", 1).encode()
    [change] = looked(content, tmp_path, "html").changes
    assert (change.kind, change.place, change.before) == ("fact", CELL, "24件")


def test_a_changed_fact_of_the_workbook_is_found(made: dict[str, bytes], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))
    row = next(r for r in book["事实"].iter_rows(min_row=4) if r[4].value == "trainings")
    row[1].value = 5
    saved = io.BytesIO()
    book.save(saved)
    [change] = looked(saved.getvalue(), tmp_path, "xlsx").changes
    assert (change.kind, change.place, change.before, change.after) == (
        "fact",
        "trainings",
        "4",
        "5",
    )


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the office's key, its public half, and a forger's, as PEM; the office's is set."""
    pem, raw = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    office, forger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    plain = serialization.NoEncryption()
    texts = {
        "office": office.private_bytes(pem, raw, plain).decode(),
        "forger": forger.private_bytes(pem, raw, plain).decode(),
        "public": office.public_key()
        .public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    }
    path = tmp_path / "office.pem"
    path.write_text(texts["office"])
    monkeypatch.setenv(seals.VARIABLE, str(path))
    return texts


def test_a_forged_report_fails_however_consistent_it_is(
    keys: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seal and page tell of 25, the checksum is new: the signature alone is not the office's."""
    true, forged = document().seal, with_cell(document(), OTHER, 25)
    monkeypatch.setenv(seals.VARIABLE, keys["public"])
    office = office_key()
    assert judge(true, office) == "good"
    monkeypatch.delenv(seals.VARIABLE)
    assert judge(true, office_key()) == "unknown"
    unsigned = forged.seal
    copied = replace(unsigned, key=true.key, signature=true.signature)
    monkeypatch.setenv(seals.VARIABLE, keys["forger"])
    own = with_cell(document(), OTHER, 25).seal
    for made, worth in ((unsigned, "missing"), (copied, "bad"), (own, "foreign")):
        assert made.whole
        assert judge(made, office) == worth
    page = Printer(forged).print("html")
    paths = []
    for nth, made in enumerate((copied, own)):
        content = page.decode().replace(
            f'data-seal="{escape(unsigned.header)}"', f'data-seal="{escape(made.header)}"'
        )
        paths.append(tmp_path / f"{nth}.html")
        paths[-1].write_text(content, "utf-8")
    for verdict in verify_files(paths, key=office):
        assert verdict.changes == ()
        assert verdict.status == "altered"
        assert verdict.faults


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&#34;")


def test_a_signed_page_says_so_and_another_what_a_checksum_is_worth(
    keys: dict[str, str], made: dict[str, bytes]
) -> None:
    assert "不防有意的篡改" in made["html"].decode()
    signed = Printer(document()).print("html").decode()
    assert "数字签名（Ed25519" in signed
    assert "不防有意的篡改" not in signed
    assert keys["office"].splitlines()[1] not in signed
    assert signed.encode() == Printer(document()).print("html")  # Ed25519 asks no chance


def test_a_key_that_is_none_is_refused(
    keys: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no.pem").write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")
    for given in (str(tmp_path / "none.pem"), str(tmp_path / "no.pem"), "-----BEGIN NOTHING-----"):
        monkeypatch.setenv(seals.VARIABLE, given)
        with pytest.raises(ParameterError, match="openssl genpkey"):
            office_key()
    monkeypatch.setenv(seals.VARIABLE, keys["public"])
    with pytest.raises(ParameterError, match="private one"):
        seals.seal("{}")


def test_a_file_without_a_seal_says_so(made: dict[str, bytes], tmp_path: Path) -> None:
    bare = made["html"].decode().replace("reportkit-seal", "other").encode()
    with pytest.raises(NothingCarried):
        seal_of(bare, "a.html")
    for content, name in ((bare, "a.html"), (strip_word(made["docx"]), "a.docx")):
        path = tmp_path / name
        path.write_bytes(content)
        assert isinstance(look(path), Bare)
    with pytest.raises(ReadError, match="不知以哪份为准"):
        seal_of(made["html"].replace(b"<main>", b'<main><template id="reportkit-seal">'), "a.html")


def strip_word(content: bytes) -> bytes:
    return changed_part(content, "customXml/item1.xml", lambda _: "<nothing/>")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "[]",
        "{}",
        '"x"',
        '{"schema":"reportkit.seal/2"}',
        '{"schema":[]}',
        "[" * 100_000,
        "\ud800",
    ],
)
def test_a_damaged_header_is_refused(header: str) -> None:
    with pytest.raises(ReadError):
        parse_seal(header, "{}")


def test_a_seal_holds_no_second_value_for_a_key(made: dict[str, bytes], tmp_path: Path) -> None:
    """Readers of JSON differ in which of two values counts: such a report is none."""
    content = made["html"].decode().replace('"year": 2023', '"year": 2023, "year": 2022', 1)
    found = looked(content.encode(), tmp_path, "html")
    assert found.report is None
    assert "twice" in found.fault
    assert not found.seal.whole


def test_the_seal_holds_what_xml_cannot() -> None:
    odd = seals.seal('{"a": "\uffff\ufffe"}')
    assert json.loads(odd.text) == {"a": "\uffff\ufffe"}
    assert "\uffff" not in odd.text
    assert parse_seal(odd.header, odd.text.replace("\n", "\r\n")) == odd


def test_the_command_tells_what_was_changed(
    made: dict[str, bytes],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, bad, none = (tmp_path / name for name in ("a.html", "b.xlsx", "c.html"))
    good.write_bytes(made["html"])
    bad.write_bytes(in_excel(made["xlsx"]))
    none.write_text("<p>无", "utf-8")
    source = tmp_path / "source.json"
    source.write_bytes(Printer(with_cell(document(), CELL, 23)).print("json"))
    assert main(["verify", str(good), str(bad), str(none)]) == 1
    told = capsys.readouterr().out
    assert "a.html: as made" in told
    assert "was 24, is now 25" in told
    assert "no data of a report by this program stand in it" in told
    monkeypatch.setenv("REPORTKIT_LANG", "zh")
    assert main(["verify", str(good), str(bad)]) == 1
    said = capsys.readouterr().out
    assert "a.html: 与制作时一致" in said
    assert "原为24，现为25" in said
    assert "没有数字签名" in said
    assert main(["verify", str(none)]) == 2
    assert main(["verify", str(good), "--against", str(source), "--json"]) == 1
    out = capsys.readouterr().out
    [verdict] = json.loads(out[out.index("{") :])["files"]
    assert [(c["place"], c["before"], c["after"]) for c in verdict["source"]] == [
        (CELL, "23", "24")
    ]


@pytest.mark.parametrize("form", ["html", "docx"])
def test_a_table_and_words_of_a_users_own_are_under_seal_too(form: str, tmp_path: Path) -> None:
    """By their digests: what stood there is not carried, only that it is another."""
    table = Table(
        "甲&\"<乙'",
        (TableColumn("村", "text"), TableColumn("件")),
        (("东\x01村\x0b", 7), ("西村", 98765)),
    )
    given = document()
    own = Section("part-9", "附：本镇补充", (table, Prose("东村办理7件，西村办理9件。")))
    made = Printer(replace(given, sections=(*given.sections, own))).print(form)
    assert looked(made, tmp_path, form).changes == ()

    def changed(old: str, new: str) -> bytes:
        if form == "html":
            return made.decode().replace(old, new).encode()
        return changed_part(made, "word/document.xml", lambda text: text.replace(old, new))

    for old, new, name in (
        (">98765<", ">98764<", "甲&\"<乙'"),
        ("西村办理9件", "西村办理8件", "文字"),
    ):
        [found] = looked(changed(old, new), tmp_path, form).changes
        assert (found.place, found.name) == ("own", name)
        assert str(found.after).startswith("1行")


def test_many_files_are_told_how_far_it_is(
    made: dict[str, bytes],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reportkit.watching.QUIET_SECONDS", 0.0)
    monkeypatch.setenv("REPORTKIT_LANG", "en")
    names = [tmp_path / f"{n}.xlsx" for n in range(2)]
    for name in names:
        name.write_bytes(made["xlsx"])
    assert main(["verify", *map(str, names), "--json"]) == 0
    told = capsys.readouterr()
    assert "Verifying: 1/2" in told.err
    assert len(json.loads(told.out)["files"]) == 2


def test_a_store_is_asked_for_the_very_report() -> None:
    dossier = open_source("sample:").load("ershilidian", 2021)
    given, asked = dossier.report.public(), source_of("sample:")
    assert list(changes_within(asked(given), given)) == []
    cells = Cells(given.cells.edition, {**given.cells, CELL: 7})
    [change] = changes_within(asked(given), given.with_(cells=cells))
    assert (change.place, change.before, change.after) == (CELL, "0", "7")
    with pytest.raises(UnknownTown):
        asked(given.with_(town=given.town.model_copy(update={"id": "nirgends"})))
