"""The papers as files: what each one says (pure), and the page it is printed from."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import qrcode
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from qrcode.image.svg import SvgPathImage

from accounts.workflow import profile_of
from certification.models import Credential, Decision, Document
from programs.calendar import local_day
from programs.program import NotInTheRules, Rules
from programs.words import date_range, listed, long_date, money
from trainings.models import Completion, Registration
from trainings.paper import render_pdf as render_pdf

TEMPLATES = {
    Document.Kind.CERTIFICATE: "pdf/certificate.html",
    Document.Kind.AWARD_LETTER: "pdf/letter.html",
    Document.Kind.COMPLETION_CERTIFICATE: "pdf/completion.html",
    Document.Kind.ATTENDANCE_CERTIFICATE: "pdf/attendance.html",
}


# -- What each paper says, as of its day -------------------------------------------------------------------


def certificate_context(credential: Credential, decision: Decision, rules: Rules, check_code: str) -> dict[str, Any]:
    return {
        **_heads(rules),
        "page_title": _("Certificate %(number)s, %(name)s")
        % {"number": credential.number, "name": credential.name_as_printed},
        "name": credential.name_as_printed,
        "title": credential.title,
        "designation": credential.designation_title,
        "authority": _(
            "having met the requirements of %(law)s, been recommended by the Review Board on %(day)s, "
            "and been approved by the Executive Director."
        )
        % {"law": rules.authority, "day": long_date(local_day(decision.recommendation.recorded_at))},
        "number": credential.number,
        "issued": long_date(credential.issued_on),
        "expires": long_date(credential.expires_on),
        "signer_name": str(decision.decided_by),
        "signer_title": _("Executive Director"),
        "check_address": _without_scheme(settings.SITE_URL + reverse("certification:check")),
        "check_url": settings.SITE_URL
        + reverse("certification:check")
        + "?"
        + urlencode({"number": credential.number, "check": check_code}),
    }


def _heads(rules: Rules) -> dict[str, Any]:
    return {
        "language": translation.get_language() or "en",
        "state": _("State of %s") % rules.state,
        "department": rules.department.removeprefix(rules.state).strip(),
    }


def _without_scheme(url: str) -> str:
    return url.partition("://")[2].rstrip("/")


def letter_context(credential: Credential, decision: Decision, rules: Rules) -> dict[str, Any]:
    """The credential award letter: how long it holds, and what keeps it."""
    office, person = rules.office("place"), credential.person
    expires = long_date(credential.expires_on)
    return {
        **_heads(rules),
        "page_title": _("Credential award letter %(number)s, %(name)s")
        % {"number": credential.number, "name": credential.name_as_printed},
        "department": rules.department,
        "office": office.said("long_title") or office.name,
        "contact": " · ".join(part for part in (office.phone, office.email) if part),
        "date": long_date(credential.issued_on),
        "address": profile_of(person).postal_lines or [credential.name_as_printed],
        "heading": _("You are certified"),
        "salutation": _("Dear %s,") % credential.name_as_printed,
        "paragraphs": [
            _(
                "The Executive Director said yes to your application. You are now a %(title)s, %(designation)s. "
                "You earned this. Well done."
            )
            % {"title": credential.title, "designation": credential.designation_title}
        ],
        "facts": [
            [_("Your number"), credential.number],
            [_("Starts"), long_date(credential.issued_on)],
            [_("Good through"), expires],
        ],
        "list_title": _("To keep it"),
        "list": _to_keep_it(credential, rules),
        "more": [
            _("Your certificate comes with this letter. Anyone can check it at %s.")
            % _without_scheme(settings.SITE_URL + reverse("certification:check"))
        ],
        "questions": _("Questions? Call us at %(phone)s, %(hours)s.") % {"phone": office.phone, "hours": office.hours},
        "signer_name": str(decision.decided_by),
        "signer_title": _("Executive Director"),
        "foot": " · ".join(
            [credential.application.reference, rules.authority, rules.citation("renewal", "renewal").title]
        ),
    }


def _to_keep_it(credential: Credential, rules: Rules) -> list[str]:
    expires = long_date(credential.expires_on)
    lines = [_("Keep your job with a provider that %s has certified.") % rules.department_short]
    hours = next((one.params["hours"] for one in rules.requirements("renewal") if one.kind == "education_hours"), None)
    if hours:
        lines.append(_("Learn %(hours)d hours or more by %(day)s. Keep the proof.") % {"hours": hours, "day": expires})
    days = _report_days(rules)
    if days:
        lines.append(
            ngettext(
                "Tell us within %d working day when your name, address or job changes.",
                "Tell us within %d working days when your name, address or job changes.",
                days,
            )
            % days
        )
    lines.append(
        _("Renew by %(day)s. The fee is now %(fee)s and may change.")
        % {"day": expires, "fee": money(rules.fee("renewal"))}
    )
    return lines


def _report_days(rules: Rules) -> int:
    try:
        return rules.period("report_change").days
    except NotInTheRules:
        return 0


def completion_context(completion: Completion, rules: Rules) -> dict[str, Any]:
    """That somebody finished a class; it says nothing of being certified."""
    session, office = completion.session, rules.office("training")
    designation = rules.designation(completion.designation).title if completion.designation else ""
    return {
        **_heads(rules),
        "page_title": _("Certificate of completion %(number)s, %(name)s")
        % {"number": completion.reference, "name": completion.person.legal_name},
        "name": completion.person.legal_name,
        "course": completion.course.title,
        "designation": designation,
        "dates": date_range(session.starts_on, session.ends_on),
        "organiser": _("Given by %s") % completion.course.organiser if completion.course.organiser else "",
        "number": completion.reference,
        "hours": f"{completion.hours.normalize():f}",
        "issued": long_date(completion.completed_on),
        "signer_name": office.said("long_title") or office.name,
        "signer_title": rules.department,
    }


def attendance_context(spot: Registration, minutes: int, issued_on: date, rules: Rules) -> dict[str, Any]:
    """How long somebody was in class, made up days included; it says nothing of finishing."""
    session, office = spot.session, rules.office("training")
    made_on = sorted({row.made_on for row in spot.make_ups.all() if row.made_on and row.taken_back_at is None})
    return {
        **_heads(rules),
        "page_title": _("Certificate of attendance %(number)s, %(name)s")
        % {"number": spot.reference, "name": spot.person.legal_name},
        "name": spot.person.legal_name,
        "course": spot.course.title,
        "dates": date_range(session.starts_on, session.ends_on),
        "made_up": _("Made up on %s") % listed([long_date(day) for day in made_on]) if made_on else "",
        "organiser": _("Given by %s") % spot.course.organiser if spot.course.organiser else "",
        "number": spot.reference,
        "hours": f"{(Decimal(minutes) / 60).quantize(Decimal('0.01')).normalize():f}",
        "issued": long_date(issued_on),
        "signer_name": office.said("long_title") or office.name,
        "signer_title": rules.department,
    }


# -- From words to a file ----------------------------------------------------------------------------------


def document_html(document: Document) -> str:
    """The page a paper is printed from: its stored facts in today's layout, in its own language."""
    context: Mapping[str, Any] = document.context
    with translation.override(context.get("language", "en")):
        return render_to_string(
            TEMPLATES[Document.Kind(document.kind)],
            {**context, "qr_data_uri": qr_picture(context["check_url"]) if context.get("check_url") else ""},
        )


def qr_picture(url: str) -> str:
    """The address as a picture inside the page, so that nothing has to be fetched."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(url)
    drawn = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(drawn)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()
