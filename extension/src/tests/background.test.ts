import assert from "node:assert/strict";
import { test } from "node:test";
import { ended, readBatch } from "../background/calls.ts";
import { Chains } from "../background/chains.ts";
import { events } from "../background/news.ts";
import { Rates } from "../background/rate.ts";
import { ChainRefusal, Refusal, toPage } from "../background/refusal.ts";
import { inTurn } from "../background/turns.ts";
import { JsonRpc } from "../inpage/legacy.ts";
import { amount, change, exactAmount, rough } from "../popup/amounts.ts";

const TO = `0x${"1".repeat(40)}`;
const batch = (more: object = {}): object => ({ version: "2.0.0", chainId: "0x1", atomicRequired: false, calls: [{ to: TO }, { to: TO }], ...more });
const codeOf = (work: () => unknown): number => {
  try {
    work();
  } catch (error) {
    return toPage(error).code;
  }
  return 0;
};

test("a batch that cannot be made is refused with the numbers of EIP-5792", () => {
  assert.equal(codeOf(() => readBatch(batch())), 0);
  assert.equal(codeOf(() => readBatch(batch({ atomicRequired: true }))), 5760);
  assert.equal(codeOf(() => readBatch(batch({ atomicRequired: true, calls: [{ to: TO }] }))), 0);
  assert.equal(codeOf(() => readBatch(batch({ calls: Array.from({ length: 11 }, () => ({ to: TO })) }))), 5740);
  assert.equal(codeOf(() => readBatch(batch({ capabilities: { paymasterService: { url: "x" } } }))), 5700);
  assert.equal(codeOf(() => readBatch(batch({ capabilities: { paymasterService: { url: "x", optional: true } } }))), 0);
  assert.equal(codeOf(() => readBatch(batch({ calls: [{ to: TO, capabilities: { x: {} } }] }))), 5700);
  for (const wrong of [{ version: "1.0" }, { chainId: "1" }, { chainId: "0x0" }, { atomicRequired: undefined }, { calls: [] }, { calls: [{}] }, { calls: [{ to: "0x1" }] }, { id: "" }]) {
    assert.equal(codeOf(() => readBatch(batch(wrong))), -32602, JSON.stringify(wrong));
  }
});

test("the end of a batch says what became of all of its calls", () => {
  const [good, bad] = [{ status: "0x1" }, { status: "0x0" }];
  assert.equal(ended([good, good], 2), 200);
  assert.equal(ended([], 2), 400);
  assert.equal(ended([bad, bad], 2), 500);
  assert.equal(ended([good, bad], 2), 600);
  assert.equal(ended([good], 2), 600);
  assert.equal(ended([bad], 2), 600);
});

test("a contract's error reaches the page with its data, and no endpoint can say that the user said no", () => {
  assert.deepEqual(toPage(new ChainRefusal(3, "It refuses.", "0x2a")), { code: 3, message: "execution reverted: It refuses.", data: "0x2a" });
  assert.deepEqual(toPage(new ChainRefusal(-32000, "Too low.", null)), { code: -32000, message: "Too low." });
  for (const number of [4001, 4100, 5720, "3", 1.5, null]) assert.equal(toPage(new ChainRefusal(number, "x", null)).code, -32603);
  assert.equal(toPage(new Refusal("user_rejected")).code, 4001);
  assert.equal(toPage(new Error("secret")).message, "Fluxdesk itself failed.");
});

test("a site hears what changed and nothing else", () => {
  const before = { link: true, chain: "0x1", evm: ["0xa"], solana: [] };
  assert.deepEqual(events(before, before), []);
  assert.deepEqual(events(before, { ...before, chain: "0xa" }), [{ family: "evm", event: "chainChanged", data: "0xa" }]);
  assert.deepEqual(events(before, { ...before, evm: ["0xb", "0xa"], solana: ["S"] }).map(({ family, event }) => `${family} ${event}`), ["evm accountsChanged", "solana accountsChanged"]);
  assert.deepEqual(events(before, { ...before, link: false, evm: [] }).map(({ event }) => event), ["disconnect", "accountsChanged"]);
  assert.deepEqual(events(null, { ...before, evm: [] }).map(({ event }) => event), ["connect"]);
});

test("one site's questions do not use up another's, and come back with time", () => {
  let now = 0;
  const rates = new Rates(() => now);
  const allowed = (origin: string): number => Array.from({ length: 20 }, () => rates.allow(origin, "prompt")).filter(Boolean).length;
  assert.equal(allowed("https://a"), 5);
  assert.equal(allowed("https://b"), 5);
  assert.equal(allowed("https://a"), 0);
  now = 10_000;
  assert.equal(allowed("https://a"), 2);
});

