/* Products of 128 bits and their division: this machine multiplies and divides 64 bits only. */
#pragma once
#include "solana.h"

typedef struct { u64 high, low; } Wide;

INLINE Wide product(u64 a, u64 b) {
  u64 a0 = (u32)a, a1 = a >> 32, b0 = (u32)b, b1 = b >> 32;
  u64 low = a0 * b0, cross = a0 * b1, other = a1 * b0;
  u64 middle = (low >> 32) + (u32)cross + (u32)other;
  Wide w = {a1 * b1 + (cross >> 32) + (other >> 32) + (middle >> 32), middle << 32 | (u32)low};
  return w;
}

/* floor(n / d) into `quotient` and the rest into `rest`; false when d is zero or the quotient needs more than 64 bits. */
APART int divide(Wide n, u64 d, u64 *quotient, u64 *rest) {
  if (n.high >= d) return 0;
  if (n.high == 0) {
    *quotient = n.low / d;
    *rest = n.low % d;
    return 1;
  }
  u64 r = n.high, low = n.low, q = 0;
  for (int i = 0; i < 64; i++) {
    u64 carry = r >> 63;
    r = r << 1 | low >> 63;
    low <<= 1;
    q <<= 1;
    if (carry || r >= d) {
      r -= d;
      q |= 1;
    }
  }
  *quotient = q;
  *rest = r;
  return 1;
}

/* floor(a * b / d). False as `divide`. */
INLINE int product_over_down(u64 a, u64 b, u64 d, u64 *result) {
  u64 rest;
  return divide(product(a, b), d, result, &rest);
}

/* ceil(a * b / d). False as `divide`. */
INLINE int product_over_up(u64 a, u64 b, u64 d, u64 *result) {
  u64 rest;
  if (!divide(product(a, b), d, result, &rest)) return 0;
  if (rest == 0) return 1;
  return ++*result != 0;
}

/* a + b; false when it does not fit. */
INLINE int sum(u64 a, u64 b, u64 *result) {
  *result = a + b;
  return *result >= a;
}
