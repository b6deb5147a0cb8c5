"""Puts the manual page into a wheel, and compiled kernels where `tools/wheel.py` has made some."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VARIABLE = "TUTOR_WHEEL_KERNELS"


class WheelHook(BuildHookInterface[Any]):
    """Adds what is made: the page, and the folder that the variable names with its platform."""

    PLUGIN_NAME = "custom"
    _made: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the files of the wheel are gathered."""
        if version == "editable":
            return
        self._made = Path(tempfile.mkdtemp())
        page = self._made / "tutor.1"
        page.write_text(manual(Path(self.root)), encoding="utf-8")
        # Where `man` looks, also of what pipx installs.
        build_data["shared_data"][str(page)] = "share/man/man1/tutor.1"
        folder = os.environ.get(VARIABLE)
        if not folder:
            return
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["force_include"][folder] = "demos/engine/kernels"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called when the wheel is there."""
        if self._made is not None:
            shutil.rmtree(self._made, ignore_errors=True)


def manual(root: Path) -> str:
    """The manual page, made by the program that is built; the parser needs no dependency."""
    sys.path.insert(0, str(root))
    try:
        from tutor.cli import VERBS, grouped, parser
        from tutor.verbs.man import page

        return "\n".join(page(parser(), grouped(VERBS))) + "\n"
    finally:
        sys.path.remove(str(root))
