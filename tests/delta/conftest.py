"""What the tests of building by delta share: a lake, and a data folder with the project parsed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.delta.building import Workshop
from tests.warehouses import extracted_company, lend


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake of the tiny company."""
    return extracted_company(tmp_path_factory.mktemp("tiny")).data_dir / "lake"


@pytest.fixture(scope="session")
def workshop(parsed_settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A folder for one build after the other."""
    return Workshop(tmp_path_factory.mktemp("workshop"), partial(lend, parsed_settings))
