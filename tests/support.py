"""What a test needs from the machine: skipped with the reason where it is missing, failed where it must be there."""

from __future__ import annotations

import os
import shutil

import pytest

REQUIRED = bool(os.environ.get("CORRECTOR_REQUIRE_ALL"))  # set by .ci/run, which installs everything


def program(*names: str) -> str:
    """The path of the first of these programs that is installed; without any the test is skipped, in CI it fails."""
    for name in names:
        if path := shutil.which(name):
            return path
    return missing(f"needs {' or '.join(names)}")


def missing(reason: str) -> str:
    """Skips the test for this reason; fails it where everything is required."""
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)
