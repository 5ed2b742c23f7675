// EIP-1193 for one origin: which method means what, and which are not offered. What the page says is checked here.
import { fromHex, toBase64, utf8 } from "../bytes.ts";
import { isObject, READS, VERSION } from "../protocol/check.ts";
import type { Kind } from "./rate.ts";
import type { Link } from "./link.ts";
import { Refusal } from "./refusal.ts";
import { filled } from "./fill.ts";
import { grantOf } from "./grants.ts";

export const DEFAULT_CHAIN = "eip155:1";
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const PROMPTS = new Set(["eth_requestAccounts", "wallet_requestPermissions", "wallet_switchEthereumChain", "wallet_addEthereumChain", "wallet_watchAsset"]);
const SIGNS = new Set(["personal_sign", "eth_signTypedData_v4", "eth_sendTransaction", "wallet_sendCalls"]);

export interface Asker { origin: string; link: Link; newId: () => string }

export const evmKind = (method: string): Kind => (PROMPTS.has(method) ? "prompt" : SIGNS.has(method) ? "sign" : "read");

export async function evm(asker: Asker, method: string, params: unknown): Promise<unknown> {
  const list = Array.isArray(params) ? params : [];
  switch (method) {
    case "eth_requestAccounts": return connect(asker);
    case "eth_accounts": return accounts(asker);
    case "eth_coinbase": return (await accounts(asker))[0] ?? null;
    case "eth_chainId": return hexChain(await chain(asker));
    case "net_version": return (await chain(asker)).slice("eip155:".length);
    case "web3_clientVersion": return `Fluxdesk/${VERSION}`;
    case "wallet_requestPermissions":
      if (!isObject(list[0]) || !isObject(list[0]["eth_accounts"])) throw new Refusal("malformed", "Only `eth_accounts` can be asked for.");
      await connect(asker);
      return permissions(asker);
    case "wallet_getPermissions": return permissions(asker);
    case "wallet_revokePermissions":
      await asker.link.request({ op: "disconnect", id: asker.newId(), origin: asker.origin, family: "evm" }, "done");
      return null;
    case "wallet_switchEthereumChain": return switchChain(asker, list[0]);
    case "wallet_addEthereumChain": return propose(asker, "add_chain", list[0], null);
    case "wallet_watchAsset": return propose(asker, "watch_asset", params, true);
    case "personal_sign": return personalSign(asker, list);
    case "eth_signTypedData_v4": return typedData(asker, list);
    case "eth_sendTransaction": return send(asker, list[0]);
    default:
      if (READS["eip155"]!.includes(method) && method !== "eth_sendRawTransaction") return read(asker, method, list);
      throw new Refusal("unsupported", `${method.slice(0, 60)} is not offered.`);
  }
}

async function connect(asker: Asker): Promise<string[]> {
  const already = await accounts(asker);
  if (already.length > 0) return already;
  const answer = await asker.link.request({ op: "connect", id: asker.newId(), origin: asker.origin, family: "evm" }, "connected");
  return addresses(answer.accounts);
}

async function accounts(asker: Asker): Promise<string[]> {
  await asker.link.open();
  return addresses(grantOf(asker.link.standing, asker.origin, "evm")?.accounts ?? []);
}

const addresses = (ids: string[]): string[] => ids.filter((id) => id.startsWith("evm:")).map((id) => id.slice(4).toLowerCase());

async function chain(asker: Asker): Promise<string> {
  await asker.link.open();
  return grantOf(asker.link.standing, asker.origin, "evm")?.chain ?? DEFAULT_CHAIN;
}

export const hexChain = (caip: string): string => `0x${BigInt(caip.slice("eip155:".length)).toString(16)}`;

async function permissions(asker: Asker): Promise<unknown[]> {
  const value = await accounts(asker);
  if (value.length === 0) return [];
  return [{ invoker: asker.origin, parentCapability: "eth_accounts", caveats: [{ type: "restrictReturnedAccounts", value }] }];
}

