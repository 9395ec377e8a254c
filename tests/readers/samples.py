"""Where the look-alikes of the wires lie, and small files made in memory."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

WIRE = Path(__file__).parents[1] / "data" / "wire"


def wire(name: str) -> bytes:
    return (WIRE / name).read_bytes()


def make_zip(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


W_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Un titre</dc:title>'
    "<dcterms:modified>2017-03-20T09:00:00Z</dcterms:modified></cp:coreProperties>"
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def make_docx(body: str, before: str = "") -> bytes:
    """A DOCX whose document has `body` as its XML (prefix w), after `before`."""
    document = f'{before}<w:document xmlns:w="{W_NAMESPACE}"><w:body>{body}</w:body></w:document>'
    return make_zip(
        (
            "[Content_Types].xml",
            b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        ),
        (
            "_rels/.rels",
            f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_DOCUMENT}" '
            'Target="word/document.xml"/></Relationships>'.encode(),
        ),
        ("word/document.xml", document.encode()),
        ("docProps/core.xml", _CORE.encode()),
    )


def make_odt(body: str) -> bytes:
    """An ODT whose text has `body` as its XML (prefixes office, text, table)."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "meta")
    )
    saved = "<meta:creation-date>2017-03-20T09:00:00</meta:creation-date>"
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
        )
        archive.writestr("meta.xml", f"<office:document-meta {names}><office:meta>{saved}"
                                     "</office:meta></office:document-meta>")  # fmt: skip
    return out.getvalue()


def make_pdf(lines: list[str], password: str = "") -> bytes:
    """A PDF of one page with `lines` as its text; without any, a page with no text at all."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    shown = b"".join(
        b"(" + line.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)") + b") Tj T*\n"
        for line in lines
    )
    stream = StreamObject()
    stream.set_data(b"BT /F1 12 Tf 14 TL 50 780 Td\n" + shown + b"ET")
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Title": "Un titre", "/CreationDate": "D:20170320090000Z"})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
