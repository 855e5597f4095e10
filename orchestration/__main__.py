"""`python -m orchestration <command>`: see `cli.py`.

Only the call belongs here.
"""

import sys

from orchestration.garbage import collected_seldom

# Before anything is loaded: loading is where most objects come from.
with collected_seldom():
    from orchestration.cli import main

    sys.exit(main())
