"""`python -m orchestration <command>`: see `cli.py`.

Only the call belongs here.
"""

import sys

from orchestration.cli import main

sys.exit(main())
