"""mypy: `request.user` is a `User`. The middleware lets nobody else in; public views ask `is_authenticated`."""

from collections.abc import Callable

from mypy.nodes import TypeInfo
from mypy.plugin import AttributeContext, Plugin
from mypy.types import Instance, Type


class SignedIn(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return self._the_user if fullname == "django.http.request.HttpRequest.user" else None

    def _the_user(self, context: AttributeContext) -> Type:
        user = self.lookup_fully_qualified("accounts.models.User")
        return Instance(user.node, []) if user and isinstance(user.node, TypeInfo) else context.default_attr_type


def plugin(version: str) -> type[Plugin]:
    return SignedIn
