"""`python -m ressort.cli` is `ressort`."""

import sys

from ressort.cli import main

sys.exit(main())
