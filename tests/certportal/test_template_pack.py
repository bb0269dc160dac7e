"""Every kind of field: a label, descriptions that exist, and an error a screen reader meets."""

from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from crispy_forms.utils import render_crispy_form
from django import forms

from accounts.fields import Hinted, MemorableDateField
from accounts.layout import Private

CHOICES = [("yes", Hinted("Yes", "You can change it later.")), ("no", "No")]
KINDS = {
    "text": lambda **k: forms.CharField(**k),
    "e-mail": lambda **k: forms.EmailField(**k),
    "number": lambda **k: forms.IntegerField(**k),
    "password": lambda **k: forms.CharField(widget=forms.PasswordInput, **k),
    "day": lambda **k: forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **k),
    "textarea": lambda **k: forms.CharField(widget=forms.Textarea, **k),
    "essay": lambda **k: forms.CharField(widget=forms.Textarea(attrs={"data-words-most": 500}), **k),
    "select": lambda **k: forms.ChoiceField(choices=CHOICES, **k),
    "file": lambda **k: forms.FileField(widget=forms.FileInput, **k),
    "checkbox": lambda **k: forms.BooleanField(**k),
    "radios": lambda **k: forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, **k),
    "checkboxes": lambda **k: forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple, **k),
    "memorable date": lambda **k: MemorableDateField(**k),
}
GROUPS = ("radios", "checkboxes", "memorable date")


class Page(HTMLParser):
    """The start tags of a page, in order, and the ids on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] for _tag, attrs in self.tags if "id" in attrs]

    @property
    def controls(self) -> list[dict[str, str]]:
        named = [attrs for tag, attrs in self.tags if tag in ("input", "select", "textarea")]
        return [attrs for attrs in named if attrs.get("type") not in ("hidden", "submit")]

    def one(self, tag: str) -> dict[str, str]:
        (attrs,) = [attrs for name, attrs in self.tags if name == tag]
        return attrs


def _page(kind: str, *, data=None, required: bool = True) -> Page:
    class OneField(forms.Form):
        it = KINDS[kind](label="What is it?", help_text="A hint.", required=required)

    return Page(render_crispy_form(OneField(data, {} if data is not None else None)))


@pytest.mark.parametrize("data", [None, {}], ids=["as opened", "with errors"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_control_has_a_label_and_no_description_leads_nowhere(kind, data):
    page = _page(kind, data=data)

    labelled = {attrs["for"] for tag, attrs in page.tags if tag == "label"}
    described = [name for _tag, attrs in page.tags for name in attrs.get("aria-describedby", "").split()]

    assert {control["id"] for control in page.controls} == labelled
    assert set(described) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("kind", KINDS)
def test_the_hint_describes_the_field(kind):
    page = _page(kind)

    holder = page.one("fieldset") if kind in GROUPS else page.controls[0]

    assert "id_it_helptext" in holder["aria-describedby"].split()
    assert not any("aria-invalid" in control for control in page.controls)


@pytest.mark.parametrize("kind", KINDS)
def test_the_error_describes_every_control_and_marks_it_invalid(kind):
    page = _page(kind, data={})

    assert page.controls
    for control in page.controls:
        assert control["aria-invalid"] == "true"
        assert "id_it_error" in control["aria-describedby"].split()


@pytest.mark.parametrize("kind", GROUPS)
def test_a_group_is_a_fieldset_with_a_legend(kind):
    page = _page(kind, data={})

    assert [tag for tag, _attrs in page.tags if tag == "legend"] == ["legend"]
    assert "id_it_error" in page.one("fieldset")["aria-describedby"].split()


def test_radios_tell_that_an_answer_is_needed_and_missing():
    fieldset = _page("radios", data={}).one("fieldset")

    assert (fieldset["role"], fieldset["aria-required"], fieldset["aria-invalid"]) == ("radiogroup", "true", "true")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"checkbox"}))
def test_an_optional_field_says_so(kind):
    class OneField(forms.Form):
        it = KINDS[kind](label="What is it?", required=False)

    assert "(optional)" in render_crispy_form(OneField())


def test_the_browser_leaves_the_errors_to_us():
    assert "novalidate" in _page("text").one("form")


def test_a_layout_of_groups_notice_and_button_renders():
    class TwoFields(forms.Form):
        first = forms.CharField(label="First")
        second = forms.CharField(label="Second")

    helper = FormHelper()
    helper.layout = Layout(
        Private(why="The rule asks it.", readers="Staff who check your form.", blank="You can still apply."),
        Fieldset("About you", "first", "second"),
        Submit("send", "Send"),
    )

    html = render_crispy_form(TwoFields(), helper)

    assert "The rule asks it." in html
    assert "About you</legend>" in html
    assert 'type="submit" name="send" value="Send"' in html


def test_an_unanswered_question_is_named_in_its_error():
    class Two(forms.Form):
        county = forms.ChoiceField(label="Your county", choices=CHOICES)
        name = forms.CharField(label="Your name", error_messages={"required": "Write your name."})

    html = render_crispy_form(Two({}))

    assert "Choose an answer: Your county" in html
    assert "Write your name." in html
    assert "This field is required" not in html