test("work of one name goes one after the other, also after a failure", async () => {
  const order: string[] = [];
  const slow = inTurn("x", async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push("first");
    throw new Error("no");
  });
  const next = inTurn("x", async () => { order.push("second"); return 2; });
  const other = inTurn("y", async () => { order.push("other"); });
  await assert.rejects(slow);
  assert.equal(await next, 2);
  await other;
  assert.deepEqual(order, ["other", "first", "second"]);
});

test("chains are asked for once, and what was known stays when nobody answers", async () => {
  let asked = 0;
  let answers = true;
  let now = 0;
  const ask = async (): Promise<unknown> => {
    asked++;
    if (!answers) throw new Refusal("node_not_running");
    return { items: [
      { id: "eip155:31337", family: "evm", name: "Practice", symbol: "ETH", decimals: 18, practice: "anvil", endpoints: [] },
      { id: "eip155:5", family: "evm", name: "No endpoint", symbol: "ETH", decimals: 18, practice: "", endpoints: [] },
      { id: "eip155:../x", family: "evm", name: "Not one", symbol: "ETH", decimals: 18, practice: "x", endpoints: [] },
    ] };
  };
  const chains = new Chains({ ask: ask as never }, () => now);
  assert.equal(chains.first, "eip155:1");
  assert.deepEqual(await Promise.all([chains.serves("eip155:31337"), chains.serves("eip155:5"), chains.serves("eip155:9")]), [true, false, false]);
  assert.equal(asked, 1);
  assert.equal(chains.known!.length, 2);
  assert.equal(chains.first, "eip155:31337");
  answers = false;
  now = 60_000;
  assert.equal(await chains.serves("eip155:31337"), true);
  assert.equal(asked, 2);
  assert.equal(await new Chains({ ask: (async () => { throw new Refusal("node_not_running"); }) as never }).serves("eip155:1"), null);
});

test("the older calls answer in JSON-RPC", async () => {
  const rpc = new JsonRpc(async ({ method }) => {
    if (method === "no") throw Object.assign(new Error("No."), { code: 4001 });
    return method;
  }, (method) => (method === "eth_accounts" ? ["0xa"] : undefined));
  assert.deepEqual(rpc.send({ id: 7, method: "eth_accounts" }), { id: 7, jsonrpc: "2.0", result: ["0xa"] });
  assert.deepEqual(await rpc.send("eth_x", []), { id: null, jsonrpc: "2.0", result: "eth_x" });
  await assert.rejects(rpc.send({ id: 1, method: "no" }) as Promise<unknown>, { code: 4001, message: "No." });
  const heard = await new Promise<unknown[]>((resolve) => rpc.send({ id: 2, method: "no" }, (...said: unknown[]) => resolve(said)));
  assert.equal((heard[0] as { code: number }).code, 4001);
  assert.deepEqual(heard[1], { id: 2, jsonrpc: "2.0", error: { code: 4001, message: "No." } });
  const list = await new Promise<unknown[]>((resolve) => rpc.sendAsync([{ id: 1, method: "a" }, { id: 2, method: "no" }], (...said) => resolve(said)));
  assert.equal(list[0], null);
  assert.equal((list[1] as unknown[]).length, 2);
});

test("amounts are cut, never rounded up, and exact where they are asked to be", () => {
  assert.equal(amount("12403100000000000000", 18), "12.4031");
  assert.equal(amount("1627022999999", 9), "1,627.02");
  assert.equal(amount("999999999999999999", 18), "0.999999");
  assert.equal(amount("1", 18), "<0.000000001");
  assert.equal(amount("0", 18), "0");
  assert.equal(amount("1234567", 0), "1,234,567");
  assert.equal(amount("481", 9), "0.000000481");
  assert.equal(exactAmount("12403100000000000001", 18), "12.403100000000000001");
  assert.equal(exactAmount("5", 2), "0.05");
});

test("measured figures have three digits, changes arrow and sign", () => {
  assert.deepEqual([412.34, 48_211, 999_600, 1.5e9, 0.0123].map(rough), ["412", "48.2K", "1M", "1.5B", "0.0123"]);
  assert.deepEqual([change(0.374), change(-0.125), change(12.5), change(0)].map(({ words }) => words), ["▲ +37.4%", "▼ −12.5%", "▲ +1.25K%", "▲ +0.0%"]);
});
