"""A folder in a clone of a git repository, with which segment files travel.

Only our own files are added and committed, under an identity of our own; whatever else the
repository holds stays as it is.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tutor.errors import DataError
from tutor.exchange.segments import is_ours

_TIMEOUT_S = 180
_ATTRIBUTES = ".gitattributes"
_AS_THEY_ARE = "*.jsonl -text"
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "tutor"), ("EMAIL", "tutor@localhost"))
}
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_MERGE_AUTOEDIT": "no", "LC_ALL": "C"}


class GitError(DataError):
    """git could not pull or push; what was answered is safe in the journal."""


class Repository:
    """The clone around a folder, and the branch that is checked out there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.branch = self._git("symbolic-ref", "--short", "HEAD")
        self.remote = self._config(f"branch.{self.branch}.remote") or self._only_remote()
        merged = self._config(f"branch.{self.branch}.merge") or f"refs/heads/{self.branch}"
        self.target = merged
        self._upstream = f"refs/remotes/{self.remote}/{merged.removeprefix('refs/heads/')}"

    def pull(self) -> None:
        """Commit what an earlier sync has left, then take in what others have pushed."""
        if self._has("HEAD"):
            self.commit()
        if self.remote:
            self._git("fetch", "-q", self.remote)
        if self.remote and self._has(self._upstream) and not self._contains(self._upstream):
            self._merge()

    def mark(self) -> None:
        """Say to git that the lines of our files end as they end."""
        path = self.folder / _ATTRIBUTES
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if _AS_THEY_ARE not in text.splitlines():
            before = "" if text[-1:] in ("", "\n") else "\n"
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(f"{before}{_AS_THEY_ARE}\n")

    def commit(self) -> None:
        """Commit our files, if any has changed."""
        names = [path.name for path in self.folder.iterdir() if _is_ours(path.name)]
        given = ("--pathspec-from-file=-", "--pathspec-file-nul")
        files = "\0".join(sorted(names))
        self._git("add", "-f", *given, given=files)
        if names and self._run("diff", "--cached", "--quiet", "--", *names).returncode:
            self._git("commit", "-q", "--no-verify", "-m", "Sync answers", *given, given=files)

    def push(self) -> bool:
        """Push what is not there yet; False when another machine was faster."""
        if not self.remote or not self._has("HEAD"):
            return True
        if self._has(self._upstream) and self._contained(self._upstream):
            return True
        done = self._run("push", "--porcelain", "-u", self.remote, f"HEAD:{self.target}")
        if done.returncode == 0:
            return True
        if "rejected]" in done.stdout or "cannot lock ref" in done.stdout + done.stderr:
            return False
        raise self._error("push", done)

    def _merge(self) -> None:
        how = ["merge", "-q", "--no-edit"]
        if self._has("HEAD") and self._holds_only_ours():
            # Two machines began in two clones of a repository that was still empty.
            how.append("--allow-unrelated-histories")
        done = self._run(*how, self._upstream)
        if done.returncode == 0:
            return
        torn = self._git("diff", "--name-only", "--diff-filter=U", "--relative").splitlines()
        if not torn or not all(map(_is_ours, torn)):
            self._run("merge", "--abort")
            raise self._error("merge", done)
        # Theirs has been read by others; what it lacks of ours is written again after this.
        for name in torn:
            if self._run("checkout", "-q", "--theirs", "--", name).returncode:
                self._git("checkout", "-q", "--ours", "--", name)
        self._git("add", "-f", "--", *torn)
        self._git("commit", "-q", "--no-verify", "--no-edit")

    def _holds_only_ours(self) -> bool:
        names = self._git("ls-tree", "-r", "--name-only", "HEAD").splitlines()
        return all(_is_ours(Path(name).name) for name in names)

    def _has(self, ref: str) -> bool:
        return self._run("rev-parse", "-q", "--verify", ref).returncode == 0

    def _contains(self, ref: str) -> bool:
        is_in = ("merge-base", "--is-ancestor", ref, "HEAD")
        return self._has("HEAD") and self._run(*is_in).returncode == 0

    def _contained(self, ref: str) -> bool:
        return self._run("merge-base", "--is-ancestor", "HEAD", ref).returncode == 0

    def _config(self, name: str) -> str:
        return self._run("config", "--get", name).stdout.strip()

    def _only_remote(self) -> str:
        """`origin`, or the only remote there is; none when there are several others."""
        names = self._git("remote").split()
        return "origin" if "origin" in names else names[0] if len(names) == 1 else ""

    def _git(self, *words: str, given: str = "") -> str:
        done = self._run(*words, given=given)
        if done.returncode:
            raise self._error(words[0], done)
        return done.stdout.strip()

    def _run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                ["git", "-c", "commit.gpgSign=false", "-C", str(self.folder), *words],
                env=os.environ | _IDENTITY | _QUIET, input=given, capture_output=True,
                encoding="utf-8", errors="replace", timeout=_TIMEOUT_S, check=False,
            )  # fmt: skip
        except FileNotFoundError as error:
            raise GitError(
                "git is not here", "There is no program `git`.", "Install git."
            ) from error
        except subprocess.TimeoutExpired as error:
            raise GitError(
                "git does not come back", f"`git {words[0]}` took over {_TIMEOUT_S} seconds.",
                "Your answers are safe here; try again when the network is there.",
            ) from error  # fmt: skip

    def _error(self, what: str, done: subprocess.CompletedProcess[str]) -> GitError:
        said = (done.stderr.strip() or done.stdout.strip() or "it failed").splitlines()
        return GitError(
            f"git could not {what}", f"{self.folder}: {said[-1]}",
            f"Look at it with: git -C {self.folder} status. Your answers are safe in your journal.",
        )  # fmt: skip


def _is_ours(name: str) -> bool:
    return is_ours(name) or name == _ATTRIBUTES
