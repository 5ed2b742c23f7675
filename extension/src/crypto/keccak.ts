// Keccak-256 as Ethereum uses it (the padding from before SHA-3), for public data: addresses and what was signed.
import { type Bytes, concat } from "../bytes.ts";

const RATE = 136;
const WORD = (1n << 64n) - 1n;
const LANES = 25;

/** Round constants and rotations, from the degree-8 register and the triangular numbers of the Keccak reference. */
const ROUNDS = roundConstants();
const ROTATIONS = rotations();

export function keccak256(data: Uint8Array): Bytes {
  const padded = concat(data, new Uint8Array(RATE - (data.length % RATE)));
  padded[data.length]! |= 0x01;
  padded[padded.length - 1]! |= 0x80;
  const view = new DataView(padded.buffer);
  let state: bigint[] = new Array<bigint>(LANES).fill(0n);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let lane = 0; lane < RATE / 8; lane++) state[lane]! ^= view.getBigUint64(block + 8 * lane, true);
    state = permuted(state);
  }
  const out = new DataView(new ArrayBuffer(32));
  for (let lane = 0; lane < 4; lane++) out.setBigUint64(8 * lane, state[lane]!, true);
  return new Uint8Array(out.buffer);
}

function permuted(start: bigint[]): bigint[] {
  let a = start;
  for (const constant of ROUNDS) {
    const columns = [0, 1, 2, 3, 4].map((x) => a[x]! ^ a[x + 5]! ^ a[x + 10]! ^ a[x + 15]! ^ a[x + 20]!);
    const b = new Array<bigint>(LANES);
    for (let at = 0; at < LANES; at++) {
      const [x, y] = [at % 5, Math.floor(at / 5)];
      const mixed = a[at]! ^ columns[(x + 4) % 5]! ^ turned(columns[(x + 1) % 5]!, 1n);
      b[y + 5 * ((2 * x + 3 * y) % 5)] = turned(mixed, ROTATIONS[at]!);
    }
    a = b.map((lane, at) => {
      const row = 5 * Math.floor(at / 5);
      return lane ^ (~b[row + ((at + 1) % 5)]! & WORD & b[row + ((at + 2) % 5)]!);
    });
    a[0]! ^= constant;
  }
  return a;
}

const turned = (lane: bigint, by: bigint): bigint => ((lane << by) | (lane >> (64n - by))) & WORD;

function roundConstants(): bigint[] {
  let register = 1;
  return Array.from({ length: 24 }, () => {
    let constant = 0n;
    for (let bit = 0; bit < 7; bit++) {
      if (register & 1) constant |= 1n << ((1n << BigInt(bit)) - 1n);
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    }
    return constant;
  });
}

function rotations(): bigint[] {
  const found = new Array<bigint>(LANES).fill(0n);
  let [x, y] = [1, 0];
  for (let step = 0; step < 24; step++) {
    found[x + 5 * y] = BigInt((((step + 1) * (step + 2)) / 2) % 64);
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return found;
}
