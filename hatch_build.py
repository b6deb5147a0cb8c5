"""Puts compiled kernels into a wheel, where `tools/wheel.py` has made some; otherwise nothing."""

from __future__ import annotations

import os
import sysconfig
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VARIABLE = "TUTOR_WHEEL_KERNELS"


class KernelsHook(BuildHookInterface[Any]):
    """Adds the folder that the variable names, and the platform to the wheel's name."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the files of the wheel are gathered."""
        folder = os.environ.get(VARIABLE)
        if not folder or version == "editable":
            return
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["force_include"][folder] = "demos/engine/kernels"
