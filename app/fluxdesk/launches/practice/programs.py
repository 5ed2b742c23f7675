"""The practice programs by venue; ids no key can sign for and no cluster runs (launches/context)."""

from fluxdesk.core.events import Venue
from fluxdesk.launches.context import PRACTICE_PROGRAMS

BY_VENUE = {venue: program for program, venue in PRACTICE_PROGRAMS.items()}
PUMP = BY_VENUE[Venue.PUMPFUN]
SWAP = BY_VENUE[Venue.PUMPSWAP]
LAB = BY_VENUE[Venue.RAYDIUM_LAUNCHLAB]
DBC = BY_VENUE[Venue.METEORA_DBC]
DAMM = BY_VENUE[Venue.METEORA_DAMM_V2]
