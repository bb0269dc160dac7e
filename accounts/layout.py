"""Layout objects of our own, for the `FormHelper` of any app."""

from typing import Any

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template import Context
from django.template.loader import render_to_string


class Private(LayoutObject):
    """The notice above a sensitive question: why we ask, who reads it, what happens if it is left blank."""

    template = "%s/layout/private.html"

    def __init__(self, *, why: str, readers: str, blank: str, log_url: str = "") -> None:
        self.fields: list[Any] = []
        self.facts = {"why": why, "readers": readers, "blank": blank, "log_url": log_url}

    def render(self, form: Any, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> str:
        return render_to_string(self.get_template_name(template_pack), self.facts)
