"""Long lists page by page, by the key of the last row shown: the hundredth page costs what the first one does.

`page_of` wants an order that an index keeps and that no two rows share. A page asked for with a key that makes no
sense (an old link, a typed address) is the first page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import QueryDict

PER_PAGE = 25
COUNTED_AT_MOST = 1_000
AFTER, BEFORE = "after", "before"
BETWEEN = "~"


@dataclass(frozen=True)
class KeyedPage:
    """The rows of one page, and the addresses of its neighbors: empty where there is none."""

    rows: Sequence[Any]
    back: str
    on: str

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class _Row(Func):
    """(a, b): compared as one, so that the database starts reading its index at this very row."""

    template = "(%(expressions)s)"
    output_field = BooleanField()  # never read; a row has no type of its own


def page_of(
    rows: QuerySet[Any], asked: QueryDict, *, by: Sequence[str], newest_first: bool = False, per_page: int = PER_PAGE
) -> KeyedPage:
    """The page the address asks for. All other words of the address (the filters) stay in its links."""
    order = [f"-{name}" for name in by] if newest_first else list(by)
    forward = rows.order_by(*order)
    keep = asked.copy()
    given = {way: keep.pop(way, [""])[-1] for way in (AFTER, BEFORE)}
    before, after = (_key(rows.model, by, given[way]) for way in (BEFORE, AFTER))
    if before is not None:
        found = list(forward.reverse().filter(_beyond(by, before, is_later=newest_first))[: per_page + 1])
        if found:
            shown = found[:per_page][::-1]
            return _page(shown, by, keep, has_back=len(found) > per_page, has_on=True)
    if after is not None:
        forward = forward.filter(_beyond(by, after, is_later=not newest_first))
    found = list(forward[: per_page + 1])
    return _page(found[:per_page], by, keep, has_back=after is not None, has_on=len(found) > per_page)


def _beyond(by: Sequence[str], key: list[Value], *, is_later: bool) -> Any:
    compare = GreaterThan if is_later else LessThan
    return compare(_Row(*(F(name) for name in by)), _Row(*key))


def _key(model: type[Model], by: Sequence[str], text: str) -> list[Value] | None:
    parts = text.rsplit(BETWEEN, len(by) - 1)
    if not text or len(parts) != len(by):
        return None
    columns = {field.attname: field for field in model._meta.concrete_fields}
    fields = [model._meta.pk if name == "pk" else columns[name] for name in by]
    try:
        return [Value(field.to_python(part), output_field=field) for field, part in zip(fields, parts, strict=True)]
    except ValidationError:
        return None


def _page(shown: list[Any], by: Sequence[str], keep: QueryDict, *, has_back: bool, has_on: bool) -> KeyedPage:
    def link(way: str, row: Any) -> str:
        address = keep.copy()
        address[way] = BETWEEN.join(_written(attrgetter(name)(row)) for name in by)
        return "?" + address.urlencode()

    return KeyedPage(
        rows=shown,
        back=link(BEFORE, shown[0]) if shown and has_back else "",
        on=link(AFTER, shown[-1]) if shown and has_on else "",
    )


def _written(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def count_up_to(rows: QuerySet[Any], limit: int = COUNTED_AT_MOST) -> int:
    """How many there are; one more than the limit stands for all that is beyond it."""
    return rows.order_by().values("pk")[: limit + 1].count()
