"""Every test here holds for every look of the built-in avatar."""

import pytest

from talkingeyes.avatar.looks import LOOKS

from .shown import show


@pytest.fixture(autouse=True, scope="module", params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    show(request.param)
    return request.param
