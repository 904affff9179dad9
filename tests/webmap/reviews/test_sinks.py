"""Every text that is a program to some other machine, through every sink of the review room: pages, history, spreadsheet, PDF."""

from __future__ import annotations

import io

import openpyxl
import pikepdf
import pypdf
import pytest
from flask.testing import FlaskClient

from tests.readers.parsed import all_of, parse
from tests.readers.payloads import PAYLOADS
from tests.readers.reviewforms import draft, sign_all
from tests.readers.signed import staff, token
from tests.towns.reviewtown import PAGE, PLAN, room
from webmap.reviews import writing


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A signed round that holds every payload in every kind of field."""
    app = room(tmp_path_factory.mktemp("told"))
    rows = {f"actions/r{n}/text": payload for n, payload in enumerate(PAYLOADS)} | {
        f"actions/r{n}/owner": p for n, p in enumerate(PAYLOADS)
    }
    answer = draft(staff(app), 1, PAGE, **{"note": "\n".join(PAYLOADS), "decision": PAYLOADS[0], "owner": PAYLOADS[1], **rows})
    assert answer.status_code == 200
    money = {f"money/r{n}/{name}": payload for n, payload in enumerate(PAYLOADS) for name in ("what", "source")}
    units = {f"money/r{n}/{name}": words for n in range(len(PAYLOADS)) for name, words in (("unit", "kr"), ("promised", "1.000"))}
    assert draft(staff(app), 1, PLAN, **money, **units).status_code == 200
    sign_all(app)
    client = staff(app)
    page = client.get("/gennemgang/2026H1")
    assert (
        client.post("/gennemgang/2026H1/tilfoejelse", data={"csrf": token(page), "text": "\n".join(map(kept, PAYLOADS))}).status_code == 303
    )
    return client


def kept(payload: str) -> str:
    return writing.plain(payload)


@pytest.mark.parametrize("path", [PAGE, PLAN, f"{PAGE}/historik", f"{PLAN}/historik", "/gennemgang/2026H1", f"/en{PAGE}"])
def test_on_a_page_every_text_is_text(told: FlaskClient, path: str) -> None:
    page = parse(told.get(path).get_data(as_text=True))
    main = page.findall(".//main")[0]
    assert not [tag for tag in ("script", "img", "iframe", "svg", "style", "link", "math") for _ in main.iter(tag) if tag != "svg"]
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on") or name == "srcdoc"]
    assert not [address for address in all_of(page, "href") if not address.startswith(("/", "#"))]
    shown = "".join(main.itertext())
    missing = [
        payload
        for payload in PAYLOADS
        if kept(payload).strip() not in shown and " ".join(kept(payload).split()) not in " ".join(shown.split())
    ]
    assert not missing


def test_in_the_spreadsheet_every_text_is_a_cell_of_text(told: FlaskClient) -> None:
    answer = told.get("/gennemgang/2026H1/gennemgang.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert not [cell.coordinate for cell in cells if cell.hyperlink]
    typed = {cell.value for cell in cells if cell.data_type == "s"}
    assert not [payload for payload in PAYLOADS if kept(payload) not in typed]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(cell.quotePrefix for cell in cells if cell.data_type == "s" and cell.row > 1)


def test_in_the_pdf_every_text_is_text_and_what_no_font_has_is_written_out(told: FlaskClient) -> None:
    answer = told.get("/gennemgang/2026H1/gennemgang.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=gennemgang-2026H1.pdf"
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert not {"/OpenAction", "/AA", "/Names"} & set(pdf.Root.keys()) or "/JavaScript" not in pdf.Root.get("/Names", {})
        assert not [
            page for page in pdf.pages for note in page.get("/Annots", []) if note.get("/A", {}).get("/S") in ("/URI", "/JavaScript")
        ]


def test_the_words_of_the_pdf_are_those_that_were_typed(told: FlaskClient) -> None:
    reader = pypdf.PdfReader(io.BytesIO(told.get("/gennemgang/2026H1/gennemgang.pdf").data))
    shown = bare("".join(page.extract_text() for page in reader.pages))
    plain = [payload for payload in PAYLOADS if all(ord(letter) < 0x180 for letter in kept(payload))]
    assert len(plain) > 60
    assert not [payload for payload in plain if bare(kept(payload)) not in shown]
    for code in ("[U+1F600]", "[U+202E]gpj.exe", "[U+2400]"):  # no font; turned round; the picture of NUL, which no font has
        assert code in shown


def bare(words: str) -> str:
    """Words without the spaces that a line of a PDF takes away or adds."""
    return "".join(words.replace("\u200b", "").replace("\u00ad", "").split())


@pytest.mark.parametrize(("prefix", "language"), [("", "da"), ("/en", "en")])
def test_the_pdf_is_tagged_titled_and_in_its_language(told: FlaskClient, prefix: str, language: str) -> None:
    first, again = (told.get(f"{prefix}/gennemgang/2026H1/gennemgang.pdf").data for _ in range(2))
    assert first == again
    with pikepdf.open(io.BytesIO(first)) as pdf:
        assert str(pdf.Root.Lang) == language
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert "2026" in str(pdf.docinfo["/Title"])
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        kinds = {str(one.S) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"}
        assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD"} <= kinds
