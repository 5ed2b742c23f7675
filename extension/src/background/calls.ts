// Batches of calls (EIP-5792), made one transaction after the other: all are signed before the first one is sent, so that a no
// to any of them sends none. An account of this kind cannot make them in one transaction, and says so.
import { isObject } from "../protocol/check.ts";
import { type Asker, rpc } from "./asker.ts";
import { broadcast, hashOf, type Read } from "./broadcast.ts";
import { accounts, chain, hexChain, namedChain, owned } from "./evm_site.ts";
import { sign } from "./evm_sign.ts";
import { filled } from "./fill.ts";
import { Refusal } from "./refusal.ts";
import { inTurn } from "./turns.ts";

export const MOST_CALLS = 10;
const MOST_KEPT = 200;
const DATA = /^0x([0-9a-fA-F]{2})*$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

type Fields = { [name: string]: unknown };
/** What is kept of a batch: who sent it and which transactions it became. `wanted` may be more than were sent. */
export interface Batch { id: string; origin: string; chain: string; account: string; hashes: string[]; nonces: string[]; wanted: number; at: number }

/** Batches that are being signed or sent by this worker: one that it left behind when it ended is not. */
const underWay = new Set<string>();

export async function sendCalls(asker: Asker, given: unknown): Promise<{ id: string }> {
  const { id, calls, named, from } = readBatch(given);
  if (named !== (await chain(asker)) || (await asker.chains.serves(named)) === false) {
    throw new Refusal("batch_chain", "The batch names another chain than the one the site is connected to.");
  }
  const account = await owned(asker, from ?? (await accounts(asker))[0]);
  if (id !== null && (await find(asker.origin, id))) throw new Refusal("batch_known");
  const read: Read = (method, params) => rpc(asker.link, named, method, params);
  return inTurn(`${account} ${named}`, async () => {
    const sender = account.slice("evm:".length);
    const prepared = await prepare(calls.map((call) => ({ ...call, from: sender })), named, read);
    const batch: Batch = {
      id: id ?? newBatchId(), origin: asker.origin, chain: named, account, hashes: [], wanted: prepared.length, at: Date.now(),
      nonces: prepared.map((fields) => String(fields["nonce"])),
    };
    await reserve(batch);
    underWay.add(nameOf(batch));
    try {
      const signed: string[] = [];
      for (const fields of prepared) signed.push(await sign(asker, account, named, "evm_tx", fields));
      for (const raw of signed) if (!(await next(batch, raw, read))) break;
    } catch (error) {
      if (batch.hashes.length === 0) {
        await forget(batch);
        throw error;
      } // those that went out are followed; the rest is never sent, and the status says so
    } finally {
      underWay.delete(nameOf(batch));
    }
    return { id: batch.id };
  });
}

/**
 * Whether the next one may follow. The hash is kept before the transaction leaves: were the answer lost, a page that asks again
 * would pay twice. Throws what the chain said when it refused it.
 */
async function next(batch: Batch, raw: string, read: Read): Promise<boolean> {
  const hash = hashOf(raw);
  await keep({ ...batch, hashes: [...batch.hashes, hash] });
  batch.hashes.push(hash);
  try {
    return (await broadcast(raw, read)) === "sent";
  } catch (error) {
    batch.hashes.pop();
    await keep(batch);
    throw error;
  }
}

export async function callsStatus(asker: Asker, id: unknown): Promise<object> {
  if (typeof id !== "string") throw new Refusal("malformed", "The id of a batch is a string.");
  const batch = await find(asker.origin, id);
  if (!batch) throw new Refusal("batch_unknown");
  const read: Read = (method, params) => rpc(asker.link, batch.chain, method, params);
  const found = await Promise.all(batch.hashes.map((hash) => read("eth_getTransactionReceipt", [hash])));
  const passed = found.includes(null) ? BigInt(String(await read("eth_getTransactionCount", [batch.account.slice("evm:".length), "latest"]))) : 0n;
  const waits = underWay.has(nameOf(batch)) || found.some((receipt, at) => receipt === null && passed <= BigInt(batch.nonces[at]!));
  const receipts = found.flatMap((receipt) => (isObject(receipt) ? [shortened(receipt)] : []));
  return { version: "2.0.0", id, chainId: hexChain(batch.chain), status: waits ? 100 : ended(receipts, batch.wanted), atomic: batch.wanted === 1, receipts };
}

