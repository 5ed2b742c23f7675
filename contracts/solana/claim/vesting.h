/* How much of an entitlement has vested: nothing before the cliff, all from the end on, in between in proportion to the
   time since the start, rounded down. The model is app/fluxdesk/core/curves/vesting.py. */
#pragma once
#include "checks.h"

APART u64 vested_by(const Distribution *d, u64 total, i64 now, u64 *vested) {
  if (now < d->vesting_cliff) {
    *vested = 0;
    return 0;
  }
  if (now >= d->vesting_end) {
    *vested = total;
    return 0;
  }
  u64 since = (u64)(now - d->vesting_start), whole = (u64)(d->vesting_end - d->vesting_start);
  return product_over_down(total, since, whole, vested) ? 0 : ERR_OVERFLOW;
}
