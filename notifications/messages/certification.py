"""What people hear about certification."""

from __future__ import annotations

from typing import Any

from audit.models import Entry
from certification.events import CertificationEvent
from notifications.messages.facts import UNSPOKEN, _private_item, iso
from notifications.messages.mail import Facts, mail
from notifications.rendering import link_to
from programs.calendar import local_day
from programs.program import program
from programs.words import money


def file_facts(application: Any) -> Facts:
    return link_to("certification:file", application.reference)


def about_the_file(entry: Entry) -> Facts:
    return file_facts(entry.subject) | {"still_open": bool(entry.facts.get("still_open"))}


def what_is_missing(entry: Entry) -> Facts:
    unspoken = {one.code for one in program(local_day(entry.at)).requirements("certification") if one.kind in UNSPOKEN}
    items = [_private_item() if item["code"] in unspoken else item["words"] for item in entry.facts.get("items", [])]
    return file_facts(entry.subject) | {"items": items, "due_on": entry.facts.get("due_on")}


def the_meeting(entry: Entry) -> Facts:
    return file_facts(entry.subject) | {"meets_at": entry.facts.get("meets_at")}


def the_recommendation(entry: Entry) -> Facts:
    day = local_day(entry.at)
    return file_facts(entry.subject) | {"decides_on": iso(program(day).service_due("director", day))}


def what_the_board_asks(entry: Entry) -> Facts:
    return file_facts(entry.subject) | {"due_on": entry.facts.get("due_on")}


def the_appeal(entry: Entry) -> Facts:
    return file_facts(entry.subject) | {"due_on": entry.facts.get("appeal_by")}


def credential_facts(credential: Any) -> Facts:
    return link_to("me") | {"number": credential.number, "expires_on": iso(credential.expires_on)}


def the_credential(entry: Entry) -> Facts:
    return credential_facts(entry.subject)


def the_paper(entry: Entry) -> Facts:
    return link_to("certification:document", entry.subject.reference) | {"title": entry.subject.get_kind_display()}


def the_payment(entry: Entry) -> Facts:
    return file_facts(entry.subject) | {"fee": money(program(local_day(entry.at)).fee(entry.facts["fee"]))}


CERTIFICATION_MAILS = (
    mail(CertificationEvent.SUBMITTED, "file_received", about_the_file),
    mail(CertificationEvent.SOMETHING_MISSING, "something_missing", what_is_missing),
    mail(CertificationEvent.PAYMENT_CAME_BACK, "payment_came_back", the_payment),
    mail(CertificationEvent.COMPLETE, "file_complete", about_the_file),
    mail(CertificationEvent.CLOSED, "file_closed", about_the_file),
    mail(CertificationEvent.ON_AGENDA, "on_agenda", the_meeting),
    mail(CertificationEvent.MOVED, "agenda_moved", the_meeting),
    mail(CertificationEvent.RECOMMENDED, "recommended", the_recommendation),
    mail(CertificationEvent.BOARD_ASKS_MORE, "board_asks_more", what_the_board_asks),
    mail(CertificationEvent.NOT_RECOMMENDED, "not_recommended", about_the_file),
    mail(CertificationEvent.DISAPPROVED, "disapproved", the_appeal),
    mail(CertificationEvent.CREDENTIAL_ISSUED, "credential_issued", the_credential),
    mail(CertificationEvent.DOCUMENT_READY, "document_ready", the_paper),
)
