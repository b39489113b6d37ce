"""Columns that several tables share, and how constraints are named."""

from typing import Any

from sqlalchemy import JSON, Column, String
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {  # batch migrations drop constraints by name
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def json_column() -> Column[Any]:
    """Return a column of JSON."""
    return Column(JSON, nullable=False)


def bytewise_column(*, unique: bool = False) -> Column[Any]:
    """Return a column of text that is searched by its beginning, as a range: true only where it is compared bytewise."""
    kind = String().with_variant(String(collation="C"), "postgresql")  # whose order else follows the server's language
    return Column(kind, nullable=False, unique=unique)
