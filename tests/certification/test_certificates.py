"""The papers: what they say to the letter, how they are built, and that each is made once."""

import hashlib
import re
import subprocess
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
import time_machine

from audit.models import Entry
from certification import certificates, tasks, workflow
from certification.events import CertificationEvent
from certification.models import Document
from tests.certification.factories import AFTER, NOON, certified, ready, trained
from trainings.events import TrainingEvent
from trainings.models import Completion

pytestmark = pytest.mark.django_db

HARD_NAMES = {
    "ampersand and brackets": ("Ann & <b>Bo</b>", 'O\'Neil "Q" <img src="file:///etc/passwd">'),
    "accents": ("José Ángel Ñandú", "Núñez-Ōtařšžł"),
    "chinese": ("太郎", "山田"),
    "arabic": ("محمد عبد الرحمن", "الحسيني"),
    "150 characters": ("Maximiliana-Theodora Wilhelmina " * 3, "W" * 54),
    "both names as long as they may be": ("Wilhelmina " * 13, "W" * 150),
    "150 wide characters": ("山田太郎" * 25, "欧陽" * 25),
}


def named(given: str, family: str):
    someone = ready()
    someone.legal_given_names, someone.legal_family_name = given.strip(), family
    someone.save()
    return someone


def words_of(pdf: bytes, tmp_path) -> str:
    """What a reader's machine takes out of the file, without the marks that only say which way letters run."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    shown = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", shown)


def joined(text: str) -> str:
    return re.sub(r"\s", "", text)


def make(document: Document) -> bytes:
    return certificates.render_pdf(certificates.document_html(document), document.reference)


@pytest.mark.parametrize("name", HARD_NAMES.values(), ids=HARD_NAMES.keys())
def test_any_name_stands_on_the_certificate_exactly_and_on_one_page(name, tmp_path):
    credential = certified(named(*name))

    pdf = make(Document.objects.get(kind="certificate"))

    assert len(pikepdf.open(BytesIO(pdf)).pages) == 1
    assert joined(credential.name_as_printed) in joined(words_of(pdf, tmp_path))
    assert credential.number in words_of(pdf, tmp_path)


@pytest.mark.parametrize("kind", ["certificate", "award_letter"])
def test_a_paper_is_tagged_named_and_in_a_language(kind):
    credential = certified(ready("Denise Marie Holloway"))

    with pikepdf.open(BytesIO(make(Document.objects.get(kind=kind)))) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert "/StructTreeRoot" in pdf.Root
        assert credential.number in str(pdf.docinfo["/Title"])
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        pictures = [tag for tag in tags_of(pdf.Root.StructTreeRoot) if tag.get("/S") == "/Figure"]
        assert all(str(picture.get("/Alt", "")) for picture in pictures)
        assert len(pictures) == (1 if kind == "certificate" else 0)


def tags_of(node):
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from tags_of(child)


def test_nothing_is_fetched_from_this_machine_or_another(tmp_path, monkeypatch):
    opened = []
    import socket
    import urllib.request

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", _noting(opened, urllib.request.OpenerDirector.open))
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: opened.append(args))
    secret = tmp_path / "secret.txt"
    secret.write_text("not for the paper")
    html = (
        f'<html lang="en"><head><title>x</title><link rel="stylesheet" href="file://{secret}">'
        f'<style>@import "http://127.0.0.1:9/x.css"; body {{ background: url(file://{secret}) }}</style></head>'
        f'<body><img alt="x" src="file://{secret}"><img alt="y" src="http://127.0.0.1:9/y.png">'
        f'<object data="file://{secret}"></object><p>words</p></body></html>'
    )

    pdf = certificates.render_pdf(html, "x")

    assert opened == []
    assert "not for the paper" not in words_of(pdf, tmp_path)


def _noting(opened, really):
    def open_(self, request, *args, **kwargs):
        address = getattr(request, "full_url", str(request))
        if not address.startswith("data:"):
            opened.append(address)
        return really(self, request, *args, **kwargs)

    return open_


def test_the_certificate_says_what_was_true_that_day_whatever_is_renamed_later(tmp_path):
    credential = certified(ready("Denise Marie Holloway"))
    credential.person.legal_family_name = "Otherwise"
    credential.person.save()

    words = words_of(make(Document.objects.get(kind="certificate")), tmp_path)

    assert "Denise Marie Holloway" in words
    assert "Otherwise" not in words
    for line in (
        "State of Mississippi",
        "Certified Peer Support Specialist Professional",
        "Mental Health",
        "Friday, November 19, 2027",
        "Tuesday, September 30, 2031",
        "Alma Pruitt",
    ):
        assert line in words


def test_the_letter_names_term_and_what_keeps_it(tmp_path):
    certified(ready("Denise Marie Holloway"))

    words = joined(words_of(make(Document.objects.get(kind="award_letter")), tmp_path))

    for line in (
        "You are certified",
        "Good through Tuesday, September 30, 2031",
        "Learn 20 hours or more by Tuesday, September 30, 2031.",
        "Tell us within 14 working days when your name, address or job changes.",
        "Renew by Tuesday, September 30, 2031. The fee is now $40 and may change.",
    ):
        assert joined(line) in words


def test_the_worker_makes_each_paper_once_and_stores_it_with_its_checksum():
    certified()

    for _again in range(2):
        with time_machine.travel(AFTER, tick=False):
            tasks.render()

    for document in Document.objects.all():
        with document.file.open("rb") as stored:
            assert hashlib.sha256(stored.read()).hexdigest() == document.checksum
        assert (document.status, document.attempts) == ("done", 1)
    assert Entry.objects.filter(event=CertificationEvent.DOCUMENT_READY).count() == 2


def test_a_paper_that_is_stored_is_never_made_again():
    certified()
    document = Document.objects.get(kind="certificate")
    first = workflow.store_document(document.pk, b"%PDF first", at=AFTER)

    second = workflow.store_document(document.pk, b"%PDF second", at=AFTER + timedelta(hours=1))

    assert (second.checksum, second.file.name, second.done_at) == (first.checksum, first.file.name, AFTER)


def test_a_worker_that_died_between_claim_and_store_leaves_the_paper_to_the_next():
    certified()
    Document.objects.claim(at=AFTER)
    assert not Document.objects.ready(AFTER).exists()

    later = AFTER + timedelta(minutes=6)

    assert Document.objects.ready(later).count() == 2
    assert {paper.attempts for paper in Document.objects.claim(at=later)} == {2}


def test_a_paper_that_cannot_be_made_waits_and_does_not_stop_the_others():
    certified()
    Document.objects.filter(kind="certificate").update(kind="unknown")

    with time_machine.travel(AFTER, tick=False):
        tasks.render()

    assert sorted(Document.objects.values_list("status", flat=True)) == ["done", "owed"]
    assert Document.objects.get(status="owed").problem == "ValueError"


def test_a_finished_class_owes_a_certificate_of_completion_that_says_nothing_of_being_certified(tmp_path):
    from django.db import transaction

    from audit.trail import record

    someone = trained()
    done = Completion.objects.get(person=someone)
    for _again in range(2):
        with transaction.atomic():
            record(Entry.of(TrainingEvent.COMPLETED, done, by=None, at=NOON))

    words = words_of(make(Document.objects.get()), tmp_path)

    assert someone.legal_name in words
    assert done.reference in words
    assert "30" in words
    assert "certifies" not in words
