"""Runs the agent."""

import sys

from fluxdesk_host.agent.main import main

sys.exit(main())
