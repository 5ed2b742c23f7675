"""`python -m fluxdesk`, the same as the console script."""

from fluxdesk.cli.main import main

main()
