"""Certificate, completion and letter: one page each, tagged, for any name, with nothing fetched."""

import io

import pikepdf
import pytest
import weasyprint
from django.template.loader import render_to_string
from weasyprint.urls import URLFetcher

PIXEL = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"
SHEET = {
    "language": "en",
    "page_title": "Certificate MS-2027-00042-K7Q",
    "state": "State of Mississippi",
    "department": "Department of Mental Health",
    "signer_name": "Alma Pruitt",
    "signer_title": "Executive Director",
    "check_address": "portal.example.org/verify",
    "number": "MS-2027-00042-K7Q",
    "qr_data_uri": PIXEL,
    "issued": "Monday, November 22, 2027",
}
CERTIFICATE = SHEET | {
    "title": "Certified Peer Support Specialist Professional",
    "designation": "Parent or Caregiver of a Child or Youth",
    "authority": "having met the requirements of 24 Miss. Admin. Code, Part 5, been recommended by the PLACE Review "
    "Board on November 18, 2027, and been approved by the Executive Director.",
    "expires": "Tuesday, September 30, 2031",
}
COMPLETION = SHEET | {
    "course": "Certified Peer Support Specialist Professional Basic Training",
    "designation": "Mental Health",
    "dates": "Monday, September 13 to Friday, September 17, 2027",
    "hours": "30",
}
NAMES = {
    "short": "Denise Marie Holloway",
    "one long word": "W" * 150,
    "many words": ("Maximiliane Wolfeschlegelsteinhausenbergerdorff " * 4)[:150],
    "wide script": "歐陽" * 75,
    "right to left": ("عبد الرحمن بن محمد الهاشمي " * 6)[:150],
    "stacked script": ("राजेश्वरी लक्ष्मीनारायणन् " * 6)[:150],
}


def _pdf(template: str, context: dict) -> pikepdf.Pdf:
    html = render_to_string(template, context)
    closed = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    made = weasyprint.HTML(string=html, url_fetcher=closed).write_pdf(pdf_variant="pdf/ua-1")
    return pikepdf.open(io.BytesIO(made))


def _tags(node) -> list[tuple[str, str]]:
    if isinstance(node, pikepdf.Array):
        return [tag for child in node for tag in _tags(child)]
    if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
        return []
    return [(str(node.S), str(node.get("/Alt", ""))), *_tags(node.get("/K"))]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize(("template", "context"), [("certificate", CERTIFICATE), ("completion", COMPLETION)])
def test_a_paper_is_one_tagged_page_whatever_the_name(template, context, name):
    pdf = _pdf(f"pdf/{template}.html", context | {"name": name})

    tags = _tags(pdf.Root.StructTreeRoot.K)

    assert len(pdf.pages) == 1
    assert str(pdf.Root.Lang) == "en"
    assert [tag for tag, _alt in tags].count("/H1") == 1
    assert [alt for tag, alt in tags if tag == "/Figure"] == ["Code that opens the check page for this number"]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_an_award_letter_fits_one_page(name):
    context = {
        "language": "en",
        "page_title": "Award letter",
        "department": "Mississippi Department of Mental Health",
        "office": "Division of Professional Licensure and Certification (PLACE)",
        "contact": "601-555-0142 · peers@example.org",
        "date": "Monday, November 22, 2027",
        "address": [name, "418 Catalpa Street", "Greenwood, MS 38930"],
        "heading": "You are certified",
        "salutation": f"Dear {name},",
        "paragraphs": ["The Executive Director said yes to your application today. You are now certified."],
        "facts": [("Your number", "MS-2027-00042-K7Q"), ("Good through", "Tuesday, September 30, 2031")],
        "list_title": "To keep it",
        "list": ["Keep your job.", "Learn 20 hours or more.", "Tell us when things change.", "Renew in time."],
        "more": ["Your certificate comes with this letter."],
        "questions": "Questions? Call Carla Voss at 601-555-0142.",
        "signer_name": "Alma Pruitt",
        "signer_title": "Executive Director",
        "foot": "CA-7K3QM2 · Certification & Renewal",
    }

    assert len(_pdf("pdf/letter.html", context).pages) == 1
