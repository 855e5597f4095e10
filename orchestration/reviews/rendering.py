"""Blocks to text: templates filled as HTML or as Markdown, with all text from outside escaped.

Escaping and the words of a page's frame belong here. What a page says is decided before, and where
a file goes is told by `pages.py`.
"""

from __future__ import annotations

import re
from datetime import UTC
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.reviews import wording
from orchestration.reviews.blocks import Figure
from orchestration.reviews.serving import Publication


@cache
def environment(markup: str) -> Any:
    """The template environment for `html` (autoescaped) or `md` (escaped by a finalizer)."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("orchestration.reviews", "templates"),
        autoescape=jinja2.select_autoescape(("html.j2",), default=False),
        finalize=_markdown_finalize if markup == "md" else _html_finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["anchor"] = anchor
    made.filters["md"] = MarkdownSafe
    made.filters["code"] = lambda text: MarkdownSafe(str(text).replace("`", "'"))
    made.tests["figure"] = lambda value: isinstance(value, Figure)
    made.globals.update(as_of=as_of_words, day=wording.day, status_words=wording.status)
    return made


class MarkdownSafe(str):
    """Text that is already Markdown and must not be escaped again."""


def _markdown_finalize(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, MarkdownSafe):
        return escape_markdown(wording.visible(value).replace("\n", " "))
    return value


def _html_finalize(value: Any) -> Any:
    """Text without characters that turn it round or hide it; what is markup of ours stays."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return wording.visible(value)
    return value


def escape_markdown(text: str) -> str:
    """Text that Markdown renders letter for letter, in a paragraph or a table cell.

    Characters that start markup get a backslash; `<`, `>` and `&` become entities because raw
    HTML passes through Markdown; `@` and `://` are broken up so that no wiki turns a quoted
    handle or address into a mention or a link.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = re.sub(r"([\\`*_{}\[\]#|~$^])", r"\\\1", escaped)
    escaped = re.sub(r"@(?=\w)", "@\u200b", escaped)
    escaped = escaped.replace("://", ":\u200b//").replace("www.", "www\u200b.")
    escaped = re.sub(r"^(\s*)([-+=])", r"\1\\\2", escaped)
    return re.sub(r"^(\s*\d+)([.)])(?=\s|$)", r"\1\\\2", escaped)


def anchor(text: str) -> str:
    """Text as part of an element id."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)


def as_of_words(publication: Publication) -> str:
    """The snapshot's as-of in the company's zone: `15 April 2026, 02:00 (America/New_York)`."""
    zone = publication.reporting_zone
    local = publication.as_of_at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{wording.day(local)}, {local:%H:%M} ({zone})"


def as_html(template: str, **values: Any) -> str:
    """A template as one self-contained HTML file."""
    return environment("html").get_template(template).render(**values)


def as_markdown(template: str, **values: Any) -> str:
    """A template as Markdown for a wiki or a ticket."""
    text = environment("md").get_template(template).render(**values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
