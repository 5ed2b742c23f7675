"""How far a curve is: quote collected / quote needed to graduate, in millionths, floored, and 1,000,000 only when all
is collected.

`needed` is what the curve still asks for given its state, so selling lowers the progress and a rounding unit never
shows as done. None means that the input does not let one know.
"""

from fluxdesk.core.curves import launchlab, pumpfun
from fluxdesk.core.curves.integers import CurveError

PPM = 1_000_000


def progress_ppm(collected: int, needed: int) -> int:
    """Of a launch whose target is known: LaunchLab's fund raise, DBC's migration threshold."""
    return PPM if collected >= needed else collected * PPM // needed


def pump_progress_ppm(virtual_token: int, virtual_quote: int, real_token: int, real_quote: int) -> int | None:
    """From one pump.fun TradeEvent alone: what was collected against that plus the price of the rest of the curve."""
    if real_token < 0 or real_quote < 0 or virtual_quote < 0 or 0 != real_token >= virtual_token:
        return None
    return progress_ppm(real_quote, real_quote + pumpfun.price_of_rest(virtual_token, virtual_quote, real_token))


def launchlab_progress_ppm(total_base_sell: int, virtual_base: int, virtual_quote: int, real_quote: int) -> int | None:
    """From one LaunchLab TradeEvent alone: its constants fix what the whole curve collects."""
    try:
        return progress_ppm(real_quote, launchlab.quote_needed(total_base_sell, virtual_base, virtual_quote))
    except CurveError:
        return None
