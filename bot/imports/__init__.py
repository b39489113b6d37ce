"""A plan's annex from Excel or Word: its tables become a plan file of ours, with every doubt at its line.

bytes (package) → tables (excel, word) → columns (headings) → tasks (rows, owners) → YAML (writing, scalars)
"""

from bot.imports.annex import Imported, import_annex
from bot.imports.owners import Names
from bot.imports.tables import AnnexError

__all__ = ["AnnexError", "Imported", "Names", "import_annex"]
