// A signed transaction leaves: it went out, it was refused, or it is not known, and these three are never taken for each other.
import { fromHex, toHex } from "../bytes.ts";
import { keccak256 } from "../crypto/keccak.ts";
import { isObject } from "../protocol/check.ts";
import { ChainRefusal, Refusal } from "./refusal.ts";

export type Read = (method: string, params: unknown[]) => Promise<unknown>;

/** That of a signed transaction in 0x-hex, known before anyone has seen it. */
export function hashOf(raw: string): string {
  const bytes = fromHex(raw);
  if (!bytes) throw new Refusal("failed");
  return `0x${toHex(keccak256(bytes))}`;
}

/** "unclear" when no answer came: it may be on its way. Throws `ChainRefusal` when the chain refused it and does not have it. */
export async function broadcast(raw: string, read: Read): Promise<"sent" | "unclear"> {
  try {
    await read("eth_sendRawTransaction", [raw]);
    return "sent";
  } catch (error) {
    if (!(error instanceof ChainRefusal)) return "unclear";
    // an endpoint that is asked a second time refuses what it already has
    if (isObject(await read("eth_getTransactionByHash", [hashOf(raw)]).catch(() => null))) return "sent";
    throw error;
  }
}
