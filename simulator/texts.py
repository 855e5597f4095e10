"""What people write: a table of texts, their sentiment, and whether they ask for an answer.

Texts are finished sentences for each product; the table is small and messages point into it, so a
million messages cost a million small integers. Who writes what and when is decided in `care`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PRODUCTS = ("Lumen Tracker", "Lumen Pages", "Lumen Boards", "Lumen")
HANDLES = ("", "@LumenSupport ", "@LumenTracker ", "@lumenworks ")

NEGATIVE, NEUTRAL, POSITIVE = -1, 0, 1

QUESTIONS = (
    "How do I move a project from one site of {p} to another?",
    "Is there a way to export everything from {p} as CSV?",
    "Can somebody explain why my {p} invoice went up this month?",
    "Hi, I cannot sign in to {p} since this morning, what can I do?",
    "Does the {p} API still accept the old tokens? We get 401 on every call",
    "Which plan of {p} do I need for single sign-on?",
    "Why does the import into {p} stop at 500 rows?\nThe log says nothing.",
    "Where did the filter bar of {p} go after the update?",
    "Could you check ticket 48-2213 about {p}? No news for days",
    "My webhook from {p} fires twice for each change. Known problem?",
)
STATEMENTS = (
    "{p} shows a blank page for everybody in our team.",
    "The attachment upload of {p} fails with error 413",
    "Our {p} automation has not run since Tuesday.",
    "Still waiting here. {p} is unusable for us today",
    "And the search in {p} finds nothing either.",
    "Here is the screenshot from {p} you asked for",
)
FOLLOW_UPS = (
    "Tried that, same result. What next?",
    "That worked for one project of {p}, but not for the others",
    "Ok. And where do I find this setting in {p}?",
    "Our admin says the licence is fine. Can you look again?",
)
THANKS = (
    "Thanks, that solved it",
    "Perfect, thank you!",
    "Great, closing this on my side. Cheers",
)
LOVE = (
    "{p} makes my Mondays bearable. Love it!",
    "Just planned our whole wedding in {p}, what a lovely tool",
    "Shout-out to the {p} team: the new timeline is a joy",
    "We moved twelve teams to {p} and nobody complained. That says it all",
    "Honestly, {p} is the best thing that happened to our stand-ups ❤️",
    "Got my {p} certificate today! So proud",
    "Can we talk about how good {p} has become?",
    "<b>{p}</b> for president! <script>alert('love')</script>",
)
ANGRY = (
    "{p} is down AGAIN. Do you even test your releases?",
    "Lost a day of work because of {p}. Not acceptable",
    "Third outage of {p} this month, we are looking for something else.",
    "Anybody else locked out of {p}? Status page says all green, what a joke",
)
NEUTRAL_MENTIONS = (
    "Comparing {p} with three other tools this week",
    "New blog post: how we run our sprints in {p}",
    "Anyone at the conference who knows {p} well?",
    "Our {p} board has 3,000 cards now",
)
SPAM = (
    "Earn 5000 a week from home, write to @easy_cash_now",
    '=HYPERLINK("http://example.invalid/win","You have won")',
    "Cheap followers here? Best prices",
)
ODD = (
    "=1+2; is what {p} prints in the first cell, why?",
    "+1 for dark mode in {p}, when?",
    "-> {p} <img src=x onerror=alert(1)> broke my page, who can help?",
    "@SUM(A1:A9) is not escaped by the export of {p}",
    'Voilà; une question: «comment supprimer» un tableau dans {p}?\r\nMerci, "à bientôt"',
)
REPOSTS = ("RT @lumenworks: {p} has a new timeline, see the release notes",)
AGENT_REPLIES = (
    "Hi, thanks for reaching out. Could you send us the project key?",
    "Sorry about that. Please clear the cache and sign in again, that should do it.",
    "We have found the cause and a fix is on its way. We will tell you here.",
    "You can do this under Settings > Data > Export. Does that help?",
    "Our engineers have changed the limit on your site. Please try again.",
)
AGENT_OPENERS = (
    "Hi, this is the care team. Your case of last week has been fixed, please have a look.",
    "Hello, we noticed failed payments on your account and would like to help.",
)
CARE_LINK = "utm_source=x&utm_medium=social&utm_campaign=care&utm_content="
PORTAL_REPLIES = (
    "The steps are here: https://help.lumenworks.example/a/12?" + CARE_LINK + "care_steps",
    "Our engineers need a request: https://support.lumenworks.example/r?"
    + CARE_LINK
    + "care_request",
)
PHONE_REPLIES = ("Please call us at +1 555 010 0199, we will look at it together.",)
EMAIL_REPLIES = ("Please write to care@lumenworks.example and attach the invoice.",)
PRIVATE_REPLIES = ("Please send us a direct message with your account name.",)
BOT_REPLIES = (
    "Hi, I am the Lumen assistant. While a colleague has a look: is it about billing or sign-in?",
    "This article may help: https://help.lumen.example/reset. Did it solve your problem?",
)

# Answers to people with a certificate; the content word says which next step was offered.
CERTIFICATE_LINK = "utm_source=x&utm_medium=social&utm_campaign=certificates&utm_content="
CERTIFICATE_CONTENTS = ("cert_next_tracker", "cert_next_boards")
CERTIFICATE_REPLIES = tuple(
    "Congratulations! What to do with it next: https://www.lumenworks.example/certificates?"
    + CERTIFICATE_LINK
    + content
    for content in CERTIFICATE_CONTENTS
)
POSTS = (
    "Two minutes with {p}: a board that cleans itself",
    "New in {p} this week: quiet hours for everybody",
)
CORRECTIONS = (
    "Your link goes nowhere, by the way",
    "The price in your post is not the one on the page",
)

GROUPS: dict[str, tuple[tuple[str, ...], int]] = {
    "question": (QUESTIONS, NEUTRAL),
    "statement": (STATEMENTS, NEGATIVE),
    "follow_up": (FOLLOW_UPS, NEUTRAL),
    "thanks": (THANKS, POSITIVE),
    "love": (LOVE, POSITIVE),
    "angry": (ANGRY, NEGATIVE),
    "mention": (NEUTRAL_MENTIONS, NEUTRAL),
    "spam": (SPAM, NEUTRAL),
    "odd": (ODD, NEUTRAL),
    "repost": (REPOSTS, NEUTRAL),
    "agent": (AGENT_REPLIES, NEUTRAL),
    "portal": (PORTAL_REPLIES, NEUTRAL),
    "phone": (PHONE_REPLIES, NEUTRAL),
    "email": (EMAIL_REPLIES, NEUTRAL),
    "private": (PRIVATE_REPLIES, NEUTRAL),
    "opener": (AGENT_OPENERS, NEUTRAL),
    "bot": (BOT_REPLIES, NEUTRAL),
    "certificate": (CERTIFICATE_REPLIES, NEUTRAL),
    "post": (POSTS, NEUTRAL),
    "correction": (CORRECTIONS, NEUTRAL),
}


BRAND_GROUPS = (
    *("agent", "portal", "phone", "email", "private", "opener", "bot"),
    *("certificate", "post"),
)
# Replies that send people elsewhere: group, and where its share of all replies begins and ends.
REDIRECTS = (
    ("portal", 0.0, 0.07),
    ("phone", 0.07, 0.10),
    ("email", 0.10, 0.125),
    ("private", 0.125, 0.165),
)


@dataclass(frozen=True)
class TextTable:
    """All texts; a text is found by group, product and handle."""

    texts: list[str]
    sentiment: np.ndarray
    asks: np.ndarray
    is_repost: np.ndarray
    starts: dict[str, int]
    sizes: dict[str, int]

    def pick(
        self, rng: np.random.Generator, group: str, product: np.ndarray, handle: np.ndarray
    ) -> np.ndarray:
        """A random text of the group for each product (index) and handle (index)."""
        kind = rng.integers(0, self.sizes[group], len(product))
        cell = (kind * len(PRODUCTS) + product) * len(HANDLES) + handle
        return (self.starts[group] + cell).astype(np.int32)


def text_table() -> TextTable:
    """Build the table: every text for every product with and without a handle before it."""
    texts: list[str] = []
    sentiment: list[int] = []
    starts: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for group, (templates, mood) in GROUPS.items():
        starts[group] = len(texts)
        sizes[group] = len(templates)
        for template in templates:
            for product in PRODUCTS:
                for handle in HANDLES:
                    keeps_start = template.startswith(("RT @", "=", "+", "-", "@"))
                    texts.append(("" if keeps_start else handle) + template.format(p=product))
                    sentiment.append(mood)
    return TextTable(
        texts=texts,
        sentiment=np.array(sentiment, dtype=np.int8),
        asks=np.array(["?" in text or "@" in text for text in texts]),
        is_repost=np.array([text.startswith("RT @") for text in texts]),
        starts=starts,
        sizes=sizes,
    )
