// The Solana Wallet Standard for one origin. Bytes come and go as base64; what the page says is checked here.
import { fromBase64, toBase64, utf8 } from "../bytes.ts";
import { isObject } from "../protocol/check.ts";
import { type Asker, rpc } from "./evm.ts";
import { grantOf } from "./grants.ts";
import type { Kind } from "./rate.ts";
import { Refusal } from "./refusal.ts";
import { signInText } from "./siws.ts";

const CHAIN = /^solana:(mainnet|devnet|testnet|localnet)$/;
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
  const answer = await asker.link.request({ op: "connect", id: asker.newId(), origin: asker.origin, family: "solana", silent }, "connected");
  return addresses(answer.accounts);
}

const addresses = (ids: string[]): string[] => ids.filter((id) => id.startsWith("solana:")).map((id) => id.slice(7));

async function sign(asker: Asker, given: { [name: string]: unknown }, kind: "solana_message" | "solana_tx", payload: string): Promise<string> {
  await asker.link.open();
  if (asker.link.standing.state?.locked) throw new Refusal("locked");
  const account = `solana:${String(given["account"])}`;
  const grant = grantOf(asker.link.standing, asker.origin, "solana");
  if (!grant?.accounts.includes(account)) throw new Refusal("unauthorized");
  const request = { op: "sign" as const, id: asker.newId(), origin: asker.origin, account, chain: chain(given["chain"] ?? grant.chain), kind, payload };
  return (await asker.link.request(request, "signed")).result;
}

async function signAndSend(asker: Asker, given: { [name: string]: unknown }): Promise<unknown> {
  const named = chain(given["chain"]);
  const signed = await sign(asker, given, "solana_tx", bytes(given["transaction"]));
  const wanted = isObject(given["options"]) ? given["options"] : {};
  const options: { [name: string]: unknown } = { encoding: "base64" };
  for (const name of ["skipPreflight", "preflightCommitment", "maxRetries", "minContextSlot"]) if (name in wanted) options[name] = wanted[name];
  return rpc(asker.link, named, "sendTransaction", [signed, options]);
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
  if (typeof value !== "string" || !CHAIN.test(value)) throw new Refusal("unknown_chain");
  return value;
}

function bytes(value: unknown): string {
  if (typeof value !== "string" || !BASE64.test(value)) throw new Refusal("malformed", "Bytes are base64.");
  fromBase64(value);
  return value;
}
