"""Opens the tutor in real terminals under Xvfb: measures signs, photographs a page, leaves.

    python -m tools.real_terminals OUT [--only xterm,st] [--page "glossary adam"]

For each terminal OUT gets NAME.json (the widths of the signs that are painted, the environment
and the exit status) and NAME.png. What is not installed is skipped and told. Debian's packages:
xvfb xterm rxvt-unicode stterm kitty alacritty tmux screen xdotool imagemagick.
Run by hand: pictures are for eyes. 1 if a width differs or the app did not leave with ctrl+q.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
DISPLAY, SIZE = ":97", "1100x700x24"
STARTING_S, PATIENCE_S = 8.0, 60.0
# What is started, with what is to run in it at the end; the programs that it needs.
TERMINALS: dict[str, tuple[str, ...]] = {
    "xterm": ("xterm", "-geometry", "100x30", "-e"),
    "xterm-truetype": ("xterm", "-geometry", "100x30", "-fa", "Monospace", "-fs", "10", "-e"),
    "urxvt": ("urxvt", "-geometry", "100x30", "-fn", "xft:Monospace:size=10", "-e"),
    "st": ("stterm", "-g", "100x30", "-e"),
    "kitty": (
        "kitty",
        "--config",
        "NONE",
        "-o",
        "remember_window_size=no",
        "-o",
        "initial_window_width=100c",
        "-o",
        "initial_window_height=30c",
    ),
    "alacritty": ("alacritty", "-e"),
    "tmux": ("xterm", "-geometry", "100x30", "-e", "tmux", "-L", "tried", "-f", "/dev/null", "new"),
    "screen": ("xterm", "-geometry", "100x30", "-e", "screen", "-c", "/dev/null", "-U"),
}
NEEDS = {"tmux": "tmux", "screen": "screen"}
UNSET = ("TMUX", "STY", "COLUMNS", "LINES", "COLORTERM", "NO_COLOR", "XTERM_VERSION", "TERM")


def inside(out: Path, page: list[str]) -> int:
    """What runs in the terminal: measure, then the app until somebody leaves it."""
    from tutor import probe
    from tutor.verbs.terminal_check import facts

    widths = [
        {"name": m.name, "sign": m.sign, "assumed": m.assumed, "painted": m.painted}
        for m in probe.measure()
    ]
    told: dict[str, object] = {"terminal": facts(), "widths": widths, "status": None}
    out.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "tutor", *page], cwd=ROOT, check=False)
    told["status"] = done.returncode
    out.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return done.returncode


def environment(folder: Path) -> Mapping[str, str]:
    """Nothing of the terminal that this runs in, and a data folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {
        **kept, "DISPLAY": DISPLAY, "LC_ALL": "C.UTF-8", "LIBGL_ALWAYS_SOFTWARE": "1",
        "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(folder / "data"),
    }  # fmt: skip


def tried(name: str, out: Path, page: list[str]) -> str:
    """Try one terminal; what was amiss, or nothing."""
    env = environment(out)
    told = out / f"{name}.json"
    told.unlink(missing_ok=True)
    own = [sys.executable, "-m", "tools.real_terminals", str(out), "--inside", str(told)]
    command = [*own, "--page", shlex.join(page)]
    starts = TERMINALS[name]
    if name == "screen":
        env = {**env, "SCREENDIR": str(out)}
        out.chmod(0o700)
    window = subprocess.Popen(
        [*starts, *command], cwd=ROOT, env=env, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    try:
        if not _waited(told.exists):
            return "nothing was measured"
        time.sleep(STARTING_S)
        subprocess.run(
            ["import", "-window", "root", str(out / f"{name}.png")], env=env, check=False
        )
        # Without a window manager some take keys only when they are given the focus.
        focus = ["xdotool", "search", "--onlyvisible", "--class", ".", "windowfocus"]
        subprocess.run(focus, env=env, check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["xdotool", "key", "ctrl+q"], env=env, check=False)
        if not _waited(lambda: _status(told) is not None):
            return "ctrl+q did not leave"
    finally:
        window.terminate()
        window.wait()
    found = json.loads(told.read_text(encoding="utf-8"))
    odd = [w for w in found["widths"] if w["painted"] != w["assumed"]]
    if not found["widths"]:
        return "does not tell where its cursor is"
    if odd or found["status"]:
        return f"status {found['status']}, {odd}"
    return ""


def _status(told: Path) -> int | None:
    try:
        status: int | None = json.loads(told.read_text(encoding="utf-8"))["status"]
    except ValueError:
        return None
    return status


def _waited(ready: object) -> bool:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if callable(ready) and ready():
            return True
        time.sleep(0.2)
    return False


def main() -> int:
    """Try all that are installed; 1 if anything was amiss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default=",".join(TERMINALS))
    parser.add_argument("--page", default="lab overfit")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    page = shlex.split(args.page)
    if args.inside:
        return inside(args.inside, page)
    lacking = [p for p in ("Xvfb", "xdotool", "import") if shutil.which(p) is None]
    if lacking:
        print(f"skipped: {', '.join(lacking)} not installed")
        return 0
    args.out.mkdir(parents=True, exist_ok=True)
    screen = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", SIZE], stderr=subprocess.DEVNULL)
    amiss = False
    try:
        time.sleep(1.0)
        for name in args.only.split(","):
            needed = {TERMINALS[name][0], NEEDS.get(name, "")} - {""}
            if missing := [program for program in needed if shutil.which(program) is None]:
                print(f"{name:<16}skipped: {', '.join(missing)} not installed", flush=True)
                continue
            fault = tried(name, args.out.resolve(), page)
            amiss |= bool(fault)
            print(f"{name:<16}{fault or 'all as assumed'}", flush=True)
    finally:
        screen.terminate()
        screen.wait()
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
