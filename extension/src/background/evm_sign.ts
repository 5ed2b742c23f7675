// What a site asks an account to sign. The agent reads the bytes, the policy decides, the user is asked in the desktop.
import { fromHex, toBase64, utf8 } from "../bytes.ts";
import { isObject } from "../protocol/check.ts";
import { type Asker, rpc } from "./asker.ts";
import { broadcast, hashOf, type Read } from "./broadcast.ts";
import { chain, owned } from "./evm_site.ts";
import { filled } from "./fill.ts";
import { Refusal } from "./refusal.ts";
import { inTurn } from "./turns.ts";

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
type Fields = { [name: string]: unknown };

export async function sign(asker: Asker, account: string, named: string, kind: "evm_message" | "evm_typed" | "evm_tx", payload: string | Fields): Promise<string> {
  const request = { op: "sign" as const, id: asker.newId(), origin: asker.origin, account, chain: named, kind, payload };
  return (await asker.link.request(request, "signed")).result;
}

export async function personalSign(asker: Asker, list: unknown[]): Promise<string> {
  // EIP-191's method takes (message, account); sites that swap the two are understood as long as it is plain which is which
  const swapped = typeof list[0] === "string" && ADDRESS.test(list[0]) && typeof list[1] === "string" && !ADDRESS.test(list[1]);
  const [message, address] = swapped ? [list[1], list[0]] : [list[0], list[1]];
  if (typeof message !== "string") throw new Refusal("malformed", "The message is a string.");
  const account = await owned(asker, address);
  return sign(asker, account, await chain(asker), "evm_message", toBase64(fromHex(message) ?? utf8(message)));
}

/** EIP-712. Version 1 was a list of fields without a domain; under that name only what EIP-712 says is taken. */
export async function typedData(asker: Asker, list: unknown[], version: 1 | 3 | 4): Promise<string> {
  if (version === 1 && Array.isArray(list[0])) throw new Refusal("unsupported", "The first form of typed data names no domain and is not offered. Use eth_signTypedData_v4.");
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
  if (version === 3 && hasLists(data["types"])) throw new Refusal("malformed", "Version 3 knows no lists. Use eth_signTypedData_v4.");
  return sign(asker, await owned(asker, list[0]), await chain(asker), "evm_typed", data);
}

/** JavaScript has rounded a number it cannot hold; what would be signed is not what was written. */
export function exact(value: unknown): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value);
  return typeof value !== "object" || value === null || Object.values(value).every(exact);
}

/** Version 3 encodes what has no lists as version 4 does, and lists not at all. */
function hasLists(types: unknown): boolean {
  const fields = isObject(types) ? Object.values(types).flat() : [];
  return fields.some((field) => isObject(field) && typeof field["type"] === "string" && field["type"].endsWith("]"));
}

export async function send(asker: Asker, given: unknown): Promise<unknown> {
  if (!isObject(given)) throw new Refusal("malformed", "A transaction is an object.");
  const account = await owned(asker, given["from"]);
  const named = await chain(asker);
  const read: Read = (method, params) => rpc(asker.link, named, method, params);
  return inTurn(`${account} ${named}`, async () => {
    const raw = await sign(asker, account, named, "evm_tx", await filled(given, named, read));
    if ((await broadcast(raw, read)) === "sent") return hashOf(raw);
    throw new Refusal("node_failed", `No answer came: ${hashOf(raw)} may be on its way. Look it up before you send it again.`);
  });
}
