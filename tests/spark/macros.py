"""The project's macros rendered for one engine, without dbt and its parse of the whole project.

Enough of dbt's context for expressions of columns: dispatch, variables, types. What the expressions
mean is the tests' business.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"


class Engine:
    """Renders expressions such as `{{ add_days("day_on", 3) }}` for `duckdb` or `spark`."""

    def __init__(self, name: str, variables: Mapping[str, Any]) -> None:
        self.name = name
        environment = jinja2.Environment(extensions=["jinja2.ext.do"])
        self._context: dict[str, Any] = {
            "adapter": SimpleNamespace(dispatch=self._dispatch),
            "dbt": SimpleNamespace(
                type_string=lambda: {"duckdb": "varchar", "spark": "string"}[name]
            ),
            "return": lambda value: value,
            "var": variables.__getitem__,
        }
        for path in sorted(MACROS.rglob("*.sql")):
            # Blocks of tests and materializations are dbt's own tags, and no expressions.
            if "{% materialization" in path.read_text() or "{% test" in path.read_text():
                continue
            module = environment.from_string(path.read_text(), globals=self._context).module
            self._context |= {
                macro: value for macro, value in vars(module).items() if not macro.startswith("_")
            }
        self._environment = environment

    def render(self, expression: str) -> str:
        """One expression of SQL."""
        return self._environment.from_string(expression, globals=self._context).render()

    def _dispatch(self, macro: str, *_: str) -> Any:
        return self._context[f"{self.name}__{macro}"]
