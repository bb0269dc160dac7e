"""How dates, times, money and phones are written everywhere, and the sentence for each reason of the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import dates as names
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from programs import local
from programs.calendar import Deadline, local_day

Day = dt.date | dt.datetime
Due = dt.date | dt.datetime | Deadline


# -- Dates -------------------------------------------------------------------------------------------------


def _day(day: Day | Deadline) -> dt.date:
    if isinstance(day, Deadline):
        return day.day
    return local_day(day) if isinstance(day, dt.datetime) else day


def _parts(day: Day | Deadline) -> dict[str, Any]:
    """The names come from the date, never from a page: a typed weekday has been wrong before."""
    date = _day(day)
    return {
        "weekday": names.WEEKDAYS[date.weekday()],
        "wd": names.WEEKDAYS_ABBR[date.weekday()],
        "month": names.MONTHS[date.month],
        "mon": str(names.MONTHS_3[date.month]).capitalize(),
        "day": date.day,
        "year": date.year,
    }


def long_date(day: Day | Deadline) -> str:
    """Friday, August 20, 2027"""
    return _("%(weekday)s, %(month)s %(day)s, %(year)s") % _parts(day)


def plain_date(day: Day | Deadline) -> str:
    """August 20, 2027: for birth dates and papers."""
    return _("%(month)s %(day)s, %(year)s") % _parts(day)


def mid_date(day: Day | Deadline) -> str:
    """Friday, August 20: the second mention within the year."""
    return _("%(weekday)s, %(month)s %(day)s") % _parts(day)


def short_date(day: Day | Deadline) -> str:
    """Fri, Aug 20: staff tables and chips."""
    return _("%(wd)s, %(mon)s %(day)s") % _parts(day)


def weekday(day: Day | Deadline) -> str:
    return str(_parts(day)["weekday"])


def short_month(day: Day | Deadline) -> str:
    return str(_parts(day)["mon"])


def date_range(first: Day, last: Day) -> str:
    """Monday, September 13 to Friday, September 17, 2027"""
    first, last = _day(first), _day(last)
    if first == last:
        return long_date(first)
    start = mid_date(first) if first.year == last.year else long_date(first)
    return _("%(first)s to %(last)s") % {"first": start, "last": long_date(last)}


def short_range(first: Day, last: Day) -> str:
    """Sep 13–17, or Sep 28 – Oct 2"""
    first, last = _day(first), _day(last)
    one = {"mon": short_month(first), "day": first.day}
    if first == last:
        return _("%(mon)s %(day)s") % one
    if (first.year, first.month) == (last.year, last.month):
        return _("%(mon)s %(day)s–%(last)s") % {**one, "last": last.day}
    return _("%(mon)s %(day)s – %(last_mon)s %(last)s") % {
        **one,
        "last_mon": short_month(last),
        "last": last.day,
    }


def near_range(first: Day, last: Day, today: Day) -> str:
    """Sep 13–17; in a list that crosses years, Sep 13–17, 2028 where that is not this year."""
    return _with_year(short_range(first, last), last, today)


def near_date(day: Day, today: Day) -> str:
    """Fri, Aug 20; Fri, Aug 20, 2028 where that is not this year."""
    return _with_year(short_date(day), day, today)


def _with_year(words: str, day: Day, today: Day) -> str:
    year = _day(day).year
    return words if year == _day(today).year else _("%(day)s, %(year)s") % {"day": words, "year": year}


# -- Times -------------------------------------------------------------------------------------------------


def clock(at: dt.time | dt.datetime) -> str:
    """9 a.m., 2:41 p.m., noon"""
    time = at.astimezone(local.zone()).time() if isinstance(at, dt.datetime) else at
    if (time.hour, time.minute) == (12, 0):
        return _("noon")
    if (time.hour, time.minute) == (0, 0):
        return _("midnight")
    hour = time.hour % 12 or 12
    digits = f"{hour}:{time.minute:02d}" if time.minute else f"{hour}"
    return _("%(time)s a.m.") % {"time": digits} if time.hour < 12 else _("%(time)s p.m.") % {"time": digits}


def zone_name() -> str:
    """What people call the time here, summer and winter."""
    common = {
        "America/Chicago": _("Central"),
        "America/New_York": _("Eastern"),
        "America/Denver": _("Mountain"),
        "America/Los_Angeles": _("Pacific"),
    }
    return common.get(local.zone().key, local.zone().key)


def _wall(due: dt.datetime | Deadline) -> dt.datetime:
    return (due.last_second if isinstance(due, Deadline) else due).astimezone(local.zone())


def long_moment(at: dt.datetime | Deadline) -> str:
    """Friday, August 20, 2027, 11:59 p.m. Central"""
    return _("%(date)s, %(clock)s %(zone)s") % {
        "date": long_date(at),
        "clock": clock(_wall(at)),
        "zone": zone_name(),
    }


def mid_moment(at: dt.datetime | Deadline) -> str:
    """Friday, August 20, 11:59 p.m. Central"""
    return _("%(date)s, %(clock)s %(zone)s") % {
        "date": mid_date(at),
        "clock": clock(_wall(at)),
        "zone": zone_name(),
    }


def clock_range(start: dt.time | dt.datetime, end: dt.time | dt.datetime) -> str:
    """9 a.m. to noon Central"""
    return _("%(start)s to %(end)s %(zone)s") % {"start": clock(start), "end": clock(end), "zone": zone_name()}


def days_left(due: Due, at: dt.datetime) -> str:
    """11 days left · Tomorrow · Today, until 11:59 p.m. · 31 hours left (for an hour inside a day)"""
    if _has_passed(due, at):
        return _("The time has passed")
    days = (_day(due) - local_day(at)).days
    if days == 0:
        return _("Today, until %s") % clock(_wall(due)) if isinstance(due, dt.datetime | Deadline) else _("Today")
    hours = _hours_left(due, at)
    if hours is not None and hours < 48:
        return ngettext("%d hour left", "%d hours left", hours) % hours
    return _("Tomorrow") if days == 1 else ngettext("%d day left", "%d days left", days) % days


def _has_passed(due: Due, at: dt.datetime) -> bool:
    if isinstance(due, Deadline):
        return not due.accepts(at)
    return not Deadline.stored(due).accepts(at) if isinstance(due, dt.datetime) else due < local_day(at)


def _hours_left(due: Due, at: dt.datetime) -> int | None:
    """Whole hours, where the end is an hour inside a day and not the day itself."""
    if not isinstance(due, dt.datetime | Deadline):
        return None
    wall = _wall(due)
    return None if (wall.hour, wall.minute) == (23, 59) else int((wall - at).total_seconds() // 3600)


# -- Money, phones, names ----------------------------------------------------------------------------------


def money(cents: int) -> str:
    """$30, or $30.50"""
    return f"${cents // 100:,}" if cents % 100 == 0 else ledger_money(cents)


def ledger_money(cents: int) -> str:
    """$4,500.00"""
    sign, cents = ("−", -cents) if cents < 0 else ("", cents)
    return f"{sign}${cents // 100:,}.{cents % 100:02d}"


def phone(number: object) -> str:
    """601-555-0142, however it was typed; a number from abroad as it stands."""
    digits = "".join(sign for sign in str(number) if sign.isdigit())
    ours = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return f"{ours[:3]}-{ours[3:6]}-{ours[6:]}" if len(ours) == 10 else str(number)


def phone_link(number: object) -> str:
    """For an href."""
    digits = "".join(sign for sign in str(number) if sign.isdigit())
    return f"tel:+1{digits}" if len(digits) == 10 else f"tel:+{digits}" if len(digits) > 5 else f"tel:{digits}"


def listed(words: list[str]) -> str:
    """one · one and two · one, two, and three"""
    if len(words) < 2:
        return "".join(words)
    if len(words) == 2:
        return _("%(one)s and %(two)s") % {"one": words[0], "two": words[1]}
    return _("%(most)s, and %(last)s") % {"most": ", ".join(words[:-1]), "last": words[-1]}


def actor(code: str) -> str:
    """Who acts next, in the words of a chip: With you."""
    return {
        "you": _("With you"),
        "reference": _("With your reference"),
        "verifier": _("With your employer"),
        "cosigner": _("With the person who signs with you"),
        "training": _("With the Training Office"),
        "place": _("With PLACE"),
        "board": _("With the Review Board"),
        "director": _("With the Director"),
    }.get(code, "")


def state_word(state: str) -> str:
    return {
        "met": pgettext("a requirement", "Done"),
        "missing": pgettext("a requirement", "To do"),
        "waiting": pgettext("a requirement", "Waiting"),
        "expired": pgettext("a requirement", "Too old now"),
    }[state]


# -- Sentences ---------------------------------------------------------------------------------------------


def _exam_not_yet(mark: int, next_on: dt.date | None) -> str:
    first = _("You have not passed the test yet. You need %d out of 100.") % mark
    if next_on is None:
        return first
    return first + " " + _("You can take it again from %s.") % mid_date(next_on)


def _of_references(asked: int, count: int) -> str:
    lack = count - asked
    return (
        ngettext(
            "We need %d more reference. Ask someone who knows you well.",
            "We need %d more references. Ask people who know you well.",
            lack,
        )
        % lack
    )


SENTENCES: dict[str, Callable[..., str]] = {
    "residency_met": lambda county: _("You live in %s County.") % county if county else _("You live in this state."),
    "residency_missing": lambda: _("Tell us that you live in this state, and your county."),
    "residency_elsewhere": lambda: _("You need to live in this state. If you move here, tell us."),
    "birth_date_missing": lambda: _("Tell us the day you were born."),
    "age_met": lambda minimum: _("You are old enough."),
    "age_too_young": lambda minimum, day: (
        _("You need to be %(age)d by %(day)s.") % {"age": minimum, "day": long_date(day)}
    ),
    "age_too_old": lambda maximum, day: (
        _("This path is for people up to age %(age)d on %(day)s. Ask us which path fits you.")
        % {"age": maximum, "day": long_date(day)}
    ),
    "lived_experience_met": lambda: _("You told us that you have been there."),
    "lived_experience_missing": lambda **_facts: _("Tell us that you have been there. You do not need to say more."),
    "lived_experience_not_yet": lambda **_facts: _("You said: not yet. This work is for people who have been there."),
    "recovery_time_met": lambda: _("You told us that you have the time in recovery."),
    "recovery_time_missing": lambda **_facts: _("Tell us yes or not yet about your time in recovery."),
    "recovery_time_not_yet": lambda **_facts: _("You said: not yet. You can come back when you are ready."),
    "ethics_agreement_met": lambda: _("You read the ethics rules and said yes to them."),
    "ethics_agreement_missing": lambda **_facts: _("Read the ethics rules. Then tell us if you say yes to them."),
    "ethics_agreement_not_yet": lambda **_facts: _(
        "You did not say yes to the ethics rules yet. Call us to talk it over."
    ),
    "education_met": lambda: _("You finished high school or the same."),
    "education_enrolled": lambda: _("You are in school now. That counts."),
    "education_too_young": lambda minimum: _("You are in school. That counts from age %d.") % minimum,
    "education_missing": lambda: _("Tell us about your school: diploma, GED, or still in school."),
    "education_not_yet": lambda: _("You need a diploma, a GED, or to be in school now. Ask us about other proof."),
    "support_hours_met": lambda hours, since: (
        _("You helped others for %(hours)d hours since %(since)s.") % {"hours": hours, "since": long_date(since)}
    ),
    "support_hours_school": lambda: _("Your year of school takes the place of the hours."),
    "support_hours_missing": lambda hours, left, since: (
        _("You need %(left)d more hours of helping others since %(since)s. A year of school also counts.")
        % {"left": left, "since": long_date(since)}
    ),
    "support_hours_expired": lambda hours, left, since: (
        _("Some of your hours are too old now. You need %(left)d more since %(since)s.")
        % {"left": left, "since": long_date(since)}
    ),
    "references_met": lambda count: ngettext("Your reference is in.", "Your references are in.", count),
    "references_waiting": lambda given, count: (
        _("%(given)d of %(count)d references are in. We wait for the rest.") % {"given": given, "count": count}
    ),
    "references_missing": _of_references,
    "references_expired": lambda count, months: (
        _("Your references are more than %(months)d months old. Ask for %(count)d new ones.")
        % {"months": months, "count": count}
    ),
    "training_met": lambda done_on: _("You finished the training on %s.") % long_date(done_on),
    "training_missing": lambda: _("You need to finish the training."),
    "training_expired": lambda done_on: (
        _("You finished the training on %s. It is too long ago. Take it again.") % long_date(done_on)
    ),
    "exam_met": lambda done_on: _("You passed the test on %s.") % long_date(done_on),
    "exam_missing": lambda mark: _("You need to pass the test with %d out of 100.") % mark,
    "exam_not_yet": _exam_not_yet,
    "exam_expired": lambda done_on: (
        _("You passed the test on %s. It is too long ago. Take it again.") % long_date(done_on)
    ),
    "employment_met": lambda: _("You work for a certified provider. Your employer said yes."),
    "employment_waiting": lambda: _("We asked your employer. We wait for the answer."),
    "employment_not_asked": lambda: _("You named your job. Now ask your employer to say yes."),
    "employment_not_certified": lambda: _("DMH does not list your employer as certified today. Call us."),
    "employment_ended": lambda: _("Your last job has ended. Tell us about your new job."),
    "employment_missing": lambda: _("You need a job with a certified provider. Tell us where you work."),
    "job_commitment_met": lambda: _("Your employer told us there is a job for you."),
    "job_commitment_waiting": lambda: _("We asked the employer if there is a job for you."),
    "job_commitment_missing": lambda: _("You need a promise of a job. Tell us who will hire you."),
    "background_met": lambda: _("Your background check is done."),
    "background_waiting": lambda: _("Your background check is on its way."),
    "background_exception_asked": lambda: _("You asked us to look past what was found. We are reading it."),
    "background_missing": lambda: _("You need a background check. We show you how to ask for it."),
    "background_may_ask": lambda: _("Your background check found something. You can ask us to look past it."),
    "background_found": lambda: _("Your background check found something. Call us to talk about it."),
    "fee_met": lambda cents: _("Your fee of %s is paid.") % money(cents),
    "fee_missing": lambda cents: _("The fee is %s. You or your employer can pay it.") % money(cents),
    "fee_waiting": lambda cents: _("Your fee of %s is on its way. We tell you when it is here.") % money(cents),
    "fee_came_back": lambda cents: (
        _("Your check came back from the bank. Please send %s as a money order.") % money(cents)
    ),
    "hours_met": lambda hours: _("You have your %d hours of learning.") % hours,
    "hours_missing": lambda hours, left, since: (
        _("You need %(left)d more hours of learning since %(since)s.") % {"left": left, "since": long_date(since)}
    ),
    "hours_ethics_missing": lambda left: (
        ngettext(
            "You need %d more hour of learning about ethics.", "You need %d more hours of learning about ethics.", left
        )
        % left
    ),
    "hours_waiting": lambda: _("Your hours of learning are in. We check them."),
    "cosigner_unasked": lambda: _("Tell us if someone needs to sign with you by law."),
    "cosigner_none": lambda: _("No one needs to sign with you."),
    "cosigner_met": lambda: _("The person who signs with you has signed."),
    "cosigner_waiting": lambda: _("We wait for the person who signs with you."),
    "cosigner_missing": lambda: _("Tell us who signs with you. We send them a link."),
    "document_met": lambda: _("We have your paper."),
    "document_checking": lambda: _("We have your paper. We check that it opens."),
    "document_missing": lambda: _("Send us a photo or a PDF of this paper."),
    "document_refused": lambda: _("We could not use the file. Send a photo or a PDF."),
    "document_expired": lambda ended_on: _("Your paper ran out on %s. Send a new one.") % long_date(ended_on),
    "outage_ends_first": lambda: _("It has to end after it starts."),
    "outage_not_over": lambda: _("It has to be over. Note it when the portal is back."),
    "outage_too_long": lambda days: _("That is longer than %d days. Look at both days.") % days,
    "row_needs_a_reason": lambda: _("Say why this changes. One sentence is enough."),
    "row_starts_too_early": lambda newest: (
        _("This can start on %s at the soonest, when the text in force began.") % long_date(newest)
    ),
    "row_ends_before_start": lambda: _("The last day is before the first day. Look at both dates."),
    "row_is_the_same": lambda: _("Nothing is different. Change something, or go back."),
    "row_is_not_sound": lambda problem: _("This text cannot be used: %s.") % problem,
}
