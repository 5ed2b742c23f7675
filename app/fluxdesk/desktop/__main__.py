"""`python -m fluxdesk.desktop`: the window, without the command line."""

from fluxdesk.desktop.app import main

raise SystemExit(main())
