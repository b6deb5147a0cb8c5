"""What people install beside the program: completion, the manual page, help by what one wants."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pexpect
import pytest

from tutor.cli import GROUPS, VERBS, grouped, main, parser

ROOT = Path(__file__).resolve().parent.parent
COMPLETION = pytest.mark.skipif(find_spec("shtab") is None, reason="shtab is not installed here")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#([^)\s]+))?\)")


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out


def test_the_help_lists_each_verb_once_by_what_one_wants() -> None:
    text = parser().format_help()
    for verb in VERBS:
        assert len(re.findall(rf"^ +{verb} ", text, re.M)) == 1, verb
    places = [text.index(f"  {title}\n") for title in GROUPS]
    assert places == sorted(places)


def test_every_verb_is_in_one_group() -> None:
    placed = [verb for group in grouped(VERBS).values() for verb in group]
    assert sorted(placed) == sorted(VERBS)
    assert grouped([*VERBS, "later"]).popitem()[1][-1] == "later", "none is lost"


def test_the_manual_page_tells_every_verb_and_option(capsys: pytest.CaptureFixture[str]) -> None:
    made = printed(capsys, "man")
    for verb in VERBS:
        assert made.count(f".SS tutor {verb}") == 1
    assert ".B \\-\\-minutes N\nend after N minutes" in made


@pytest.mark.skipif(not shutil.which("man"), reason="no man here")
def test_man_reads_the_page_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "tutor.1"
    page.write_text(printed(capsys, "man"), encoding="utf-8")
    command = ["man", "--warnings", "-l", str(page)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0 and told.stderr == ""
    assert "--minutes N" in told.stdout


@pytest.mark.parametrize(
    ("words", "wanted"),
    [(("st",), {"study", "stats"}), (("study", "--mi"), {"--minutes", "--missed", "--mixed"}),
     (("completion", ""), {"bash", "zsh", "fish"})],
)  # fmt: skip
@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
@COMPLETION
def test_bash_completes_verbs_options_and_choices(
    tmp_path: Path, words: tuple[str, ...], wanted: set[str]
) -> None:
    script = tmp_path / "tutor.bash"
    command = [sys.executable, "-m", "tutor", "completion", "bash"]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    script.write_text(made.stdout, encoding="utf-8")
    typed = " ".join(f'"{word}"' for word in ("tutor", *words))
    asking = f"""
        source {script}
        name=$(complete -p tutor | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        COMP_WORDS=({typed}); COMP_CWORD={len(words)}
        "$name" tutor "{words[-1]}" "{("tutor", *words)[-2]}"
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    told = subprocess.run(["bash", "-c", asking], capture_output=True, text=True, check=False)
    assert wanted <= set(told.stdout.split()), told.stderr


@COMPLETION
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_take_the_script(
    tmp_path: Path, shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = printed(capsys, "completion", shell)
    assert "study" in made and "minutes" in made
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here to read it")
    script = tmp_path / "_tutor"
    script.write_text(made, encoding="utf-8")
    subprocess.run([shell, "-n", script], check=True, capture_output=True)
    asked = {"zsh": completed_by_zsh, "fish": completed_by_fish}[shell]
    assert asked(script, "tutor stu") == "tutor study "
    assert asked(script, "tutor study --minu") == "tutor study --minutes "


def completed_by_fish(script: Path, line: str) -> str:
    """The line with the only word that fish offers for its end."""
    code = f"source '{script}'; complete -C '{line}'"
    told = subprocess.run(["fish", "-c", code], capture_output=True, text=True, check=True)
    (word,) = {one.split("\t")[0] for one in told.stdout.splitlines()}
    return f"{line.rpartition(' ')[0]} {word} "


def completed_by_zsh(script: Path, line: str) -> str:
    """What a tab makes of the line in an interactive zsh that finds the script in its path."""
    shell = pexpect.spawn("zsh", ["-f", "-i"], encoding="utf-8", dimensions=(24, 200), timeout=60)
    ready = f"fpath=('{script.parent}' $fpath); autoload -Uz compinit; compinit -u -D"
    shell.sendline(f"PS1='> '; unset zle_bracketed_paste; {ready}; bindkey '^X' accept-line")
    shell.sendline("tutor() { print -r -- \"<tutor $* >\"; }; print rea''dy")
    shell.expect("ready")
    shell.send(f"{line}\t\x18")
    shell.expect("<(.*) >")
    shell.close(force=True)
    return f"{shell.match[1]!s} "


def test_only_this_verb_imports_the_completion_library() -> None:
    code = "import sys, tutor.cli as c; c.main(['due', '--help']); print('shtab' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "True" not in told.stdout


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))],
    ids=lambda page: page.name,
)  # fmt: skip
def test_every_link_leads_somewhere_without_a_network(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        found = (page.parent / target).resolve()
        assert found.exists(), f"{page.name} leads to {target}, which is not there"
        if anchor and found.suffix == ".md":
            heads = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.M)
            assert anchor in {slug(head) for head in heads}, f"{target}#{anchor}"


def slug(head: str) -> str:
    """As GitHub names a heading."""
    return re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")
