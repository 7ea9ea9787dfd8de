"""``python -m reportkit``: the same as the command ``reportkit``."""

import sys

from reportkit.cli.main import main

sys.exit(main())
