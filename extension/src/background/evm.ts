// EIP-1193 for one origin: which method means what, and which are not offered. What the page says is checked here.
import { fromHex, toHex, utf8 } from "../bytes.ts";
import { keccak256 } from "../crypto/keccak.ts";
import { personalHash, signer } from "../crypto/recover.ts";
import { READS, VERSION } from "../protocol/check.ts";
import { type Asker, rpc } from "./asker.ts";
import { callsStatus, capabilities, sendCalls } from "./calls.ts";
import { accounts, addChain, chain, connect, hexChain, permissions, requestPermissions, revoke, switchChain, watchAsset } from "./evm_site.ts";
import { personalSign, send, typedData } from "./evm_sign.ts";
import type { Kind } from "./rate.ts";
import { Refusal } from "./refusal.ts";
import { subscribe, unsubscribe } from "./subscriptions.ts";

type Method = (asker: Asker, list: unknown[], params: unknown) => unknown;

const METHODS: ReadonlyMap<string, { kind: Kind; run: Method }> = new Map(Object.entries({
  eth_requestAccounts: { kind: "prompt", run: connect },
  eth_accounts: { kind: "read", run: accounts },
  eth_coinbase: { kind: "read", run: async (asker) => (await accounts(asker))[0] ?? null },
  eth_chainId: { kind: "read", run: async (asker) => hexChain(await chain(asker)) },
  net_version: { kind: "read", run: async (asker) => (await chain(asker)).slice("eip155:".length) },
  web3_clientVersion: { kind: "read", run: () => `Fluxdesk/${VERSION}` },
  web3_sha3: { kind: "read", run: (_, [data]) => `0x${toHex(keccak256(hexBytes(data, "The data")))}` },
  wallet_requestPermissions: { kind: "prompt", run: requestPermissions },
  wallet_getPermissions: { kind: "read", run: permissions },
  wallet_revokePermissions: { kind: "read", run: revoke },
  wallet_switchEthereumChain: { kind: "prompt", run: switchChain },
  wallet_addEthereumChain: { kind: "prompt", run: addChain },
  wallet_watchAsset: { kind: "prompt", run: (asker, list, params) => watchAsset(asker, Array.isArray(params) ? list[0] : params) },
  personal_sign: { kind: "sign", run: personalSign },
  personal_ecRecover: { kind: "read", run: (_, list) => recovered(list) },
  eth_signTypedData: { kind: "sign", run: (asker, list) => typedData(asker, list, 1) },
  eth_signTypedData_v3: { kind: "sign", run: (asker, list) => typedData(asker, list, 3) },
  eth_signTypedData_v4: { kind: "sign", run: (asker, list) => typedData(asker, list, 4) },
  eth_sendTransaction: { kind: "sign", run: (asker, list) => send(asker, list[0]) },
  wallet_sendCalls: { kind: "sign", run: (asker, list) => sendCalls(asker, list[0]) },
  wallet_getCallsStatus: { kind: "read", run: (asker, list) => callsStatus(asker, list[0]) },
  wallet_getCapabilities: { kind: "read", run: capabilities },
  eth_subscribe: { kind: "read", run: subscribe },
  eth_unsubscribe: { kind: "read", run: (asker, list) => unsubscribe(asker.site, list[0]) },
} satisfies { [method: string]: { kind: Kind; run: Method } }));

const READ_ONLY = new Set(READS["eip155"]!.filter((method) => method !== "eth_sendRawTransaction"));

export const evmKind = (method: string): Kind => METHODS.get(method)?.kind ?? "read";

export async function evm(asker: Asker, method: string, params: unknown): Promise<unknown> {
  const list = Array.isArray(params) ? params : [];
  const known = METHODS.get(method);
  if (known) return known.run(asker, list, params);
  if (READ_ONLY.has(method)) return rpc(asker.link, await chain(asker), method, list);
  throw new Refusal("unsupported", `${method.slice(0, 60)} is not offered.`);
}

function hexBytes(value: unknown, what: string): Uint8Array {
  const found = typeof value === "string" ? fromHex(value) : null;
  if (!found) throw new Refusal("malformed", `${what} is 0x-hex of whole bytes.`);
  return found;
}

function recovered([message, signature]: unknown[]): string {
  if (typeof message !== "string") throw new Refusal("malformed", "The message is a string.");
  const found = signer(personalHash(fromHex(message) ?? utf8(message)), hexBytes(signature, "The signature"));
  if (!found) throw new Refusal("malformed", "No account can have made this signature.");
  return found;
}
