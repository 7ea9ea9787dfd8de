"""The seal in a Word file: a custom XML part, which Word keeps when somebody edits and saves."""

from __future__ import annotations

from typing import Any, Final

from docx.opc.constants import RELATIONSHIP_TYPE as LINK
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from reportkit.export.seal import Seal

SPACE: Final = "urn:reportkit:seal:1"
"""The XML namespace of the part."""
_PLACE: Final = "/customXml/item1.xml"
_PROPERTIES: Final = "/customXml/itemProps1.xml"
_ID: Final = "{6E3A6F0B-5C1D-4B52-9A57-0F1B7C2D9E41}"
"""Office wants an id of each such part; it is the same in every file."""
_PROPERTIES_TYPE: Final = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_PROPERTIES_SPACE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"


def carry(document: Any, seal: Seal) -> None:
    """Put a seal into a document, in place of the custom XML that python-docx's template has."""
    part = document.part
    for key, link in list(part.rels.items()):
        if link.reltype == LINK.CUSTOM_XML:
            del part.rels[key]
    root = etree.Element(f"{{{SPACE}}}seal", nsmap={"rk": SPACE})
    etree.SubElement(root, f"{{{SPACE}}}header").text = seal.header
    etree.SubElement(root, f"{{{SPACE}}}report").text = seal.text
    properties = etree.Element(
        f"{{{_PROPERTIES_SPACE}}}datastoreItem", nsmap={"ds": _PROPERTIES_SPACE}
    )
    properties.set(f"{{{_PROPERTIES_SPACE}}}itemID", _ID)
    item = Part(PackURI(_PLACE), "application/xml", _written(root), part.package)
    item.relate_to(
        Part(PackURI(_PROPERTIES), _PROPERTIES_TYPE, _written(properties), part.package),
        LINK.CUSTOM_XML_PROPS,
    )
    part.relate_to(item, LINK.CUSTOM_XML)


def _written(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=False))
