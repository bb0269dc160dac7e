"""Reads that stand on every sign-up: written as a QuerySet, compiled once in a process, then only filled in.

Building the same SQL anew costs more than running it. Only for the few reads a rush of people goes through; anywhere
else a QuerySet is plainer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable, get_related_populators


@dataclass(frozen=True)
class _Blank:
    """Stands in the parameters where a value comes in."""

    name: str


@dataclass(frozen=True)
class _Compiled:
    sql: str
    params: tuple[Any, ...]
    compiler: Any
    converters: dict[int, Any]
    makes_models: bool


class Prepared:
    """`Prepared("person", "day", build=lambda person, day: Standing.objects.…)`; called with the same names it gives
    the rows: model instances, or tuples where the QuerySet is a `values_list`."""

    def __init__(self, *names: str, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._names, self._build = names, build
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, **values: Any) -> list[Any]:
        compiled = self._compiled.get(connection.vendor) or self._compile()
        with connection.cursor() as cursor:
            filled = [values[one.name] if isinstance(one, _Blank) else one for one in compiled.params]
            cursor.execute(compiled.sql, filled)
            rows = cursor.fetchall()
        if compiled.converters:
            rows = list(compiled.compiler.apply_converters(rows, compiled.converters))
        return [_model(compiled.compiler, row) for row in rows] if compiled.makes_models else rows

    def _compile(self) -> _Compiled:
        found = self._build(**{name: RawSQL("%s", (_Blank(name),)) for name in self._names})
        compiler = found.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select])
        makes_models = issubclass(found._iterable_class, ModelIterable)
        compiled = self._compiled[connection.vendor] = _Compiled(sql, params, compiler, converters, makes_models)
        return compiled


def _model(compiler: Any, row: tuple[Any, ...]) -> Any:
    """As a QuerySet would make it, `select_related` included."""
    info = compiler.klass_info
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    one = info["model"].from_db(connection.alias, names, row[first:last])
    populators = get_related_populators(info, compiler.select, connection.alias)  # type: ignore[call-arg]  # newer stubs
    for populator in populators:
        populator.populate(row, one)
    return one
