"""The invented world in one piece, so that whoever looks at it need not be handed ten parts.

Holds and names; nothing is drawn or written here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.audience import Audience
from simulator.care import Care
from simulator.company import Company
from simulator.listening import Mention
from simulator.maturity import Answer
from simulator.money import Money
from simulator.posts import Posts
from simulator.surveys import RcSurveys, Survey
from simulator.web import Web


@dataclass(frozen=True)
class World:
    """A company's year; `rc` are surveys of the inbox, `ratings` of tickets, `asked` all others.

    `agents` holds who had each handling episode of the inbox last.
    """

    company: Company
    care: Care
    rc: RcSurveys
    asked: list[Survey]
    ratings: list[Survey]
    agents: np.ndarray
    posts: Posts
    audience: Audience
    web: Web
    mentions: list[Mention]
    money: Money
    answers: list[Answer]

    @property
    def surveys(self) -> list[Survey]:
        """Every survey that is not the inbox's own."""
        return [*self.asked, *self.ratings]
