"""Programs for those who build the tutor: no part of the wheel."""
