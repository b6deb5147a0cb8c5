"""`python -m tutor`."""

import os
import sys

# `-m` puts the present folder first. A stranger's folder is no place to import from; the one that
# holds the tutor itself is.
try:
    _here = os.getcwd()  # noqa: PTH109 (`os` is loaded already: pathlib would come from that folder)
except OSError:  # the folder is gone, and nothing can be imported from it
    _here = ""
if sys.path[:1] == [_here] and _here != __file__.rsplit(os.sep, 2)[0]:
    del sys.path[0]

from tutor.cli import main

if __name__ == "__main__":
    sys.exit(main())
