"""The application's list: what waits for the person, what for somebody else, what is done. One page mends each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import Desk
from accounts.steps import Tone
from accounts.workflow import profile_of
from applicants.checklist import checklist_of
from applicants.models import Document, TrainingApplication
from audit.reasons import Reason, say
from programs.checklist import Item
from programs.program import program
from programs.requirements import State
from programs.words import actor

PROFILE_PAGES = {"residency": "address", "birth_date": "birth"}
LIST_PAGES = {
    "references": "applicants:references",
    "documents": "applicants:documents",
    "support_hours": "applicants:hours",
}


@dataclass(frozen=True)
class Task:
    title: str
    sentence: str
    url: str
    tone: Tone
    label: str
    is_needed: bool = True


@dataclass(frozen=True)
class TaskList:
    todo: list[Task]
    waiting: list[Task]
    done: list[Task]

    @property
    def is_ready_to_send(self) -> bool:
        return not any(task.is_needed for task in self.todo)

    @property
    def progress(self) -> str:
        """6 of 9 are done. 2 wait for you."""
        needed = sum(task.is_needed for task in self.todo)
        total = needed + len(self.waiting) + len(self.done)
        parts = [_("%(done)d of %(total)d are done.") % {"done": len(self.done), "total": total}]
        if needed:
            parts.append(ngettext("%d waits for you.", "%d wait for you.", needed) % needed)
        if self.waiting:
            waiting = len(self.waiting)
            parts.append(ngettext("%d waits for someone else.", "%d wait for someone else.", waiting) % waiting)
        return " ".join(parts)


def task_list(application: TrainingApplication, desk: Desk, at: datetime) -> TaskList:
    tasks = [
        _designation(application, desk, at),
        *_about_me(application, desk),
        *(_of_item(item, application, desk) for item in checklist_of(application, at).items),
        _place(application, desk),
        *_hours(application, desk, at),
        *_refused_papers(application, desk),
    ]
    return TaskList(
        todo=[task for task in tasks if task.tone == Tone.YOU or (task.tone == Tone.QUIET)],
        waiting=[task for task in tasks if task.tone == Tone.THEM],
        done=[task for task in tasks if task.tone == Tone.DONE],
    )


def _done(title: str, url: str, sentence: str = "") -> Task:
    return Task(title, sentence, url, Tone.DONE, _("Done"))


def _designation(application: TrainingApplication, desk: Desk, at: datetime) -> Task:
    title = program(at.date()).designation(application.designation).title
    return _done(_("Your path: %s") % title, desk.url("applicants:path", reference=application.reference))


def _about_me(application: TrainingApplication, desk: Desk) -> list[Task]:
    person, profile = application.person, profile_of(application.person)
    rows = [
        (_("Your name"), "names", bool(person.legal_given_names and person.legal_family_name), "names_missing"),
        (_("How to reach you"), "contact", bool(profile.best_channel), "contact_missing"),
    ]
    tasks = []
    for title, part, is_there, code in rows:
        url = desk.url("profile_part", part=part)
        todo = Task(title, say(Reason(code)), url, Tone.YOU, _("To do"))
        tasks.append(_done(title, url) if is_there else todo)
    return tasks


def page_of(fix: str, application: TrainingApplication, desk: Desk) -> str:
    """The page that mends what a requirement asks; empty where none does."""
    if fix in PROFILE_PAGES:
        return desk.url("profile_part", part=PROFILE_PAGES[fix])
    if fix in LIST_PAGES:
        return desk.url(LIST_PAGES[fix], reference=application.reference)
    return desk.url("applicants:part", reference=application.reference, part=fix.replace("_", "-")) if fix else ""


def _of_item(item: Item, application: TrainingApplication, desk: Desk) -> Task:
    url = page_of(item.fix, application, desk)
    if item.is_met:
        return _done(item.title, url)
    if item.state == State.WAITING:
        return Task(item.title, sentence_of(item), url, Tone.THEM, actor(item.next_actor) or _("Waiting"))
    return Task(item.title, sentence_of(item), url, Tone.YOU, _("To do"))


def sentence_of(item: Item) -> str:
    """The reason in words. Several agreements share one kind: one that is not the ethics rules says its own words."""
    if item.kind == "ethics_agreement" and item.fix != "ethics":
        return item.requirement.statement or say(item.reason)
    return say(item.reason)


def _place(application: TrainingApplication, desk: Desk) -> Task:
    title, url = _("A quiet place to join from"), page_of("place", application, desk)
    if application.private_place:
        return _done(title, url)
    sentence = _("It never counts. Say so if you need a room or a screen.")
    return Task(title, sentence, url, Tone.QUIET, _("If you like"), is_needed=False)


def _hours(application: TrainingApplication, desk: Desk, at: datetime) -> list[Task]:
    """Not asked before the training, but for the certificate; written down now, it is there later."""
    title, url = _("Hours of helping others"), page_of("support_hours", application, desk)
    if checklist_of(application, at).of_kind("support_hours"):
        return []
    if application.spells.exists():
        return [_done(title, url)]
    sentence = _("You need them for your certificate, not for the class. You can write them down now.")
    return [Task(title, sentence, url, Tone.QUIET, _("If you like"), is_needed=False)]


def _refused_papers(application: TrainingApplication, desk: Desk) -> list[Task]:
    """Papers of kinds no rule asks for come back too."""
    refused = application.documents.kept().filter(status=Document.Status.REFUSED).exclude(kind=Document.Kind.SCHOOL)
    url = desk.url("applicants:documents", reference=application.reference)
    return [
        Task(paper.get_kind_display(), say(Reason(paper.refusal)), url, Tone.YOU, _("Send it again"), is_needed=False)
        for paper in refused
    ]
