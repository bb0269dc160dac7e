"""From a row to words: what leaves, what is kept, and what its reader sees after signing in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.helper_links import PURPOSE as HELPER
from accounts.links import link_token
from accounts.models import Helper
from accounts.secrets import opened
from applicants.models import Reference
from employment.models import Verification
from notifications.kinds import KINDS, Kind, Quiet
from notifications.models import Channel, Message
from programs import words
from programs.program import NotInTheRules, Rules
from programs.rows import Office
from trainings.models import Invitation, Registration, Watch

HIDDEN_LINK = "[link]"
DATE_MARK, LINE_MARK = "! ", "- "
SIGN_IN_BUTTONS = {
    "account/email/password_reset_key": ("password_reset_url", gettext_lazy("Choose a new password")),
    "account/email/account_already_exists": ("password_reset_url", gettext_lazy("Choose a new password")),
    "account/email/unknown_account": ("signup_url", gettext_lazy("Open an account")),
}


class Moot(Exception):
    """What the message asks is settled, or a newer message has taken its place."""


@dataclass(frozen=True)
class Words:
    subject: str = ""
    text: str = ""
    html: str = ""


@dataclass(frozen=True)
class Versions:
    """`sent` goes out and is forgotten; `kept` is the same without secrets; `full` is for after sign-in."""

    sent: Words
    kept: Words
    full: Words


def versions(message: Message, *, at: datetime, rules: Rules) -> Versions:
    """`rules` of the day, looked up once for a whole batch."""
    if message.is_sign_in:
        return Versions(sent=_sign_in_words(message, rules), kept=Words(), full=Words())
    kind = KINDS[message.kind]
    facts = facts_in_words(message, kind, at, rules)
    sent = _words(message, kind, facts, at, link=real_link(message))
    kept = _words(message, kind, facts, at, link=HIDDEN_LINK) if message.has_secret_link else sent
    return Versions(sent, kept, full_words(kind, facts) if kind.quiet != Quiet.OPEN else Words())


# -- Links -------------------------------------------------------------------------------------------------


def link_to(name: str, *args: Any) -> dict[str, Any]:
    """A page, for the facts of a message; its address is looked up when the message leaves."""
    return {"page": {"name": name, "args": list(args)}}


Asked = Registration | Invitation | Verification | Reference | Watch | Helper  # what a link in a message may open


def secret_link(name: str, asked: Asked, *, purpose: str) -> dict[str, Any]:
    """A page opened by a token; the token is made when the message leaves."""
    return {"token": {"name": name, "pk": asked.pk, "version": asked.link_version, "purpose": purpose}}


LINKED: dict[str, type[Asked]] = {
    "trainings.offer": Registration,
    "trainings.invitation": Invitation,
    "trainings.watch": Watch,
    "employment.verify": Verification,
    "reference": Reference,
    HELPER: Helper,
}


def _is_open(asked: Asked) -> bool:
    if isinstance(asked, Registration):
        return asked.is_offered
    if isinstance(asked, Helper):
        return asked.withdrawn_at is None
    if isinstance(asked, Invitation | Watch):
        return asked.is_open
    return asked.is_out if isinstance(asked, Verification) else asked.status == Reference.Status.ASKED


def _require_live(token: Mapping[str, Any]) -> None:
    """A newer link has killed this one, or what it asks is answered."""
    asked = LINKED[token["purpose"]]._default_manager.filter(pk=token["pk"]).first()
    if asked is None or asked.link_version != token["version"] or not _is_open(asked):
        raise Moot


def path_of(message: Message) -> str:
    """The page the message leads to; empty when only its token opens it."""
    page = message.facts.get("page")
    return reverse(page["name"], args=page["args"]) if page else ""


def real_link(message: Message) -> str:
    token = message.facts.get("token")
    if token:
        _require_live(token)
        signed = link_token(token["pk"], token["version"], purpose=token["purpose"])
        return settings.SITE_URL + reverse(token["name"], args=[signed])
    path = path_of(message)
    return settings.SITE_URL + path if path else ""


# -- Words -------------------------------------------------------------------------------------------------


def is_quiet(message: Message) -> bool:
    """A letter travels in an envelope, and who has no record here was promised nothing."""
    return message.is_private and message.channel == Channel.EMAIL and message.person_id is not None


def _words(message: Message, kind: Kind, facts: Mapping[str, Any], at: datetime, *, link: str) -> Words:
    name = f"email/quiet/{kind.quiet}" if is_quiet(message) else f"email/{kind.name}"
    frame = {
        "sender": _("Training Office"),
        "called": _on_one_line(message.to_name),
        "button_url": link,
        "button_text": kind.link_text if link else "",
        "is_inert": message.has_secret_link,
        "messages_url": settings.SITE_URL + reverse("notifications:messages") if _has_page(message) else "",
        "today": words.long_date(at),
    }
    if is_quiet(message):
        frame |= _quiet_button(message, kind, link)
    return _framed(name, facts, frame, is_letter=message.channel == Channel.POST)


def _has_page(message: Message) -> bool:
    return message.person_id is not None and message.channel == Channel.EMAIL


def _quiet_button(message: Message, kind: Kind, link: str) -> dict[str, Any]:
    """The page that is linked would say what it is about: the way there leads through the message after sign-in."""
    if message.has_secret_link:
        return {"button_url": link, "button_text": _("Answer now") if kind.quiet == Quiet.ANSWER else kind.link_text}
    page = reverse("notifications:message", args=[message.pk])
    return {"button_url": settings.SITE_URL + page, "button_text": _("Sign in and read")}


def full_words(kind: Kind, facts: Mapping[str, Any]) -> Words:
    return Words(_subject(f"email/{kind.name}.subject.txt", facts), _plain(f"email/{kind.name}.txt", facts))


def _sign_in_words(message: Message, rules: Rules) -> Words:
    """The code or the link is opened here, for the moment of sending."""
    secrets = json.loads(opened(message.sealed))
    template = message.facts["template"]
    address, button = SIGN_IN_BUTTONS.get(template, ("", ""))
    frame = {
        "sender": _("Training Office"),
        "button_url": secrets.get(address, ""),
        "button_text": button,
        **_office_facts("training", rules),
    }
    return _framed(template, secrets, frame, parts=("_subject.txt", "_message.txt"))


def _framed(
    name: str,
    context: Mapping[str, Any],
    frame: Mapping[str, Any],
    *,
    is_letter: bool = False,
    parts: tuple[str, str] = (".subject.txt", ".txt"),
) -> Words:
    """The same words twice, plain and HTML."""
    subject = _subject(name + parts[0], context)
    whole = {**context, **frame, **layout(_plain(name + parts[1], context)), "subject": subject, "heading": subject}
    text = _plain("email/letter.txt" if is_letter else "email/frame.txt", whole)
    return Words(subject, text, "" if is_letter else render_to_string("email/frame.html", whole))


def _plain(template: str, context: Mapping[str, Any]) -> str:
    """Plain text: nothing is escaped, and gaps that a condition left are closed."""
    rendered = Engine.get_default().get_template(template).render(Context(dict(context), autoescape=False))
    text = "\n".join(line.rstrip() for line in rendered.splitlines())
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()


def _subject(template: str, context: Mapping[str, Any]) -> str:
    """One line, whatever a name holds."""
    return " ".join(_plain(template, context).split())[:250]


def layout(said: str) -> dict[str, Any]:
    """The paragraphs before the date that counts, the date, and the sentences after it."""
    parts = [part.strip() for part in said.split("\n\n") if part.strip()]
    dates = [number for number, part in enumerate(parts) if part.startswith(DATE_MARK)]
    if not dates:
        return {"blocks": [_block(part) for part in parts], "date_line": "", "after": []}
    first = dates[0]
    return {
        "blocks": [_block(part) for part in parts[:first]],
        "date_line": parts[first].removeprefix(DATE_MARK),
        "after": [" ".join(part.split()) for part in parts[first + 1 :]],
    }


def _block(part: str) -> dict[str, Any]:
    lines = part.splitlines()
    if all(line.startswith(LINE_MARK) for line in lines):
        return {"list": [line.removeprefix(LINE_MARK) for line in lines]}
    return {"text": " ".join(lines)}


# -- Facts -------------------------------------------------------------------------------------------------


def facts_in_words(message: Message, kind: Kind, at: datetime, rules: Rules) -> dict[str, Any]:
    """Names and texts lose their line breaks: they may hold anything, and must not look like our own lines."""
    ours = {"reference": message.about, "is_letter": message.channel == Channel.POST}
    return {**in_words(message.facts, at), **_office_facts(kind.office, rules), **ours}


def in_words(facts: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Each `x_at` and `x_on` becomes `x` (long), `x_day`, `x_short` and `x_left`; other facts stay as they are."""
    worded: dict[str, Any] = {}
    for name, value in facts.items():
        if name.endswith(("_at", "_on")):
            worded |= _dates(name[:-3], _moment_or_day(name, value), at) if value else {name[:-3]: ""}
        else:
            worded[name] = _on_one_line(value)
    return worded


def _on_one_line(value: Any) -> Any:
    if isinstance(value, list):
        return [_on_one_line(one) for one in value]
    return " ".join(value.split()) if isinstance(value, str) else value


def _moment_or_day(name: str, value: str) -> datetime | date:
    return datetime.fromisoformat(value) if name.endswith("_at") else date.fromisoformat(value)


def _dates(name: str, day: datetime | date, at: datetime) -> dict[str, str]:
    long = words.long_moment(day) if isinstance(day, datetime) else words.long_date(day)
    return {
        name: long,
        f"{name}_day": words.mid_date(day),
        f"{name}_short": words.short_date(day),
        f"{name}_left": words.days_left(day, at),
    }


def _office_facts(code: str, rules: Rules) -> dict[str, str]:
    office = _office(code, rules)
    if office is None or not office.phone:
        return {"phone": "", "phone_link": "", "hours": ""}
    return {
        "phone": words.phone(office.phone),
        "phone_link": words.phone_link(office.phone),
        "hours": office.hours,
    }


def _office(code: str, rules: Rules) -> Office | None:
    try:
        return rules.office(code)
    except NotInTheRules:
        return None
