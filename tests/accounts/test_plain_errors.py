"""What a form says of a wrong answer is in our words on every form, and no steering marks are kept."""

import re
from decimal import Decimal

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import get_resolver, reverse

from accounts.middleware import PlainTextMiddleware
from accounts.models import User
from tests.trainings.factories import trainer
from tests.trainings.test_typed_days import our_forms

RAW = re.compile(r"Ensure|Enter a valid|characters|The submitted|not one of the available|Upload a valid|no more than")


def first_error(field, value):
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(value)
    return refused.value.messages[0]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (forms.IntegerField(min_value=1), "0", "Write 1 or more."),
        (forms.IntegerField(max_value=500), "501", "Write 500 or less."),
        (forms.IntegerField(), "two", "Write a whole number, like 12."),
        (forms.CharField(max_length=3), "four", "This is too long. It has 4 letters. Keep it to 3."),
        (forms.CharField(min_length=2), "a", "Write at least 2 letters."),
        (forms.DecimalField(max_digits=8, decimal_places=2), "1.234", "Write at most 2 digits after the point."),
        (forms.DecimalField(max_value=Decimal("9.5")), "10", "Write 9.5 or less."),
        (forms.DateField(), "soon", "Write the day like 09/20/2027."),
        (forms.TimeField(), "soon", "Write the time like 9:00 or 16:30."),
        (forms.EmailField(), "ada", "Write the whole e-mail, like name@example.org."),
        (forms.URLField(assume_scheme="https"), "a b", "Write the whole address, like https://example.org/class."),
        (forms.FileField(), SimpleUploadedFile("a.pdf", b""), "This file is empty. Choose another one."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Choose one of the answers on this page."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), ["b"], "Choose one of the answers on this page."),
    ],
)
def test_a_wrong_answer_is_told_in_plain_words(field, value, said):
    assert first_error(field, value) == said


def test_no_field_of_any_form_of_ours_speaks_raw_django():
    _everything_is_loaded = get_resolver().url_patterns

    raw = [
        (form.__name__, name, code)
        for form in our_forms()
        for name, field in getattr(form, "base_fields", {}).items()
        for code, sentence in field.error_messages.items()
        if code not in ("contradiction", "incomplete") and RAW.search(str(sentence))
    ]

    assert raw == []


@pytest.mark.django_db
def test_marks_that_turn_words_around_are_dropped_and_letters_of_every_script_stay(client):
    client.force_login(trainer())
    names = {
        "legal_given_names": "Zo\u00eb \u202eadA",
        "legal_family_name": "\u2066\u0645\u06cc\u200c\u0634\u0648\u062f\u200f",
    }
    sent = {**names, "channel": "phone", "came_on": "2026-08-03", "came_at": "08:00"}

    client.post(reverse("new_person"), sent)

    kept = User.objects.get(legal_given_names__startswith="Zo")
    assert (kept.legal_given_names, kept.legal_family_name) == ("Zo\u00eb adA", "\u0645\u06cc\u200c\u0634\u0648\u062f")


def test_the_name_of_a_file_does_not_turn_around_either():
    sent = RequestFactory().post("/", {"paper": SimpleUploadedFile("me\u202egpj.pdf", b"x"), "words": "plain"})

    PlainTextMiddleware(lambda request: None).process_view(sent, None, (), {})

    assert (sent.FILES["paper"].name, sent.POST["words"]) == ("megpj.pdf", "plain")
