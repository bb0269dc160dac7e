"""What a person said, as lines to read: for check-your-answers, the copy they keep, and the office."""

from __future__ import annotations

from typing import Any, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.workflow import profile_of
from applicants.models import Reference, SupportSpell, TrainingApplication
from programs.calendar import local_day
from programs.program import program
from programs.requirements import Requirement
from programs.words import date_range, long_date

EDUCATION = [
    ("diploma", gettext_lazy("A high school diploma")),
    ("ged", gettext_lazy("A GED")),
    ("degree", gettext_lazy("A college degree")),
    ("enrolled", gettext_lazy("I am in school or a GED class now")),
    ("other_proof", gettext_lazy("Something else that shows I finished school")),
    ("none", gettext_lazy("None of these yet")),
]


class Line(TypedDict):
    label: str
    value: str


class Section(TypedDict):
    part: str
    title: str
    lines: list[Line]


def answers_of(application: TrainingApplication) -> list[Section]:
    """Everything but the private accounts. Plain strings, so that the copy stays as it was sent."""
    sections = [
        ("designation", _("The training"), _training(application)),
        ("about-me", _("About you"), _about(application)),
        *_attested(application),
        ("education", _("School"), [(_("School"), _education(application))]),
        ("support-hours", _("Helping others"), _spells(application)),
        ("references", _("People who speak for you"), _references(application)),
        ("documents", _("Papers"), _papers(application)),
        ("place", _("A quiet place"), [(_("Can you join from there?"), application.get_private_place_display())]),
    ]
    return [
        {
            "part": part,
            "title": str(title),
            "lines": [{"label": str(label), "value": str(value or _("Not answered"))} for label, value in lines],
        }
        for part, title, lines in sections
        if lines
    ]


def _training(application: TrainingApplication) -> list[tuple[str, Any]]:
    session = application.session
    return [
        (_("Training"), str(session.course)),
        (_("When"), date_range(session.starts_on, session.ends_on)),
        (_("Path"), program(local_day(application.saved_at)).designation(application.designation).title),
    ]


def _about(application: TrainingApplication) -> list[tuple[str, Any]]:
    person, profile = application.person, profile_of(application.person)
    return [
        (_("Legal name"), person.legal_name),
        (_("The name you use"), person.called),
        (_("Date of birth"), long_date(profile.birth_on) if profile.birth_on else ""),
        (_("County"), profile.county),
        (_("Best way to reach you"), profile.get_best_channel_display()),
    ]


def attested_requirements(application: TrainingApplication) -> list[Requirement]:
    """What the rules ask a person to say yes to."""
    rules = program(application.judged_on or local_day(application.saved_at))
    kinds = ("lived_experience", "recovery_time", "ethics_agreement")
    return [asked for asked in rules.requirements("training", application.designation) if asked.kind in kinds]


def attestation_code(asked: Requirement) -> str:
    return str(asked.params.get("attestation", asked.code))


def _attested(application: TrainingApplication) -> list[tuple[str, str, list[tuple[str, Any]]]]:
    said = {True: _("Yes"), False: _("Not yet"), None: ""}
    return [
        (
            asked.fix.replace("_", "-"),
            asked.title,
            [(asked.statement or asked.title, said[application.attestations.get(attestation_code(asked))])],
        )
        for asked in attested_requirements(application)
    ]


def _education(application: TrainingApplication) -> str:
    return str(dict(EDUCATION).get(application.education, ""))


def _spells(application: TrainingApplication) -> list[tuple[str, Any]]:
    return [(spell.where, spell_words(spell)) for spell in application.spells.all()]


def spell_words(spell: SupportSpell) -> str:
    amount = f"{spell.amount.normalize():f}"
    unit = _("%s hours") if spell.kind == SupportSpell.Kind.HOURS else _("%s years of school")
    if spell.ends_on:
        return f"{unit % amount}, {date_range(spell.starts_on, spell.ends_on)}"
    return f"{unit % amount}, {_('since %s') % long_date(spell.starts_on)}"


def _references(application: TrainingApplication) -> list[tuple[str, Any]]:
    """Whom they named, never what was answered."""
    named = application.references.exclude(status=Reference.Status.TAKEN_BACK)
    return [(one.name, f"{one.get_relation_display()}, {one.email}") for one in named]


def _papers(application: TrainingApplication) -> list[tuple[str, Any]]:
    return [(paper.get_kind_display(), paper.name) for paper in application.documents.kept()]
