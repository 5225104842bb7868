"""What several tests need: a damaged document whose damage is plain, and the healthy one it was."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=60, deadline=None)
settings.load_profile("quick")

DAMAGED = (
    "社区是社会治理的重要组成局部，是为人民效劳的前沿。\n"
    "我们坚持原那么，按照规那么办事，全心全意为人民效劳。\n"
    "根底设施建设的根底更加牢固，推动经济社会科学开展。\n"
)
HEALTHY = (
    "社区是社会治理的重要组成部分，是为人民服务的前沿。\n"
    "我们坚持原则，按照规则办事，全心全意为人民服务。\n"
    "基础设施建设的基础更加牢固，推动经济社会科学发展。\n"
)


@pytest.fixture
def damaged() -> str:
    """Three lines after converter A."""
    return DAMAGED


@pytest.fixture
def healthy() -> str:
    """The same three lines as they were written."""
    return HEALTHY
