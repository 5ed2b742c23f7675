"""Why metadata could not be had. The text of each is fit to show and never holds more of an address than its host."""


class NotFetched(Exception):
    """The address was asked and gave nothing usable: unreachable, too slow, an error status, not what it should be."""


class NotAllowed(Exception):
    """Fluxdesk did not ask, or stopped asking, because a rule of its own forbids it."""
