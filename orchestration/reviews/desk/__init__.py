"""The desk a review is written at: numbers of one period, and the tools that make blocks of them.

What sections and pages import is named here; each tool lives in the module of its job. What a page
contains is decided in `sections/` and in the module of the page.
"""

from __future__ import annotations

from orchestration.reviews.desk.cards import Cards
from orchestration.reviews.desk.charts import Charts
from orchestration.reviews.desk.entries import Entries
from orchestration.reviews.desk.intervals import wilson
from orchestration.reviews.desk.lookup import PERIODS_OF_CARD
from orchestration.reviews.desk.sentences import enumerated, sentence
from orchestration.reviews.desk.tables import Tables

__all__ = ["PERIODS_OF_CARD", "Desk", "enumerated", "sentence", "wilson"]


class Desk(Cards, Charts, Tables, Entries):
    """Makes blocks from one snapshot for one period, and remembers every number it hands out."""
