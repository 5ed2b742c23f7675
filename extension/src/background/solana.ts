// The Solana Wallet Standard for one origin. Bytes come and go as base64; what the page says is checked here.
import { fromBase64, toBase64, utf8 } from "../bytes.ts";
import { isObject } from "../protocol/check.ts";
import { type Asker, rpc } from "./asker.ts";
import { grantOf } from "./grants.ts";
import type { Kind } from "./rate.ts";
import { Refusal } from "./refusal.ts";
import { signInText } from "./siws.ts";

/** What the Wallet Standard calls a cluster, and what the protocol does. */
const CHAINS: ReadonlyMap<unknown, string> = new Map([
  ["solana:mainnet", "solana:mainnet"], ["solana:devnet", "solana:devnet"], ["solana:testnet", "solana:testnet"], ["solana:localnet", "solana:local"],
]);
const LEVELS = ["processed", "confirmed", "finalized"] as const;
const LOOK_EVERY_MS = 400;
const SEEN_WITHIN_MS = 90_000; // a blockhash lives that long
const connecting = new Set<string>();
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export const solanaKind = (method: string): Kind => (method === "connect" ? "prompt" : method === "disconnect" ? "read" : "sign");

export async function solana(asker: Asker, method: string, params: unknown): Promise<unknown> {
  const given = isObject(params) ? params : {};
  switch (method) {
    case "connect": return connect(asker, given["silent"] === true);
    case "disconnect":
      await asker.link.request({ op: "disconnect", id: asker.newId(), origin: asker.origin, family: "solana" }, "done");
      return null;
    case "signMessage": return sign(asker, given, "solana_message", bytes(given["message"]));
    case "signTransaction": return sign(asker, given, "solana_tx", bytes(given["transaction"]));
    case "signAndSendTransaction": return signAndSend(asker, given);
    case "signIn": return signIn(asker, given);
    default: throw new Refusal("unsupported", `${method.slice(0, 60)} is not offered.`);
  }
}

async function connect(asker: Asker, silent: boolean): Promise<string[]> {
  await asker.link.open();
  const granted = grantOf(asker.link.standing, asker.origin, "solana");
  if (granted) return addresses(granted.accounts);
  if (silent && asker.link.standing.phase !== "ready") return [];
  if (connecting.has(asker.origin)) {
    if (silent) return [];
    throw new Refusal("already_waiting");
  }
  if (!silent) connecting.add(asker.origin);
  try {
    const answer = await asker.link.request({ op: "connect", id: asker.newId(), origin: asker.origin, family: "solana", silent }, "connected");
    return addresses(answer.accounts);
  } catch (error) {
    if (silent && error instanceof Refusal) return []; // EIP-1193's eth_accounts and this one say "none" rather than why
    throw error;
  } finally {
    if (!silent) connecting.delete(asker.origin);
  }
}

const addresses = (ids: string[]): string[] => ids.filter((id) => id.startsWith("solana:")).map((id) => id.slice(7));

async function sign(asker: Asker, given: { [name: string]: unknown }, kind: "solana_message" | "solana_tx", payload: string): Promise<string> {
  await asker.link.ready();
  if (asker.link.standing.state?.locked) throw new Refusal("locked");
  const account = `solana:${String(given["account"])}`;
  const grant = grantOf(asker.link.standing, asker.origin, "solana");
  if (!grant?.accounts.includes(account)) throw new Refusal("unauthorized");
  const request = { op: "sign" as const, id: asker.newId(), origin: asker.origin, account, chain: given["chain"] === undefined ? grant.chain : chain(given["chain"]), kind, payload };
  return (await asker.link.request(request, "signed")).result;
}

async function signAndSend(asker: Asker, given: { [name: string]: unknown }): Promise<unknown> {
  const named = chain(given["chain"]);
  const wanted = isObject(given["options"]) ? given["options"] : {};
  const level = wanted["commitment"];
  if (level !== undefined && !LEVELS.includes(level as (typeof LEVELS)[number])) throw new Refusal("malformed", "`commitment` is processed, confirmed or finalized.");
  const options: { [name: string]: unknown } = { encoding: "base64" };
  for (const name of ["skipPreflight", "preflightCommitment", "maxRetries", "minContextSlot"]) if (Object.hasOwn(wanted, name)) options[name] = wanted[name];
  const signed = await sign(asker, given, "solana_tx", bytes(given["transaction"]));
  const signature = await rpc(asker.link, named, "sendTransaction", [signed, options]);
  if (level !== undefined) await seen(asker, named, signature, LEVELS.indexOf(level as (typeof LEVELS)[number]));
  return signature;
}

/** Waits until the chain shows the transaction at that level. Throws `Refusal` when it failed, or was not seen in time. */
async function seen(asker: Asker, named: string, signature: unknown, level: number): Promise<void> {
  const until = performance.now() + SEEN_WITHIN_MS;
  while (performance.now() < until) {
    const said = await rpc(asker.link, named, "getSignatureStatuses", [[signature]]);
    const status: unknown = isObject(said) && Array.isArray(said["value"]) ? said["value"][0] : null;
    if (isObject(status)) {
      if (status["err"] != null) throw new Refusal("node_failed", "The transaction is on the chain and failed there.");
      if (LEVELS.indexOf(status["confirmationStatus"] as (typeof LEVELS)[number]) >= level) return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Refusal("node_failed", `The transaction ${String(signature).slice(0, 90)} was sent and not seen on the chain in time.`);
}

async function signIn(asker: Asker, given: { [name: string]: unknown }): Promise<{ account: string; signedMessage: string; signature: string; accounts: string[] }> {
  const accounts = await connect(asker, false);
  const input = isObject(given["input"]) ? given["input"] : {};
  const account = typeof input["address"] === "string" ? input["address"] : accounts[0];
  if (!account || !accounts.includes(account)) throw new Refusal("unauthorized");
  const message = toBase64(utf8(signInText(input, account, new URL(asker.origin).host)));
  return { account, accounts, signedMessage: message, signature: await sign(asker, { account }, "solana_message", message) };
}

function chain(value: unknown): string {
  const named = CHAINS.get(value);
  if (!named) throw new Refusal("unknown_chain");
  return named;
}

function bytes(value: unknown): string {
  if (typeof value !== "string" || !BASE64.test(value)) throw new Refusal("malformed", "Bytes are base64.");
  fromBase64(value);
  return value;
}
