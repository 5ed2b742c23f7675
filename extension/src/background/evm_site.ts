// What a site has of the EVM side: accounts, permissions (EIP-2255), its chain (EIP-3326), and what it proposes for the user's
// lists (EIP-3085, EIP-747). The agent decides; here is checked what the page says.
import { isObject } from "../protocol/check.ts";
import { type Asker } from "./asker.ts";
import { grantOf } from "./grants.ts";
import { Refusal } from "./refusal.ts";

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const LARGEST_CHAIN = (2n ** 64n - 1n) / 2n - 36n; // EIP-2294

const connecting = new Set<string>();

export async function connect(asker: Asker): Promise<string[]> {
  const already = await accounts(asker);
  if (already.length > 0) return already;
  if (connecting.has(asker.origin)) throw new Refusal("already_waiting");
  connecting.add(asker.origin);
  try {
    const answer = await asker.link.request({ op: "connect", id: asker.newId(), origin: asker.origin, family: "evm" }, "connected");
    return addresses(answer.accounts);
  } finally {
    connecting.delete(asker.origin);
  }
}

export async function accounts(asker: Asker): Promise<string[]> {
  await asker.link.open();
  return addresses(grantOf(asker.link.standing, asker.origin, "evm")?.accounts ?? []);
}

export const addresses = (ids: readonly string[]): string[] =>
  ids.filter((id) => id.startsWith("evm:")).map((id) => id.slice("evm:".length).toLowerCase());

export async function chain(asker: Asker): Promise<string> {
  await asker.link.open();
  const granted = grantOf(asker.link.standing, asker.origin, "evm")?.chain;
  if (granted) return granted;
  await asker.chains.list();
  return asker.chains.first;
}

export const hexChain = (caip: string): string => `0x${BigInt(caip.slice("eip155:".length)).toString(16)}`;

/** `eip155:<number>` of a 0x-hex chain id. */
export function namedChain(value: unknown): string {
  if (typeof value !== "string" || !/^0x[0-9a-fA-F]{1,16}$/.test(value)) throw new Refusal("malformed", "`chainId` is 0x-hex.");
  const number = BigInt(value);
  if (number < 1n || number > LARGEST_CHAIN) throw new Refusal("malformed", "`chainId` is out of range.");
  return `eip155:${number}`;
}

/** The account of the grant that the page names; naming another one is `unauthorized`. */
export async function owned(asker: Asker, address: unknown): Promise<string> {
  if (typeof address !== "string" || !ADDRESS.test(address)) throw new Refusal("malformed", "An account is 0x and 40 hex digits.");
  await asker.link.ready();
  if (asker.link.standing.state?.locked) throw new Refusal("locked");
  const ids = grantOf(asker.link.standing, asker.origin, "evm")?.accounts ?? [];
  const id = ids.find((one) => one.toLowerCase() === `evm:${address.toLowerCase()}`);
  if (!id) throw new Refusal("unauthorized");
  return id;
}

export async function requestPermissions(asker: Asker, [wanted]: unknown[]): Promise<unknown[]> {
  onlyAccounts(wanted);
  await connect(asker);
  return permissions(asker);
}

export async function permissions(asker: Asker): Promise<unknown[]> {
  const value = await accounts(asker);
  if (value.length === 0) return [];
  return [{ invoker: asker.origin, parentCapability: "eth_accounts", caveats: [{ type: "restrictReturnedAccounts", value }] }];
}

export async function revoke(asker: Asker, [given]: unknown[]): Promise<null> {
  onlyAccounts(given);
  if ((await accounts(asker)).length === 0) return null;
  await asker.link.request({ op: "disconnect", id: asker.newId(), origin: asker.origin, family: "evm" }, "done");
  return null;
}

function onlyAccounts(given: unknown): void {
  const names = isObject(given) ? Object.keys(given) : [];
  if (names.length !== 1 || names[0] !== "eth_accounts") throw new Refusal("malformed", "The permission that there is is called `eth_accounts`.");
}

export async function switchChain(asker: Asker, [wanted]: unknown[]): Promise<null> {
  const named = namedChain(isObject(wanted) ? wanted["chainId"] : null);
  if (named === (await chain(asker))) return null;
  if ((await asker.chains.serves(named)) === false) throw new Refusal("unknown_chain");
  await asker.link.request({ op: "switch_chain", id: asker.newId(), origin: asker.origin, chain: named }, "done");
  return null;
}

export async function addChain(asker: Asker, [given]: unknown[]): Promise<null> {
  if (!isObject(given)) throw new Refusal("malformed", "A chain is described by an object.");
  const named = namedChain(given["chainId"]);
  const coin = isObject(given["nativeCurrency"]) ? given["nativeCurrency"] : {};
  const payload = {
    chainId: hexChain(named),
    chainName: text(given["chainName"], "chainName", 40),
    nativeCurrency: { name: text(coin["name"], "nativeCurrency.name", 40), symbol: text(coin["symbol"], "nativeCurrency.symbol", 11), decimals: coin["decimals"] },
    rpcUrls: addressesOf(given["rpcUrls"], "rpcUrls", 1),
    blockExplorerUrls: addressesOf(given["blockExplorerUrls"] ?? [], "blockExplorerUrls", 0),
  };
  if (payload.nativeCurrency.decimals !== 18) throw new Refusal("malformed", "The coin of an EVM chain has 18 decimals.");
  // EIP-3085 adds a chain once; a site that names one the user has is brought to it
  if ((await asker.chains.serves(named)) === true) return switchChain(asker, [{ chainId: payload.chainId }]);
  await asker.link.request({ op: "propose", id: asker.newId(), origin: asker.origin, kind: "add_chain", payload }, "done");
  asker.chains.forget();
  return null;
}

export async function watchAsset(asker: Asker, given: unknown): Promise<true> {
  const options = isObject(given) && isObject(given["options"]) ? given["options"] : null;
  if (!isObject(given) || !options) throw new Refusal("malformed", "A token is `type` and `options`.");
  if (given["type"] !== "ERC20") throw new Refusal("unsupported", "Tokens of the type ERC20 can be watched.");
  const { address, decimals } = options;
  if (typeof address !== "string" || !ADDRESS.test(address)) throw new Refusal("malformed", "`address` is 0x and 40 hex digits.");
  const places = typeof decimals === "string" && /^\d{1,2}$/.test(decimals) ? Number(decimals) : decimals;
  if (!Number.isInteger(places) || (places as number) < 0 || (places as number) > 36) throw new Refusal("malformed", "`decimals` is a number from 0 to 36.");
  const payload = { type: "ERC20", chain: await chain(asker), address, symbol: text(options["symbol"], "symbol", 11), decimals: places };
  await asker.link.request({ op: "propose", id: asker.newId(), origin: asker.origin, kind: "watch_asset", payload }, "done");
  return true;
}

function text(value: unknown, name: string, most: number): string {
  if (typeof value !== "string" || value.trim() === "" || value.length > most || /\p{C}/u.test(value)) {
    throw new Refusal("malformed", `\`${name}\` is a text of 1 to ${most} characters.`);
  }
  return value.trim();
}

function addressesOf(value: unknown, name: string, least: number): string[] {
  const found = Array.isArray(value) ? value.slice(0, 5) : null;
  const good = found?.every((one) => typeof one === "string" && one.length <= 300 && one.startsWith("https://") && URL.canParse(one));
  if (!found || !good || found.length < least) throw new Refusal("malformed", `\`${name}\` is a list of https addresses.`);
  return found as string[];
}
