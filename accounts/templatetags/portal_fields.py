"""What the form template pack asks of a field: its kind, its drawn parts, and where an error link leads."""

from typing import Any

from django import forms, template
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.fields import MemorableDateWidget

register = template.Library()

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (  # first that fits; CheckboxSelectMultiple is a RadioSelect
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (MemorableDateWidget, "date"),
    (forms.MultiWidget, "several"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
)
CLASSES = {"select": "usa-select", "textarea": "usa-textarea", "file": "cp-file", "checkbox": ""}


@register.filter
def kind(field: BoundField) -> str:
    return next((name for widget, name in KINDS if isinstance(field.field.widget, widget)), "input")


@register.filter
def error_target(field: BoundField) -> str:
    """The id a link in the error summary jumps to: the first box of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def sentences(field: BoundField) -> list[str]:
    """The field's errors. Django's own "This field is required." does not say which field, so it is said anew."""
    return [_sentence(field, error) for error in field.errors.as_data()]


def _sentence(field: BoundField, error: ValidationError) -> str:
    said = str(next(iter(error)))
    if error.code != "required" or said != forms.Field.default_error_messages["required"]:
        return said
    asks = {
        "checkbox": _("Tick this box: %s"),
        "file": _("Choose a file: %s"),
        **dict.fromkeys(("radios", "checkboxes", "select"), _("Choose an answer: %s")),
    }
    return asks.get(kind(field), _("Fill this in: %s")) % field.label


@register.filter
def descriptions(field: BoundField) -> str:
    """The ids of what describes this field on the page: its hint, its error, its word count."""
    return " ".join(filter(None, [_hint_id(field), _error_id(field), _count_id(field)]))


def _hint_id(field: BoundField) -> str:
    return f"{field.auto_id}_helptext" if field.help_text else ""


def _error_id(field: BoundField) -> str:
    return f"{field.auto_id}_error" if field.errors else ""


def _count_id(field: BoundField) -> str:
    return f"{field.auto_id}_words" if most_words(field) else ""


@register.filter
def most_words(field: BoundField) -> str:
    """A textarea asks for a word count with `attrs={"data-words-most": 500, "data-words-least": 150}`."""
    return str(field.field.widget.attrs.get("data-words-most", ""))


@register.filter
def least_words(field: BoundField) -> str:
    return str(field.field.widget.attrs.get("data-words-least", ""))


@register.simple_tag
def draw(field: BoundField) -> SafeString:
    """The control itself, in our classes, tied to its hint and error."""
    field.field.widget.attrs.pop("placeholder", None)  # it looks like an answer and goes away when one types
    own = field.field.widget.attrs.get("class", "")
    classes = f"{CLASSES.get(kind(field), 'usa-input')} {own}".strip()
    attrs = {"class": classes, "aria-describedby": descriptions(field)}
    return field.as_widget(attrs={name: value for name, value in attrs.items() if value})


@register.filter
def options(field: BoundField) -> list[dict[str, Any]]:
    """Each radio or checkbox of a group: its drawn input, id, label and hint, with the group label where it starts."""
    widget = field.field.widget
    groups = widget.optgroups(field.html_name, widget.format_value(field.value()), _attrs(field))
    return [_option(field, row, "" if at else name) for name, rows, _index in groups for at, row in enumerate(rows)]


def _option(field: BoundField, option: dict[str, Any], group: str | None) -> dict[str, Any]:
    hint = getattr(option["label"], "hint", "")
    hint_id = f"{option['attrs']['id']}_hint" if hint else ""
    if described := " ".join(filter(None, [hint_id, _error_id(field)])):
        option["attrs"]["aria-describedby"] = described
    facts = {"group": group, "id": option["attrs"]["id"], "label": option["label"], "hint": hint, "hint_id": hint_id}
    return {**facts, "input": _drawn(field, option)}


@register.filter
def boxes(field: BoundField) -> list[dict[str, Any]]:
    """The three boxes of a memorable date, each with its label."""
    widget = field.field.widget
    parts = widget.get_context(field.html_name, field.value(), _attrs(field))["widget"]["subwidgets"]
    return [_box(field, part, label) for part, label in zip(parts, widget.box_labels, strict=True)]


def _box(field: BoundField, part: dict[str, Any], label: str) -> dict[str, Any]:
    part["attrs"]["class"] = "usa-input"
    if error_id := _error_id(field):
        part["attrs"]["aria-describedby"] = error_id
    return {
        "input": _drawn(field, part),
        "id": part["attrs"]["id"],
        "label": label,
        "part": part["name"].rsplit("_")[-1],
    }


def _drawn(field: BoundField, part: dict[str, Any]) -> SafeString:
    return BoundWidget(field.field.widget, part, field.form.renderer).tag()


def _attrs(field: BoundField) -> dict[str, Any]:
    return field.build_widget_attrs({"id": field.auto_id})
