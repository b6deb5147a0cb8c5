"""What every test needs: a home of its own, and kernels that are compiled once, not once a run."""

from __future__ import annotations

import gc
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tutor import paths

# Searching for garbage at Python's usual pace is a tenth of a page's test.
gc.set_threshold(4_000)

# Before anything imports Numba: compiled kernels outlive the run, in a folder a version of the
# engine's sources.
KERNELS = Path(tempfile.gettempdir()) / f"{paths.PROGRAM}-test-cache-{os.getuid()}"
paths.use_kernel_cache(KERNELS)

# Time is printed by benchmarks and never asserted: a busy machine fails no property.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the learner's own folders and settings."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("TUTOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TUTOR_NO_WARM", "1")
    # The signs are one choice for the process, and a verb or the app before may have made another.
    monkeypatch.setattr("tutor.text.glyphs._now", "full")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TUTOR_CACHE_DIR", str(home / "cache"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
