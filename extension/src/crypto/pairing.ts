// The extension's side of a pairing: committed to its nonce before it sees the agent's. docs/protocol.md.
import { type Bytes, concat, utf8 } from "../bytes.ts";
import { sha256 } from "./noise.ts";

export async function commitment(transcript: Bytes, nonce: Bytes): Promise<Bytes> {
  return sha256(concat(utf8("fluxdesk pairing commitment 1"), transcript, nonce));
}

export async function pairingCode(transcript: Bytes, mine: Bytes, theirs: Bytes): Promise<string> {
  const digest = await sha256(concat(utf8("fluxdesk pairing code 1"), transcript, mine, theirs));
  return (new DataView(digest.buffer).getBigUint64(0) % 1_000_000n).toString().padStart(6, "0");
}

export function sameKey(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
