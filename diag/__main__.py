"""Run the command line as `python -m diag`."""

import sys

from diag.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
