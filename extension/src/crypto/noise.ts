// Noise_XX_25519_AESGCM_SHA256 (revision 34) in WebCrypto, both roles. A state that failed once is of no further use.
import { type Bytes, concat, utf8 } from "../bytes.ts";

export const MAX_MESSAGE = 65535;
const TAG = 16;
const KEY = 32;
const EMPTY: Bytes = new Uint8Array(0);
const PATTERN = [["e"], ["e", "ee", "s", "es"], ["s", "se"]] as const;

export interface KeyPair { privateKey: CryptoKey; publicKey: Bytes }

export class NoiseError extends Error {}

/** A key and its counter. A message that fails to open leaves the counter where it was. */
export class Cipher {
  #next = 0n;
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey) { this.#key = key; }

  static async of(raw: Bytes): Promise<Cipher> {
    return new Cipher(await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]));
  }

  async seal(plain: Bytes, bound: Bytes = EMPTY): Promise<Bytes> {
    const iv = nonce(this.#next++); // taken before the wait: two calls never share one
    return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound }, this.#key, plain));
  }

  async open(sealed: Bytes, bound: Bytes = EMPTY): Promise<Bytes> {
    const iv = nonce(this.#next);
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bound }, this.#key, sealed);
      this.#next++;
      return new Uint8Array(plain);
    } catch {
      throw new NoiseError("A message is damaged, repeated or out of order.");
    }
  }
}

export class Handshake {
  #hash: Bytes;
  #chain: Bytes;
  #cipher: Cipher | null = null;
  #turn = 0;
  #failed = false;
  #remoteEphemeral: Bytes | null = null;
  #remoteStatic: Bytes | null = null;

  private constructor(readonly initiator: boolean, readonly fixed: KeyPair, readonly ephemeral: KeyPair, start: Bytes) {
    this.#hash = this.#chain = start;
  }

  /** `ephemeral` is given by test vectors only. */
  static async begin(initiator: boolean, fixed: KeyPair, prologue: Bytes, ephemeral?: KeyPair): Promise<Handshake> {
    const name = concat(utf8("Noise_XX_25519_AESGCM_SHA256"), new Uint8Array(4));
    const shake = new Handshake(initiator, fixed, ephemeral ?? (await newKeyPair()), name);
    await shake.#mixHash(prologue);
    return shake;
  }

  get done(): boolean { return this.#turn === PATTERN.length && !this.#failed; }

  async write(payload: Bytes = EMPTY): Promise<Bytes> {
    const parts: Bytes[] = [];
    for (const token of this.#takeTurn(true)) {
      if (token === "e") {
        await this.#mixHash(this.ephemeral.publicKey);
        parts.push(this.ephemeral.publicKey);
      } else if (token === "s") parts.push(await this.#seal(this.fixed.publicKey));
      else await this.#mix(token);
    }
    parts.push(await this.#seal(payload));
    this.#passTurn();
    return concat(...parts);
  }

  async read(message: Bytes): Promise<Bytes> {
    let rest = message;
    const cut = (length: number): Bytes => {
      if (rest.length < length) throw new NoiseError("A handshake message is too short.");
      const head = rest.slice(0, length);
      rest = rest.slice(length);
      return head;
    };
    for (const token of this.#takeTurn(false)) {
      if (token === "e") await this.#mixHash((this.#remoteEphemeral = cut(KEY)));
      else if (token === "s") this.#remoteStatic = await this.#open(cut(KEY + (this.#cipher ? TAG : 0)));
      else await this.#mix(token);
    }
    const payload = await this.#open(rest);
    this.#passTurn();
    return payload;
  }

  /** Transcript, the other side's lasting key, and the ciphers to send and to receive with. Once. */
  async finish(): Promise<{ hash: Bytes; remote: Bytes; send: Cipher; receive: Cipher }> {
    if (!this.done || !this.#remoteStatic) throw new NoiseError("The handshake is not complete.");
    this.#failed = true;
    const [first, second] = await hkdf(this.#chain, EMPTY);
    const ciphers = await Promise.all([Cipher.of(first), Cipher.of(second)]);
    const [send, receive] = this.initiator ? ciphers : [ciphers[1], ciphers[0]];
    return { hash: this.#hash, remote: this.#remoteStatic, send, receive };
  }

  #takeTurn(mine: boolean): readonly string[] {
    const tokens = PATTERN[this.#turn];
    if (this.#failed || !tokens || mine !== (this.initiator === (this.#turn % 2 === 0))) throw new NoiseError("Out of turn.");
    this.#failed = true; // until the message has passed whole
    return tokens;
  }

  #passTurn(): void {
    this.#failed = false;
    this.#turn++;
  }

  async #mix(token: string): Promise<void> {
    const [local, remote] = this.initiator ? [token[0], token[1]] : [token[1], token[0]];
    const key = local === "e" ? this.ephemeral : this.fixed;
    const other = remote === "e" ? this.#remoteEphemeral! : this.#remoteStatic!;
    let secret: Bytes;
    try {
      const imported = await crypto.subtle.importKey("raw", other, "X25519", false, []);
      secret = new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: imported }, key.privateKey, 256));
    } catch {
      throw new NoiseError("The other side's key is no proper key."); // of low order: the secret would be all zero
    }
    const [chain, temporary] = await hkdf(this.#chain, secret);
    this.#chain = chain;
    this.#cipher = await Cipher.of(temporary);
  }

  async #mixHash(data: Bytes): Promise<void> { this.#hash = await sha256(concat(this.#hash, data)); }

  async #seal(plain: Bytes): Promise<Bytes> {
    const sealed = this.#cipher ? await this.#cipher.seal(plain, this.#hash) : plain;
    await this.#mixHash(sealed);
    return sealed;
  }

  async #open(sealed: Bytes): Promise<Bytes> {
    const plain = this.#cipher ? await this.#cipher.open(sealed, this.#hash) : sealed;
    await this.#mixHash(sealed);
    return plain;
  }
}

/** A key pair whose private half never leaves the browser's key store. */
export async function newKeyPair(): Promise<KeyPair> {
  const pair = (await crypto.subtle.generateKey("X25519", false, ["deriveBits"])) as CryptoKeyPair;
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

export const sha256 = async (data: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", data));

async function hkdf(chain: Bytes, secret: Bytes): Promise<[Bytes, Bytes]> {
  const temporary = await hmac(chain, secret);
  const first = await hmac(temporary, Uint8Array.of(1));
  return [first, await hmac(temporary, concat(first, Uint8Array.of(2)))];
}

async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

function nonce(counter: bigint): Bytes {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setBigUint64(4, counter);
  return iv;
}
