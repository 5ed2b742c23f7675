// How often one site may ask: a bucket for questions and a smaller one for what the user is shown.
export type Kind = "read" | "sign" | "prompt";

const LIMITS: { [kind in Kind]: { burst: number; perSecond: number } } = {
  read: { burst: 120, perSecond: 40 },
  sign: { burst: 40, perSecond: 20 },
  prompt: { burst: 5, perSecond: 0.2 },
};
const MOST_ORIGINS = 500;

export class Rates {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(readonly now: () => number = () => performance.now()) {}

  /** Whether the site may ask now; if so it is counted. */
  allow(origin: string, kind: Kind): boolean {
    const { burst, perSecond } = LIMITS[kind];
    const name = `${kind} ${origin}`;
    const bucket = this.#buckets.get(name) ?? { left: burst, at: this.now() };
    bucket.left = Math.min(burst, bucket.left + ((this.now() - bucket.at) / 1000) * perSecond);
    bucket.at = this.now();
    this.#buckets.delete(name); // the one asked for last goes to the end, the first one is the oldest
    this.#buckets.set(name, bucket);
    if (this.#buckets.size > MOST_ORIGINS) this.#buckets.delete(this.#buckets.keys().next().value!);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }
}
