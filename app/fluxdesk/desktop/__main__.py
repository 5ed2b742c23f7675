"""`python -m fluxdesk.desktop`: the window, without the command line."""

from fluxdesk.desktop.start import main

raise SystemExit(main())
