"""Compiles ``corrector/engine/kernels.c`` while the package is installed, if there is a compiler: a shared library that
knows nothing of Python. Without one, or with ``CORRECTOR_PURE`` set, the engine does the same with numpy."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path("corrector", "engine", "kernels.c")
LIBRARY = SOURCE.with_name("libkernels.so")
OPTIONS = ("-O3", "-ffp-contract=off", "-shared", "-fPIC")  # contracted, sums would differ from numpy's


class Kernels(BuildHookInterface):
    """See above."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or os.environ.get("CORRECTOR_PURE") or not compiled(Path(self.root)):
            return
        build_data["artifacts"].append(LIBRARY.as_posix())
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"


def compiled(root: Path) -> bool:
    """Whether the library could be compiled."""
    compiler = shlex.split(os.environ.get("CC", "cc"))
    if not compiler or not shutil.which(compiler[0]):
        return False
    command = [*compiler, *OPTIONS, "-o", LIBRARY, SOURCE]
    return subprocess.run(command, cwd=root, capture_output=True).returncode == 0