async function switchChain(asker: Asker, wanted: unknown): Promise<null> {
  const id = isObject(wanted) ? wanted["chainId"] : null;
  if (typeof id !== "string" || !/^0x[0-9a-fA-F]{1,16}$/.test(id)) throw new Refusal("malformed", "`chainId` is 0x-hex.");
  const named = `eip155:${BigInt(id)}`;
  if (named === (await chain(asker))) return null;
  await asker.link.request({ op: "switch_chain", id: asker.newId(), origin: asker.origin, chain: named }, "done");
  return null;
}

async function propose(asker: Asker, kind: "add_chain" | "watch_asset", payload: unknown, answer: unknown): Promise<unknown> {
  const given = kind === "watch_asset" && Array.isArray(payload) ? payload[0] : payload;
  if (!isObject(given)) throw new Refusal("malformed");
  await asker.link.request({ op: "propose", id: asker.newId(), origin: asker.origin, kind, payload: given }, "done");
  return answer;
}

/** The account of the grant that the page names; naming another one is `unauthorized`. */
async function owned(asker: Asker, address: unknown): Promise<string> {
  if (typeof address !== "string" || !ADDRESS.test(address)) throw new Refusal("malformed", "An account is 0x and 40 hex digits.");
  await asker.link.open();
  const { phase, state } = asker.link.standing;
  if (phase === "ready" && state?.locked) throw new Refusal("locked");
  const ids = grantOf(asker.link.standing, asker.origin, "evm")?.accounts ?? [];
  const id = ids.find((one) => one.toLowerCase() === `evm:${address.toLowerCase()}`);
  if (!id) throw new Refusal("unauthorized");
  return id;
}

async function sign(asker: Asker, account: string, kind: "evm_message" | "evm_typed" | "evm_tx", payload: string | { [name: string]: unknown }): Promise<string> {
  const request = { op: "sign" as const, id: asker.newId(), origin: asker.origin, account, chain: await chain(asker), kind, payload };
  return (await asker.link.request(request, "signed")).result;
}

async function personalSign(asker: Asker, list: unknown[]): Promise<string> {
  // EIP-191's method takes (message, account); sites that swap the two are understood as long as it is plain which is which
  const swapped = typeof list[0] === "string" && ADDRESS.test(list[0]) && typeof list[1] === "string" && !ADDRESS.test(list[1]);
  const [message, address] = swapped ? [list[1], list[0]] : [list[0], list[1]];
  if (typeof message !== "string") throw new Refusal("malformed", "The message is a string.");
  const account = await owned(asker, address);
  return sign(asker, account, "evm_message", toBase64(fromHex(message) ?? utf8(message)));
}

async function typedData(asker: Asker, list: unknown[]): Promise<string> {
  let data = list[1];
  if (typeof data === "string") {
    try {
      data = JSON.parse(data);
    } catch {
      throw new Refusal("malformed", "The typed data are no JSON.");
    }
  }
  if (!isObject(data)) throw new Refusal("malformed", "The typed data are no object.");
  if (!exact(data)) throw new Refusal("malformed", "A number is too large to be exact. Write it as a string.");
  return sign(asker, await owned(asker, list[0]), "evm_typed", data);
}

/** JavaScript has rounded a number it cannot hold; what would be signed is not what was written. */
function exact(value: unknown): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value);
  return typeof value !== "object" || value === null || Object.values(value).every(exact);
}

async function send(asker: Asker, given: unknown): Promise<unknown> {
  if (!isObject(given)) throw new Refusal("malformed", "A transaction is an object.");
  const account = await owned(asker, given["from"]);
  const named = await chain(asker);
  const fields = await filled(given, named, (method, params) => read(asker, method, params));
  const raw = await sign(asker, account, "evm_tx", fields);
  return rpc(asker.link, named, "eth_sendRawTransaction", [raw]);
}

const read = async (asker: Asker, method: string, params: unknown[]): Promise<unknown> => rpc(asker.link, await chain(asker), method, params);

export async function rpc(link: Link, named: string, method: string, params: unknown[]): Promise<unknown> {
  const answer = await link.ask("rpc", { chain: named, method, params });
  if (!isObject(answer)) throw new Refusal("node_failed");
  if (isObject(answer["error"])) throw new Refusal("node_failed", String(answer["error"]["message"] ?? "").slice(0, 300));
  return answer["result"];
}
