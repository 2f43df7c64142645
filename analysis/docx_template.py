"""The Word templates that come with the program, made from here: ``python -m analysis.docx_template``.

An office may edit ``templates/report/report.docx`` and ``memo.docx`` in Word (an emblem, its own margins, another
font): ``render_docx`` fills in ``{{ ... }}``, and what a document says takes the place of the paragraph ``BODY``.
Thai is a complex script in Word: font, size and bold are said twice, for it and for everything else.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from analysis.typeset import FOLDER

FONT = "TH Sarabun New"
BODY = "BODY"
WIDTH = 9070  # of the text, in twentieths of a point: 21 cm less 3 at the left and 2 at the right
INDENT = 1418  # 2.5 cm
BULLET, ARABIC, THAI = 1, 2, 3  # kinds of lists, as in the numbering part

# style -> size in points, bold, alignment, space before and after in points, indents in twentieths, kept with the next
STYLES: Mapping[str, tuple[float, bool, str, float, float, Mapping[str, int], bool]] = {
    "Normal": (16, False, "left", 0, 0, {}, False),
    "Title": (22, True, "center", 0, 0, {}, True),
    "Subtitle": (18, False, "center", 0, 0, {}, True),
    "Heading 1": (20, True, "left", 14, 6, {}, True),
    "Heading 2": (18, True, "left", 12, 4, {}, True),
    "Heading 3": (16, True, "left", 10, 4, {}, True),
    "Body Text": (16, False, "thaiDistribute", 0, 6, {"firstLine": INDENT}, False),
    "Body Text 2": (16, False, "thaiDistribute", 0, 6, {}, False),
    "Caption": (15, True, "left", 10, 4, {}, True),
    "Small Text": (13, False, "left", 2, 8, {}, False),
    "Table Text": (14, False, "left", 0, 0, {}, False),
    "List Paragraph": (16, False, "left", 0, 3, {"left": 1134, "hanging": 454}, False),
    "Signature": (16, False, "center", 0, 0, {"left": 4082}, True),
    "Picture": (16, False, "center", 0, 0, {}, True),
    "Memo Title": (29, True, "center", 0, 6, {}, True),
    "Memo Line": (16, False, "left", 0, 2, {}, True),
    "Footer": (12, False, "left", 0, 0, {}, False),
}


def report() -> bytes:
    """A report: title, subtitle, agency, what it says."""
    document = _empty()
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{%p if subtitle %}", "Subtitle")
    document.add_paragraph("{{ subtitle }}", "Subtitle")
    document.add_paragraph("{%p endif %}", "Subtitle")
    document.add_paragraph("{{ agency }}", "Subtitle")
    document.add_paragraph(BODY)
    return packed(document)


def memo() -> bytes:
    """A บันทึกข้อความ. 1.5 cm above its title are free for the emblem, which an office puts there itself."""
    document = _empty()
    title = document.add_paragraph("บันทึกข้อความ", "Memo Title")
    title.paragraph_format.space_before = Cm(1)
    for fields in (("ส่วนราชการ", "office"),), (("ที่", "number"), ("วันที่", "date")), (("เรื่อง", "subject"),):
        _memo_line(document, fields)
    to = document.add_paragraph("เรียน  {{ to }}", "Memo Line")
    to.paragraph_format.space_before, to.paragraph_format.space_after = Cm(0.3), Cm(0.3)
    document.add_paragraph(BODY)
    return packed(document)


def packed(document: Document) -> bytes:
    """A document's bytes, the same every time: the files in it carry no time."""
    made = BytesIO()
    document.save(made)
    out = BytesIO()
    with ZipFile(made) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()


def run_font(size: float, bold: bool) -> str:
    """The properties of a run or style as XML."""
    twice = round(2 * size)
    return (
        f'<w:rPr {nsdecls("w")}><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
        + ("<w:b/><w:bCs/>" if bold else '<w:b w:val="0"/><w:bCs w:val="0"/>')
        + f'<w:i w:val="0"/><w:iCs w:val="0"/><w:color w:val="000000"/><w:sz w:val="{twice}"/><w:szCs w:val="{twice}"/>'
        '<w:lang w:val="en-US" w:eastAsia="th-TH" w:bidi="th-TH"/></w:rPr>'
    )


