// Every parser of the extension on values that nobody means: a result of its own type or a `Refusal`, never anything else, and
// never anything taken from a prototype.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase58, fromBase64, fromHex, toBase64, toHex } from "../bytes.ts";
import { MOST_CALLS, readBatch } from "../background/calls.ts";
import { readHoldings } from "../background/cache.ts";
import { readChain } from "../background/chains.ts";
import { exact } from "../background/evm_sign.ts";
import { filled } from "../background/fill.ts";
import { Refusal } from "../background/refusal.ts";
import { signInText } from "../background/siws.ts";
import { signer } from "../crypto/recover.ts";
import { fits, fromAgent, fromBridge } from "../protocol/check.ts";
import schema from "../protocol/schema.json";
import { Made, RUNS } from "./made_up.ts";

const NAMES = ["op", "id", "origin", "account", "chain", "kind", "payload", "locked", "mode", "accounts", "grants", "waiting", "label", "code", "reason",
  "from", "to", "data", "input", "value", "gas", "gasLimit", "nonce", "chainId", "calls", "version", "atomicRequired", "capabilities", "optional",
  "domain", "statement", "uri", "resources", "nonce", "items", "symbol", "decimals", "native_base", "tokens", "asset", "endpoints", "family", "name", "practice",
  "welcome", "state", "answer", "failed", "signed", "2.0.0", "evm", "0x1"];

/** Runs on so many made-up values; a failure names the seed. */
function fuzz(name: string, one: (made: Made) => unknown): void {
  test(name, async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      try {
        await one(new Made(seed * 2654435761));
      } catch (error) {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
    }
  });
}

async function orRefusal<T>(work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

fuzz("the schema check says yes or no", (made) => {
  const value = made.value(NAMES);
  for (const read of [fromBridge, fromAgent]) assert.ok(read(value) === null || read(value) === value);
  assert.equal(fits(value, made.text()), false);
});

const MESSAGES = Object.entries(schema.$defs).filter(([, one]) => "properties" in one && "op" in one.properties);

fuzz("a message with a field too many, or with one of another type, is none", (made) => {
  const good = { op: "refused", code: "locked", reason: "It is locked.", id: "a-1" };
  assert.ok(fromAgent(good));
  const name = made.one(Object.keys(good));
  const other = made.value(NAMES);
  if (typeof other !== "string" && !(name === "id" && other === null)) assert.equal(fromAgent({ ...good, [name]: other }), null);
  assert.equal(fromAgent({ ...good, [`${made.text()}x`]: 1 }), null);
  const [definition] = made.one(MESSAGES);
  assert.equal(fits(Object.create({ op: "close" }), definition), false);
});

fuzz("a batch is taken whole or refused", async (made) => {
  const calls = Array.from({ length: made.number(13) }, () => (made.number(4) === 0 ? made.value(NAMES) : { to: made.hex(40), data: made.hex(2 * made.number(4)), value: made.hex(1) }));
  const given = { version: "2.0.0", chainId: "0x1", atomicRequired: false, calls, ...(made.number(2) === 0 ? made.object(NAMES) : {}) };
  const found = await orRefusal(() => readBatch(given));
  if (!found) return;
  assert.ok(found.calls.length > 0 && found.calls.length <= MOST_CALLS);
  assert.match(found.named, /^eip155:[1-9]\d*$/);
  for (const call of found.calls) {
    assert.ok(Object.keys(call).every((name) => ["to", "data", "value"].includes(name)));
    assert.match(String(call["data"]), /^0x([0-9a-fA-F]{2})*$/);
  }
});

fuzz("what is signed as a transaction has known fields only", async (made) => {
  const given = { from: made.hex(40), to: made.hex(40), value: made.hex(1 + made.number(5)), ...made.object(NAMES) };
  const read = async (method: string): Promise<unknown> => (method === "eth_getBlockByNumber" ? { baseFeePerGas: "0x7" } : "0x5");
  const fields = await orRefusal(() => filled(given, "eip155:1", read));
  if (!fields) return;
  const known = ["from", "to", "data", "accessList", "authorizationList", "nonce", "value", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "chainId"];
  for (const name of Object.keys(fields)) assert.ok(known.includes(name), name);
  for (const name of ["nonce", "value", "gas", "chainId"]) assert.match(String(fields[name]), /^0x(0|[1-9a-f][0-9a-f]{0,63})$/, name);
  assert.equal(fields["chainId"], "0x1");
});

fuzz("a sign-in names the site's own domain, and no value makes a line of its own", async (made) => {
  const given: { [name: string]: unknown } = { statement: made.text(), nonce: made.text(), ...made.object(NAMES) };
  const said = await orRefusal(() => signInText(given, "Account1", "site.example"));
  if (said === null) return;
  const [domain, account, ...rest] = said.split("\n");
  assert.deepEqual([domain, account], ["site.example wants you to sign in with your Solana account:", "Account1"]);
  const known = /^(URI|Version|Chain ID|Nonce|Issued At|Expiration Time|Not Before|Request ID): |^Resources:$|^- |^$/;
  for (const [at, line] of rest.entries()) assert.ok(known.test(line) || (at === 1 && line === given["statement"]), line);
});

fuzz("what the node says of chains and balances is cut to what is shown", (made) => {
  const chain = readChain(made.object(NAMES));
  if (chain) assert.ok(chain.name.length <= 40 && chain.decimals >= 0 && chain.decimals <= 36);
  const held = readHoldings({ symbol: "ETH", decimals: 18, ...made.object(NAMES) }, 1);
  for (const one of Object.values(held)) assert.ok(one.native === null || /^\d+$/.test(one.native));
});

fuzz("bytes go there and back, and what is none is said", (made) => {
  const bytes = Uint8Array.from({ length: made.number(70) }, () => made.number(256));
  assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  assert.deepEqual(fromHex(`0x${toHex(bytes)}`), bytes);
  const text = made.text();
  const found = fromHex(text);
  assert.ok(found === null || text.length === 2 + 2 * found.length);
  if (/[^1-9A-HJ-NP-Za-km-z]/.test(text)) assert.throws(() => fromBase58(text));
  else fromBase58(text);
  assert.equal(typeof exact(made.value(NAMES)), "boolean");
});

test("any 65 bytes are an account's signature or nobody's", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const made = new Made(seed);
    const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => made.number(256));
    const found = signer(random(32), Uint8Array.of(...random(64), made.one([0, 1, 27, 28, 29, 255])));
    assert.ok(found === null || /^0x[0-9a-f]{40}$/.test(found));
  }
});

test("a page that changed Object.prototype changes nothing that is read", async () => {
  const polluted = Object.prototype as { [name: string]: unknown };
  const read = async (): Promise<string> => "0x5";
  try {
    polluted["gas"] = "0x1";
    polluted["to"] = "0x1111111111111111111111111111111111111111";
    polluted["id"] = "a";
    polluted["domain"] = "bank.example";
    const fields = await filled({ from: "0x1", gasPrice: "0x1" }, "eip155:1", read);
    assert.ok(!Object.hasOwn(fields, "to"));
    assert.equal(fromAgent({ op: "done" }), null);
    assert.ok(signInText({}, "A", "site.example").startsWith("site.example"));
  } finally {
    for (const name of ["gas", "to", "id", "domain"]) delete polluted[name];
  }
});
