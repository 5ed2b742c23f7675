/// Supply arithmetic without state: how many units a new token starts with, and how many more may be minted when.
/// `fluxdesk.core.meme_supply` is the same in Python; tests/contracts/move holds the two against each other.
module fluxus_meme::supply {
    friend fluxus_meme::meme_generator;

    /// An analytics figure is above `MOST_BPS`.
    const E_ANALYTICS_OUT_OF_RANGE: u64 = 20;
    /// The analytics leave less than one unit.
    const E_ZERO_SUPPLY: u64 = 21;
    /// The analytics ask for more units than the token may ever have.
    const E_ABOVE_MAX_SUPPLY: u64 = 22;
    /// More than the limiter has at this time.
    const E_RATE_LIMITED: u64 = 23;

    const BPS: u256 = 10_000;
    /// Five times, for each figure.
    const MOST_BPS: u64 = 50_000;

    /// A leaky bucket of `capacity` units that empties in `period` seconds.
    ///
    /// `used` counts units times seconds, so that each second gives back exactly `capacity` of it: nothing is lost to
    /// rounding however often it is asked, and at most `capacity * (1 + t / period)` units pass in any `t` seconds.
    struct Limiter has store, copy, drop {
        capacity: u64,
        period: u64,
        used: u128,
        at: u64
    }

    /// floor(base * (1 + momentum) * (1 + sentiment) / (1 + volatility)), rounded once; figures in basis points.
    public fun initial(
        base: u64,
        max_supply: u64,
        momentum_bps: u64,
        sentiment_bps: u64,
        volatility_bps: u64
    ): u64 {
        assert!(
            momentum_bps <= MOST_BPS && sentiment_bps <= MOST_BPS && volatility_bps <= MOST_BPS,
            E_ANALYTICS_OUT_OF_RANGE
        );
        let grown = (base as u256) * (BPS + (momentum_bps as u256)) * (BPS + (sentiment_bps as u256));
        let supply = grown / (BPS * (BPS + (volatility_bps as u256)));
        assert!(supply > 0, E_ZERO_SUPPLY);
        assert!(supply <= (max_supply as u256), E_ABOVE_MAX_SUPPLY);
        (supply as u64)
    }

    /// A limiter that has all of its capacity. `period` is not zero: the caller checks it.
    public(friend) fun new_limiter(capacity: u64, period: u64, now: u64): Limiter {
        Limiter { capacity, period, used: 0, at: now }
    }

    fun used_at(self: &Limiter, now: u64): u128 {
        // A clock that goes back gives nothing.
        if (now <= self.at) return self.used;
        let back = ((now - self.at) as u128) * (self.capacity as u128);
        if (back >= self.used) 0 else self.used - back
    }

    /// Units that may be minted at `now`, rounded down.
    public(friend) fun available(self: &Limiter, now: u64): u64 {
        let period = (self.period as u128);
        ((((self.capacity as u128) * period - self.used_at(now)) / period) as u64)
    }

    /// Take `amount` units at `now`, or abort.
    public(friend) fun take(self: &mut Limiter, amount: u64, now: u64) {
        assert!(amount <= self.available(now), E_RATE_LIMITED);
        self.used = self.used_at(now) + (amount as u128) * (self.period as u128);
        if (now > self.at) self.at = now;
    }

    #[test_only]
    public fun limiter_for_test(capacity: u64, period: u64, now: u64): Limiter {
        new_limiter(capacity, period, now)
    }

    #[test_only]
    public fun take_for_test(self: &mut Limiter, amount: u64, now: u64): u64 {
        self.take(amount, now);
        self.available(now)
    }
}