/** 200 all went through, 400 none is on the chain nor will be, 500 all were reverted, 600 something of each. */
export function ended(receipts: { status: unknown }[], wanted: number): number {
  if (receipts.length === 0) return 400;
  const good = receipts.filter((receipt) => receipt.status === "0x1").length;
  if (good === wanted) return 200;
  return good === 0 && receipts.length === wanted ? 500 : 600;
}

export async function capabilities(asker: Asker, [address, wanted]: unknown[]): Promise<Fields> {
  await owned(asker, address);
  if (wanted !== undefined && !(Array.isArray(wanted) && wanted.length <= 100)) throw new Refusal("malformed", "Chains are a list of 0x-hex.");
  const asked = (wanted as unknown[] | undefined)?.map(namedChain);
  const served = ((await asker.chains.list()) ?? []).filter((one) => one.family === "evm" && one.usable).map((one) => one.id);
  const named = served.length > 0 ? served : [await chain(asker)];
  return Object.fromEntries(named.filter((id) => !asked || asked.includes(id)).map((id) => [hexChain(id), { atomic: { status: "unsupported" } }]));
}

/** What a page says, checked. Throws `Refusal`. */
export function readBatch(given: unknown): { id: string | null; calls: Fields[]; named: string; from: unknown } {
  if (!isObject(given)) throw new Refusal("malformed", "A batch is an object.");
  if (given["version"] !== "2.0.0") throw new Refusal("malformed", "`version` is 2.0.0.");
  const named = namedChain(given["chainId"]);
  const id = given["id"] ?? null;
  if (id !== null && (typeof id !== "string" || id.length === 0 || id.length > 4096)) throw new Refusal("malformed", "`id` is a string of at most 4,096 characters.");
  if (typeof given["atomicRequired"] !== "boolean") throw new Refusal("malformed", "`atomicRequired` is true or false.");
  const list = given["calls"];
  if (!Array.isArray(list) || list.length === 0) throw new Refusal("malformed", "`calls` is a list.");
  if (list.length > MOST_CALLS) throw new Refusal("batch_too_large", `At most ${MOST_CALLS} calls are shown to the user one by one.`);
  onlyOptional(given["capabilities"]);
  const calls = list.map(readCall);
  if (given["atomicRequired"] && calls.length > 1) throw new Refusal("not_atomic");
  return { id, calls, named, from: given["from"] };
}

function readCall(given: unknown): Fields {
  if (!isObject(given)) throw new Refusal("malformed", "A call is an object.");
  onlyOptional(given["capabilities"]);
  const { to, data, value } = given;
  if (to != null && (typeof to !== "string" || !ADDRESS.test(to))) throw new Refusal("malformed", "`to` is 0x and 40 hex digits.");
  if (data != null && (typeof data !== "string" || !DATA.test(data))) throw new Refusal("malformed", "`data` is no 0x-hex.");
  if (value != null && (typeof value !== "string" || !/^0x[0-9a-fA-F]{1,64}$/.test(value))) throw new Refusal("malformed", "`value` is no quantity.");
  if (to == null && (data == null || data === "0x")) throw new Refusal("malformed", "A call has `to` or `data`.");
  return { ...(to == null ? {} : { to }), data: data ?? "0x", value: value ?? "0x0" };
}

function onlyOptional(wanted: unknown): void {
  if (wanted === undefined) return;
  if (!isObject(wanted)) throw new Refusal("malformed", "`capabilities` is an object.");
  for (const [name, one] of Object.entries(wanted)) {
    if (!isObject(one) || one["optional"] !== true) throw new Refusal("batch_feature", `The capability ${name.slice(0, 40)} is not there.`);
  }
}

