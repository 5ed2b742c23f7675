// eth_subscribe over a link that only answers: new blocks and logs are looked for while somebody listens. What the chain has in
// its pool cannot be followed this way and is refused.
import { isObject } from "../protocol/check.ts";
import { type Asker, rpc } from "./asker.ts";
import { chain } from "./evm_site.ts";
import { Refusal } from "./refusal.ts";
import { type Site, sites } from "./sites.ts";

interface Subscription { id: string; kind: "newHeads" | "logs"; chain: string; filter: object; next: bigint }

const EVERY_MS = 3_000;
const MOST_EACH = 10;
const MOST_BLOCKS = 8n; // a worker that slept does not tell of every block it missed
const listening = new Map<Site, Subscription[]>();

export async function subscribe(asker: Asker, [kind, filter]: unknown[]): Promise<string> {
  if (kind !== "newHeads" && kind !== "logs") throw new Refusal("unsupported", "New blocks (newHeads) and logs can be followed.");
  if (kind === "logs" && filter != null && !isObject(filter)) throw new Refusal("malformed", "A filter is an object.");
  const { address, topics } = (isObject(filter) ? filter : {}) as { address?: unknown; topics?: unknown };
  const named = await chain(asker);
  const next = (await height(asker, named)) + 1n;
  const mine = listening.get(asker.site) ?? [];
  if (mine.length >= MOST_EACH) throw new Refusal("too_many", `A page follows at most ${MOST_EACH} things.`);
  const id = `0x${crypto.randomUUID().replaceAll("-", "")}`;
  const only = { ...(address === undefined ? {} : { address }), ...(topics === undefined ? {} : { topics }) };
  listening.set(asker.site, [...mine, { id, kind, chain: named, filter: only, next }]);
  if (mine.length === 0) void follow(asker);
  return id;
}

export function unsubscribe(site: Site, id: unknown): boolean {
  const mine = listening.get(site) ?? [];
  const left = mine.filter((one) => one.id !== id);
  left.length > 0 ? listening.set(site, left) : listening.delete(site);
  return left.length < mine.length;
}

async function follow(asker: Asker): Promise<void> {
  while (sites.has(asker.site) && listening.has(asker.site)) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    for (const one of listening.get(asker.site) ?? []) await look(asker, one).catch(() => {}); // asked again the next time
  }
  listening.delete(asker.site);
}

async function look(asker: Asker, one: Subscription): Promise<void> {
  const newest = await height(asker, one.chain);
  if (newest < one.next) return;
  const first = newest - one.next >= MOST_BLOCKS ? newest - MOST_BLOCKS + 1n : one.next;
  const found: unknown[] = [];
  if (one.kind === "logs") {
    const range = { fromBlock: `0x${first.toString(16)}`, toBlock: `0x${newest.toString(16)}` };
    const logs = await rpc(asker.link, one.chain, "eth_getLogs", [{ ...one.filter, ...range }]);
    if (Array.isArray(logs)) found.push(...logs);
  } else {
    for (let number = first; number <= newest; number++) {
      const block = await rpc(asker.link, one.chain, "eth_getBlockByNumber", [`0x${number.toString(16)}`, false]);
      if (!isObject(block)) return; // the endpoint that answered has not seen it yet
      const { transactions: _, uncles: __, withdrawals: ___, ...head } = block;
      found.push(head);
    }
  }
  one.next = newest + 1n;
  if (!sites.has(asker.site)) return;
  for (const result of found) {
    const data = { type: "eth_subscription", data: { subscription: one.id, result } };
    asker.site.port.postMessage({ family: "evm", event: "message", data });
  }
}

const height = async (asker: Asker, named: string): Promise<bigint> => BigInt(String(await rpc(asker.link, named, "eth_blockNumber", [])));
