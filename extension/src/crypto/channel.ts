// Messages of up to 1 MiB over a finished handshake, cut into Noise messages: first byte 1 (more follow) or 0 (last).
import { type Bytes, concat } from "../bytes.ts";
import { type Cipher, MAX_MESSAGE, NoiseError } from "./noise.ts";

export const MAX_BODY = 1 << 20;
const PART = MAX_MESSAGE - 16 - 1;

export class Channel {
  #parts: Bytes[] = [];
  #length = 0;
  #failed = false;

  constructor(readonly send: Cipher, readonly receive: Cipher) {}

  async seal(body: Bytes): Promise<Bytes[]> {
    if (body.length > MAX_BODY) throw new NoiseError("A message has at most one mebibyte.");
    const sealed: Promise<Bytes>[] = [];
    for (let at = 0; at === 0 || at < body.length; at += PART) {
      const more = at + PART < body.length ? 1 : 0;
      sealed.push(this.send.seal(concat(Uint8Array.of(more), body.subarray(at, at + PART))));
    }
    return Promise.all(sealed);
  }

  /** The message that this part completes, or null. Calls must not overlap. An error ends the channel. */
  async open(sealed: Bytes): Promise<Bytes | null> {
    if (this.#failed) throw new NoiseError("The channel has ended.");
    this.#failed = true;
    const plain = await this.receive.open(sealed);
    if (plain.length === 0 || plain[0]! > 1) throw new NoiseError("A part does not say whether more follow.");
    this.#length += plain.length - 1;
    if (this.#length > MAX_BODY) throw new NoiseError("A message has at most one mebibyte.");
    this.#parts.push(plain.slice(1));
    this.#failed = false;
    if (plain[0] === 1) return null;
    const body = concat(...this.#parts);
    this.#parts = [];
    this.#length = 0;
    return body;
  }
}
