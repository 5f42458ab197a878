"""Whether rows have changed since they were read, told by one small query."""

from __future__ import annotations

from functools import cache
from typing import Literal

from django.db import connection
from django.db.models import Model

Measure = tuple[type[Model], Literal["COUNT", "MAX"], str]


def stamp(*measures: Measure) -> tuple:
    """A value for each of ``measures``: how many values a column has, or the highest; other ones after a change.

    A page asks several times whether the names that it knows still hold. So all of it is one statement, without what an
    object for each table costs. Times are as the database's driver gives them, for comparing only.
    """
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.alias, measures))
        return tuple(cursor.fetchone())


@cache
def _statement(_alias: str, measures: tuple[Measure, ...]) -> str:
    quoted = connection.ops.quote_name
    parts = []
    for model, function, field in measures:
        column = quoted(model._meta.get_field(field).column)
        parts.append(f"(SELECT {function}({column}) FROM {quoted(model._meta.db_table)})")  # noqa: S608 - names of models
    return f"SELECT {', '.join(parts)}"
