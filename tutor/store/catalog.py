"""The files of one learner: the database and its backups, their names, which are kept.

A backup is named for its database, the moment in local time, and the reason:
`tutor-20261120-091500-daily.db`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, cast, get_args

# aside: what a restore replaced. broken: the same, but it could not be read.
Reason = Literal["daily", "migration", "manual", "aside", "broken"]
# What the learner asked for, or may still need, is never thinned out.
AUTOMATIC: tuple[Reason, ...] = ("daily", "migration")
# How many days, weeks and months keep their newest automatic backup.
KEPT = {"%Y-%m-%d": 12, "%G-%V": 10, "%Y-%m": 9}
_STAMP = "%Y%m%d-%H%M%S"
_NAME = re.compile(rf"(.+)-(\d{{8}}-\d{{6}})-({'|'.join(get_args(Reason))})\.db")


@dataclass(frozen=True, slots=True)
class Files:
    """Where one learner's answers are: the database, and the folder of its backups.

    elsewhere: they are those of another machine, which are read and never mended here.
    """

    database: Path
    backups: Path
    elsewhere: bool = False

    @property
    def wal(self) -> Path:
        """Where SQLite keeps the newest pages while the database is open."""
        return self.database.with_name(f"{self.database.name}-wal")

    def identity(self) -> str:
        """Which file the database's path leads to now: its inode; empty when there is none."""
        try:
            return str(self.database.stat().st_ino)
        except OSError:
            return ""

    def free_name(self, made: datetime, reason: Reason) -> Path:
        """A file for a backup made at that moment; of two in one second one is named later."""
        while True:
            name = f"{self.database.stem}-{made.strftime(_STAMP)}-{reason}.db"
            if not (self.backups / name).exists():
                return self.backups / name
            made += timedelta(seconds=1)

    def listed(self) -> list[Backup]:
        """The backups of this database, newest first; none when there is no folder."""
        try:
            paths = list(self.backups.iterdir())
        except OSError:
            return []
        found = [backup for path in paths if (backup := _read(path, self.database.stem))]
        return sorted(found, key=lambda backup: (backup.made, backup.path.name), reverse=True)


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup, as its name tells it."""

    path: Path
    made: datetime
    reason: Reason


def kept(backups: Iterable[Backup]) -> set[Backup]:
    """The newest backup of each of the last 12 days, 10 weeks and 9 months that have one."""
    newest_first = sorted(backups, key=lambda backup: backup.made, reverse=True)
    keep: set[Backup] = set()
    for period, count in KEPT.items():
        newest: dict[str, Backup] = {}
        for backup in newest_first:
            newest.setdefault(backup.made.strftime(period), backup)
        keep.update(list(newest.values())[:count])
    return keep


def _read(path: Path, stem: str) -> Backup | None:
    match = _NAME.fullmatch(path.name)
    if match is None or match[1] != stem:
        return None
    try:
        # Reading it by a form would import the locale's calendar.
        made = datetime.fromisoformat(match[2].replace("-", "T"))
    except ValueError:
        return None
    return Backup(path, made, cast(Reason, match[3]))
