"""Linear vesting with a cliff, exact: what `contracts/evm` (libraries/Vesting.sol) and `contracts/solana`
(claim/vesting.h) pay.
"""


def vested_down(amount: int, start: int, cliff: int, duration: int, time: int) -> int:
    """What of `amount` base units has vested at `time`, floored: it never falls as time goes on.

    Args:
        amount: The whole entitlement.
        start: Unix seconds from which it is earned.
        cliff: Seconds after `start` before which nothing is paid.
        duration: Seconds over which it is earned; zero: all at once, after the cliff.
        time: Unix seconds.
    """
    elapsed = time - start
    if elapsed < 0 or elapsed < cliff:
        return 0
    return amount if elapsed >= duration else amount * elapsed // duration
