"""`python -m sonde` is `sonde`."""

import sys

from .cli.main import main

if __name__ == "__main__":
    sys.exit(main())
