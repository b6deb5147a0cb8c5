"""The lab in the hand: predict, run, observe, turn knobs, leave; also when things go wrong."""

from __future__ import annotations

import gc
import threading
from collections.abc import Awaitable, Callable

import pytest
from textual.app import App
from textual.pilot import Pilot

from demos import catalog
from demos.base import DivergedError
from tutor.errors import KnobError
from tutor.lab.compilation import stamps
from tutor.session.predictions import Judgement
from tutor.ui import routes, themes
from tutor.ui.app import TutorApp
from tutor.ui.host import host_of
