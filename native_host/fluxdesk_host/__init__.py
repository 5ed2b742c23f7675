"""The side of Fluxdesk that holds keys: agent, bridge, and the pure code both need. Never imports fluxdesk, never Qt.

May be imported by fluxdesk. Nothing here reaches an internet address.
"""