/** Every transaction of the batch with number, gas and fees. What one is read for is not read again for the next. */
async function prepare(calls: Fields[], named: string, read: Read): Promise<Fields[]> {
  const heard = new Map<string, Promise<unknown>>();
  const once: Read = (method, params) => {
    const key = JSON.stringify([method, params]);
    const answer = heard.get(key) ?? read(method, params);
    heard.set(key, answer);
    return answer;
  };
  const gas = calls.length > 1 ? await gasOf(calls, read) : [];
  const first = await filled({ ...calls[0], ...(gas[0] ? { gas: gas[0] } : {}) }, named, once);
  const rest = calls.slice(1).map((call, at) =>
    filled({ ...call, gas: gas[at + 1], nonce: `0x${(BigInt(String(first["nonce"])) + BigInt(at + 1)).toString(16)}` }, named, once));
  return [first, ...(await Promise.all(rest))];
}

/** What each takes when the ones before it have been made: they are tried out together (eth_simulateV1), and half is added. */
async function gasOf(calls: Fields[], read: Read): Promise<string[]> {
  const said = await read("eth_simulateV1", [{ blockStateCalls: [{ calls }] }, "latest"]);
  const block: unknown = Array.isArray(said) ? said[0] : null;
  const results: unknown = isObject(block) ? block["calls"] : null;
  if (!Array.isArray(results) || results.length !== calls.length) throw new Refusal("node_failed", "The calls could not be tried out together. Nothing was signed.");
  return results.map((one: unknown, at) => {
    if (!isObject(one) || one["status"] !== "0x1") throw new Refusal("malformed", `Call ${at + 1} of ${calls.length} would fail. Nothing was signed.`);
    return `0x${((BigInt(String(one["gasUsed"])) * 3n) / 2n).toString(16)}`;
  });
}

function shortened(receipt: Fields): { status: unknown } & Fields {
  const { status, blockHash, blockNumber, gasUsed, transactionHash } = receipt;
  const logs = (Array.isArray(receipt["logs"]) ? receipt["logs"] : []).filter(isObject);
  return { logs: logs.map(({ address, data, topics }) => ({ address, data, topics })), status, blockHash, blockNumber, gasUsed, transactionHash };
}

const newBatchId = (): string => `0x${Array.from(crypto.getRandomValues(new Uint8Array(64)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;

async function kept(): Promise<Batch[]> {
  const { batches } = await chrome.storage.local.get("batches");
  return Array.isArray(batches) ? (batches as Batch[]) : [];
}

const find = async (origin: string, id: string): Promise<Batch | undefined> => (await kept()).find((one) => one.origin === origin && one.id === id);

/**
 * Puts a new batch in the list. Where it is full, one of the same site goes first: nobody has said yes to this one yet, and a
 * site must not make those of others unknown. Throws `Refusal` when the page has used its id before, were it a moment ago.
 */
const reserve = (batch: Batch): Promise<void> => change((list) => {
  if (list.some((one) => same(one, batch))) throw new Refusal("batch_known");
  const own = list.findLastIndex((one) => one.origin === batch.origin);
  return [batch, ...(list.length < MOST_KEPT ? list : list.toSpliced(own < 0 ? -1 : own, 1))];
});

const keep = (batch: Batch): Promise<void> => change((list) => list.map((one) => (same(one, batch) ? batch : one)));

const forget = (batch: Batch): Promise<void> => change((list) => list.filter((one) => !same(one, batch)));

const nameOf = (batch: Batch): string => `${batch.origin} ${batch.id}`;
const same = (one: Batch, other: Batch): boolean => nameOf(one) === nameOf(other);

function change(made: (list: Batch[]) => Batch[]): Promise<void> {
  return inTurn("batches", async () => chrome.storage.local.set({ batches: made(await kept()) }));
}
