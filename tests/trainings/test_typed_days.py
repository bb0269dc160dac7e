"""A day the office types is a day of its work: a slip in the year is refused beside its field, on every form."""

from datetime import date, timedelta

import pytest
from django import forms
from django.urls import get_resolver, reverse

from accounts.fields import DayField
from accounts.forms import NewPersonForm
from tests.trainings.factories import session, spot
from tests.trainings.test_planning import typed
from trainings.models import TrainingSession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
OUTSIDE = "Check the year. Write a day from 2000 to 2037."


def our_forms(found=forms.BaseForm):
    for one in found.__subclasses__():
        if not one.__module__.startswith(("django", "allauth", "tests")):
            yield one
        yield from our_forms(one)


def test_every_form_takes_only_days_of_our_work():
    _everything_is_loaded = get_resolver().url_patterns
    others = {NewPersonForm: {"birth_on"}}  # a day of birth has its own bounds

    loose = [
        (form.__name__, name)
        for form in our_forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.DateField) and not isinstance(field, DayField)
        if name not in others.get(form, ())
    ]

    assert loose == []


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2038-01-01", "9999-12-31"])
def test_a_slip_in_the_year_is_said_beside_the_day_and_nothing_is_planned(office, day):
    where = session()
    sent = typed(where, first_day=day, last_day=day, closes_on=day, last_offer_on="", looked_at="on")

    page = office.post(reverse("trainings:desk_new"), sent)

    assert page.context["form"].errors["first_day"] == [OUTSIDE]
    assert page.context["form"].errors["closes_on"] == [OUTSIDE]
    assert TrainingSession.objects.count() == 1


def test_the_last_day_of_the_years_that_count_is_taken():
    assert DayField().clean("2037-12-31") == date(2037, 12, 31)
    assert DayField().clean("2000-01-01") == date(2000, 1, 1)


def test_a_test_day_of_the_year_one_is_refused_beside_it(office, clock):
    where = session()
    mine = spot(where)
    TrainingSession.objects.filter(pk=where.pk).update(status="published")
    clock.move_to(where.ends_at + timedelta(hours=1))
    office.force_login(office.staff)
    type(mine).objects.filter(pk=mine.pk).update(status="confirmed", seat=where.seats.first())

    page = office.post(
        reverse("trainings:desk_exam", args=[where.reference]), {"taken_on": "0001-01-01", f"score-{mine.pk}": "80"}
    )

    assert OUTSIDE in page.content.decode()


def test_a_draft_from_before_days_were_bounded_breaks_no_page(office):
    where = session()
    far = where.starts_at.replace(year=9999, month=12, day=30)
    TrainingSession.objects.filter(pk=where.pk).update(starts_at=far, ends_at=far + timedelta(hours=3), status="draft")

    page = office.get(reverse("trainings:desk_year"), {"from": "9999", "to": "2027"})

    assert (page.status_code, page.context["years"]) == (200, [])


@pytest.mark.parametrize(
    ("year", "said"), [(2030, "This day is still to come. Check the year."), (1800, "Check the year they were born.")]
)
def test_the_office_opens_no_record_for_somebody_born_in_no_possible_year(office, year, said):
    names = {"legal_given_names": "Ada", "legal_family_name": "Bell", "channel": "phone"}
    sent = {**names, "birth_on": f"{year}-05-04", "came_on": "2027-08-02", "came_at": "08:00"}

    page = office.post(reverse("new_person"), sent)

    assert page.context["form"].errors == {"birth_on": [said]}