def _empty() -> Document:
    """A4, the margins of a government letter, the styles, the lists and the footer; no text."""
    document = docx.Document()
    for paragraph in document.paragraphs:
        paragraph._element.getparent().remove(paragraph._element)
    [section] = document.sections
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Cm(3), Cm(2), Cm(2), Cm(2)
    section.header_distance = section.footer_distance = Cm(1)
    for name in STYLES:
        _style(document, name)
    _lists(document)
    _footer(section.footer)
    core = document.core_properties
    core.title, core.author, core.comments, core.language = "{{ title }}", "{{ agency }}", "", "th-TH"
    return document


def _style(document: Document, name: str) -> None:
    size, bold, align, before, after, indents, keep = STYLES[name]
    known = [style.name for style in document.styles]
    style = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    element = style.element
    for tag in ("w:rPr", "w:pPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    sides = "".join(f' w:{side}="{width}"' for side, width in indents.items())
    element.append(
        parse_xml(
            f"<w:pPr {nsdecls('w')}>"
            + ("<w:keepNext/><w:keepLines/>" if keep else "")
            + f'<w:spacing w:before="{before * 20:.0f}" w:after="{after * 20:.0f}" w:line="240" w:lineRule="auto"/>'
            + (f"<w:ind{sides}/>" if sides else "")
            + f'<w:jc w:val="{align}"/>'
            + (f'<w:outlineLvl w:val="{int(name[-1]) - 1}"/>' if name.startswith("Heading") else "")
            + "</w:pPr>"
        )
    )
    element.append(parse_xml(run_font(size, bold)))


def _lists(document: Document) -> None:
    """Dots, Arabic and Thai numbers, each a kind of list; a numbered list begins a new one of its kind."""
    numbering = document.part.numbering_part.element
    for old in list(numbering):
        numbering.remove(old)
    for kind, (form, text) in {
        BULLET: ("bullet", "•"),
        ARABIC: ("decimal", "%1."),
        THAI: ("thaiNumbers", "%1."),
    }.items():
        numbering.append(
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{kind}"><w:multiLevelType w:val="singleLevel"/>'
                f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
                '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="1134" w:hanging="454"/></w:pPr>'
                f"{run_font(16, False)}</w:lvl></w:abstractNum>"
            )
        )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{BULLET}"><w:abstractNumId w:val="{BULLET}"/></w:num>'))


def _footer(footer: Any) -> None:
    """What the document is, and its page of how many; ``switch``: Thai digits for the fields."""
    said = footer.paragraphs[0]
    said.style = "Footer"
    line = f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="4" w:space="4" w:color="808080"/></w:pBdr>'
    said._element.get_or_add_pPr().append(parse_xml(line))
    said.add_run("{{ footer }}")
    pages = footer.add_paragraph("หน้า ", "Footer")
    pages.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _field(pages, "PAGE")
    pages.add_run("/")
    _field(pages, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    for kind in ("begin", name, "separate", "", "end"):
        element = paragraph.add_run()._element
        if kind == name:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {name} {{{{ switch }}}} "
            element.append(instruction)
        elif kind:
            char = OxmlElement("w:fldChar")
            char.set(qn("w:fldCharType"), kind)
            element.append(char)
        else:
            paragraph.runs[-1].text = "{{ one }}"


def _memo_line(document: Document, fields: tuple[tuple[str, str], ...]) -> None:
    """Labels, each followed by what is written on its dotted line."""
    paragraph = document.add_paragraph(style="Memo Line")
    stops = "".join(f'<w:tab w:val="left" w:pos="{WIDTH * (at + 1) // len(fields)}"/>' for at in range(len(fields)))
    paragraph._element.get_or_add_pPr().append(parse_xml(f"<w:tabs {nsdecls('w')}>{stops}</w:tabs>"))
    for label, name in fields:
        strong = paragraph.add_run(label)
        strong._element.insert(0, parse_xml(run_font(20, True)))
        written = paragraph.add_run(f"  {{{{ {name} }}}}\t")
        written._element.insert(0, parse_xml(f'<w:rPr {nsdecls("w")}><w:u w:val="dotted"/></w:rPr>'))


if __name__ == "__main__":
    (FOLDER / "report.docx").write_bytes(report())
    (FOLDER / "memo.docx").write_bytes(memo())
