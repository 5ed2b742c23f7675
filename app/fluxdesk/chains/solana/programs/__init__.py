"""Clients of Fluxdesk's own Solana programs: instructions, accounts, events, and the addresses that belong to them.

`claim` and `launchpad` are made from contracts/solana/interfaces; `wire` is what they are written with. Nothing here
reaches a network.
"""
