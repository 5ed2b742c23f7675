"""Trading windows of every active token: 1 s, 1 m and 5 m bars, and the rolling last five minutes. Exact and bounded.

A pure step over batches, `state x events -> changed bars`, run by the C kernel or by its NumPy fallback; it reads no
clock and reaches nothing. `WindowBank` (bank.py) is what the node uses. Definitions, the same in every implementation:

- **Order.** Events come in journal order. Each moves the watermark (the latest event time seen) before it is applied,
  so results do not depend on how the stream is cut into batches.
- **Clock.** The caller's choice, one for all events: chain time where the ledger states it, else arrival. Nanoseconds
  since the Unix epoch. `WindowBank.add(..., now_ns=...)` keeps a clock that runs ahead from closing windows early.
- **Window** n of an interval of length L holds the times n*L <= t < (n+1)*L. It is open until the watermark reaches its
  end, then closed, and final once the watermark is `lateness` past its end. A late event still goes into a window that
  is closed but not final, which makes a correction; into a final window it does not go, and is counted and said.
- **Open and close** are the prices of the first and the last trade by (time, journal order). High and low are over all
  trades. A price that is not a finite positive number is none: the trade counts in volumes and counts only.
- **Volumes** are sums of base units, exact: amounts up to 2**128 - 1, sums in 192 bits. **VWAP** is quote volume over
  base volume, in base units, from those sums.
- **Traders** and **buyers** are exact numbers of distinct wallets, not estimates. A trade without a known wallet counts
  in none.
- **Rolling** figures are over the 300 whole seconds that end with the current one, that is 299 to 300 s: quote volume,
  buys, sells and wallets with at least one buy. Resolution one second. A late event counts while its second is among
  them.
- **Memory.** A token costs something only while a window of it is not final or a second of it is among the 300; wallets
  only as long as one of those can name them. Idle tokens and wallets are forgotten without a trace in later figures.
"""
