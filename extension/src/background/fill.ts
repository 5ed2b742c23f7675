// What a site leaves out of a transaction: nonce, gas and fees, read from the chain. The agent decides on the result.
import { isObject } from "../protocol/check.ts";
import { Refusal } from "./refusal.ts";

type Fields = { [name: string]: unknown };
type Read = (method: string, params: unknown[]) => Promise<unknown>;

const QUANTITY = /^0x(0|[1-9a-fA-F][0-9a-fA-F]{0,63})$/;
const DATA = /^0x([0-9a-fA-F]{2})*$/;
const QUANTITIES = ["nonce", "value", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas"];
const PASSED_ON = new Set([...QUANTITIES, "from", "to", "data", "accessList", "authorizationList"]);

/** The transaction with every field the agent needs. Throws `Refusal` for a field that is not what it should be. */
export async function filled(given: Fields, chain: string, read: Read): Promise<Fields> {
  const fields: Fields = {};
  for (const name of Object.keys(given)) if (PASSED_ON.has(name) && given[name] != null) fields[name] = given[name];
  const input = given["input"];
  if (input != null && fields["data"] != null && input !== fields["data"]) throw new Refusal("malformed", "`data` and `input` differ.");
  fields["data"] ??= input ?? "0x";
  const gas = given["gasLimit"];
  fields["gas"] ??= gas ?? undefined;
  fields["value"] ??= "0x0";
  for (const name of QUANTITIES) {
    if (fields[name] === undefined) delete fields[name];
    else fields[name] = quantity(fields[name], name);
  }
  if (typeof fields["data"] !== "string" || !DATA.test(fields["data"])) throw new Refusal("malformed", "`data` is no 0x-hex.");
  fields["chainId"] = `0x${BigInt(chain.slice("eip155:".length)).toString(16)}`;
  if (given["chainId"] != null && BigInt(quantity(given["chainId"], "chainId")) !== BigInt(fields["chainId"] as string)) {
    throw new Refusal("malformed", "The transaction names another chain than the one the site is connected to.");
  }
  fields["nonce"] ??= await read("eth_getTransactionCount", [fields["from"], "pending"]);
  if (fields["gasPrice"] === undefined) await fees(fields, read);
  fields["gas"] ??= await read("eth_estimateGas", [{ from: fields["from"], to: fields["to"], data: fields["data"], value: fields["value"] }]);
  return fields;
}

/** EIP-1559: twice the next base fee and the tip beside it, which stays valid for six full blocks; else the gas price. */
async function fees(fields: Fields, read: Read): Promise<void> {
  const block = await read("eth_getBlockByNumber", ["latest", false]);
  const base = isObject(block) ? block["baseFeePerGas"] : null;
  if (typeof base !== "string") {
    fields["gasPrice"] = await read("eth_gasPrice", []);
    return;
  }
  fields["maxPriorityFeePerGas"] ??= await read("eth_maxPriorityFeePerGas", []);
  const tip = BigInt(fields["maxPriorityFeePerGas"] as string);
  fields["maxFeePerGas"] ??= `0x${(2n * BigInt(base) + tip).toString(16)}`;
}

/** Sites write quantities with leading zeros and as numbers; the meaning is kept, the form becomes the standard's. */
function quantity(value: unknown, name: string): string {
  const whole = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  const text = whole ? `0x${value.toString(16)}` : value;
  if (typeof text !== "string" || !/^0x[0-9a-fA-F]{1,64}$/.test(text)) throw new Refusal("malformed", `\`${name}\` is no quantity.`);
  const plain = `0x${BigInt(text).toString(16)}`;
  return QUANTITY.test(plain) ? plain : "0x0";
}
