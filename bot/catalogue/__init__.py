"""The catalogue: three YAML files become a plan and a calendar, or a list of all that is wrong with them.

bytes (files) → text with places (nodes) → typed values (fields) → registry, workdays, policies, dues, tasks → plans.
"""

from bot.catalogue.files import (
    CALENDAR_FILE,
    PLAN_FILE,
    UNITS_FILE,
    Catalogue,
    CatalogueTexts,
    load_catalogue,
    load_workdays,
    parse_catalogue,
    read_texts,
)
from bot.catalogue.problems import CatalogueError, Problem

__all__ = [
    "CALENDAR_FILE",
    "PLAN_FILE",
    "UNITS_FILE",
    "Catalogue",
    "CatalogueError",
    "CatalogueTexts",
    "Problem",
    "load_catalogue",
    "load_workdays",
    "parse_catalogue",
    "read_texts",
]
