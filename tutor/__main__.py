"""`python -m tutor`."""

import os
import sys

# `-m` puts the present folder first. A stranger's folder is no place to import from; the one that
# holds the tutor itself is.
_here = os.getcwd()  # noqa: PTH109 (`os` is loaded already: pathlib would come from that folder)
if sys.path[:1] == [_here] and _here != __file__.rsplit(os.sep, 2)[0]:
    del sys.path[0]

from tutor.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
