"""Where each job stands, who acts next and by when: for the person, and for the office."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.steps import Stage, Step, Tone, Work
from employment.models import Job, Verification
from programs.calendar import WorkCalendar, local_day
from programs.program import Rules, program
from programs.words import long_date

Status = Verification.Status
# How long the office takes to look at an address, and how long it waits before it calls an employer itself.
ADDRESS_DAYS = 2
SILENCE_DAYS = 10


# -- The person --------------------------------------------------------------------------------------------


def jobs_of(person: User) -> QuerySet[Job]:
    """With their questions, newest first, in two statements."""
    return (
        Job.objects.filter(person=person)
        .exclude(status=Job.Status.TAKEN_BACK)
        .select_related("provider", "person")
        .prefetch_related("verifications")
    )


def steps_of(person: User, at: datetime) -> list[Step]:
    in_force = program(local_day(at))
    return [step_of(job, at, in_force) for job in jobs_of(person)]


def newest_question(job: Job) -> Verification:
    """A job is never without one: naming the job writes it."""
    question = next(iter(job.verifications.all()))
    question.job = job
    return question


def step_of(job: Job, at: datetime, in_force: Rules) -> Step:
    """Where this job stands, in words the person reads. Days are counted by the rules `in_force` at that moment."""
    question = newest_question(job)
    if job.last_day:
        return _over(job, Tone.QUIET, _("Ended"), _("Your last day was %s.") % long_date(job.last_day))
    if job.is_verified:
        sentence = _("%(who)s confirmed your job. You work there since %(day)s.")
        words = {"who": question.signature, "day": long_date(job.hired_on)}
        return _over(job, Tone.DONE, _("Confirmed"), sentence % words)
    if question.is_answerable(at):
        return _with_the_verifier(job, question)
    if question.status == Status.DRAFTED:
        return _drafted(job, question, at, in_force)
    return _back_with_the_person(job, question, at, in_force)


def _over(job: Job, tone: Tone, chip: str, sentence: str) -> Step:
    return Step(
        stage=Stage.EMPLOYMENT,
        tone=tone,
        chip=chip,
        sentence=sentence,
        title=job.provider.name,
        url=reverse("employment:job", args=[job.reference]),
        link_text=_("See this job"),
        is_over=True,
        reference=job.reference,
    )


def _open(
    job: Job, tone: Tone, chip: str, sentence: str, who: str, due_on: date | None, link: str, page: str = "job"
) -> Step:
    return Step(
        stage=Stage.EMPLOYMENT,
        tone=tone,
        chip=chip,
        sentence=sentence,
        next_actor=who,
        due_on=due_on,
        title=job.provider.name,
        url=reverse(f"employment:{page}", args=[job.reference]),
        link_text=link,
        reference=job.reference,
    )


def _with_the_verifier(job: Job, question: Verification) -> Step:
    who = question.verifier_name
    if question.status == Status.OPENED:
        chip, sentence = _("They opened it"), _("%s opened our message and has not answered yet.") % who
    else:
        chip, sentence = _("We wrote to %s") % who, _("We asked %s if your job facts are right.") % who
    return _open(job, Tone.THEM, chip, sentence, who, question.answer_by, _("See it"))


def _drafted(job: Job, question: Verification, at: datetime, in_force: Rules) -> Step:
    if question.address_approved is False:
        sentence = _("We cannot write to %s. Give us a work address.") % question.verifier_email
        return _yours(job, at, in_force, _("Give us a work address"), sentence, _("Give another address"), "verifier")
    if question.address_asked_at and question.address_approved is None:
        day = local_day(question.address_asked_at)
        sentence = _("You gave a personal address. We look at it before you send.")
        due = in_force.calendar.add_working_days(day, ADDRESS_DAYS)
        return _open(job, Tone.THEM, _("We look at the address"), sentence, _("our office"), due, _("See it"))
    sentence = _("Read our message to %s. Then press Send. We send nothing before that.") % question.verifier_name
    return _yours(job, at, in_force, _("Not sent yet"), sentence, _("Read and send"), "message")


def _back_with_the_person(job: Job, question: Verification, at: datetime, in_force: Rules) -> Step:
    if question.status == Status.MISADDRESSED:
        sentence = _("%s is not the right person to ask.") % question.verifier_name
        return _yours(
            job, at, in_force, _("Please give us the right person"), sentence, _("Name someone else"), "verifier"
        )
    if question.status == Status.NOT_EMPLOYED:
        day = local_day(question.answered_at or at)
        sentence = _("Your employer says that you do not work there now. Tell us if this is right.")
        due = max(in_force.due_after("separation_answer", day), local_day(at))
        return _open(job, Tone.YOU, _("We have another answer"), sentence, _("you"), due, _("See what you can do"))
    if question.status == Status.WITHDRAWN:
        sentence = _("We cannot write to %s. Give us a work address.") % question.verifier_email
        return _yours(job, at, in_force, _("Give us a work address"), sentence, _("Give another address"), "verifier")
    sentence = _("%s did not answer in time. Send it again, or name someone else.") % question.verifier_name
    return _yours(job, at, in_force, _("No answer yet"), sentence, _("See what you can do"), "job")


def _yours(job: Job, at: datetime, in_force: Rules, chip: str, sentence: str, link: str, page: str) -> Step:
    """Nothing ends if the person takes longer, so a day gone by reads as today."""
    due = max(in_force.due_after("report_change", local_day(job.named_at)), local_day(at))
    return _open(job, Tone.YOU, chip, sentence, _("you"), due, link, page)


# -- The office --------------------------------------------------------------------------------------------


def work_of(user: User, at: datetime) -> list[Work]:
    """Addresses to look at, and employers who have been silent too long. One's own matter is left to others."""
    if not user.has_perm("employment.keep_providers"):
        return []
    calendar = program(local_day(at)).calendar
    others = Verification.objects.exclude(job__person=user).select_related("job__person", "job__provider")
    personal = [_address_work(question, calendar) for question in others.waiting_for_the_office()]
    return personal + [work for question in others.out() for work in _work_on_what_is_out(question, calendar, at)]


def _address_work(question: Verification, calendar: WorkCalendar) -> Work:
    due = calendar.add_working_days(local_day(question.address_asked_at or question.drafted_at), ADDRESS_DAYS)
    return _work(question, due, _("Look at a personal address"))


def _work_on_what_is_out(question: Verification, calendar: WorkCalendar, at: datetime) -> list[Work]:
    sent_on = local_day(question.sent_at or question.drafted_at)
    found = []
    if not question.is_address_known and question.address_settled_at is None:
        due = calendar.add_working_days(sent_on, ADDRESS_DAYS)
        found.append(_work(question, due, _("Look at an address that is new for this provider")))
    silent_from = calendar.add_working_days(sent_on, SILENCE_DAYS)
    if silent_from <= local_day(at):
        found.append(_work(question, silent_from, _("Call the provider: no answer yet")))
    return found


def _work(question: Verification, due_on: date, verb: str) -> Work:
    return Work(
        due_on=due_on,
        reference=question.reference,
        who=str(question.job.person),
        verb=verb,
        url=reverse("employment:question", args=[question.reference]),
        detail=question.job.provider.name,
    )
