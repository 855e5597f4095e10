"""Python looks for garbage less often for a while, and then as it did."""

from __future__ import annotations

import gc

import pytest

from orchestration.garbage import SELDOM, collected_seldom


def test_the_usual_pace_comes_back_whatever_happens() -> None:
    usual = gc.get_threshold()
    with pytest.raises(ValueError), collected_seldom():
        assert gc.get_threshold() == SELDOM > usual
        raise ValueError
    assert gc.get_threshold() == usual
    assert gc.isenabled()
