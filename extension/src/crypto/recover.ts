// Whose secp256k1 signature it is (SEC 1, 4.1.6; EIP-191). Works on public data only, so nothing here hides its timing.
import { type Bytes, concat, toHex, utf8 } from "../bytes.ts";
import { keccak256 } from "./keccak.ts";

const P = 2n ** 256n - 2n ** 32n - 977n;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const G: Point = [
  0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
];

type Point = readonly [bigint, bigint] | null;

/** The hash that `personal_sign` signs (EIP-191, version 0x45). */
export const personalHash = (message: Uint8Array): Bytes =>
  keccak256(concat(utf8(`\x19Ethereum Signed Message:\n${message.length}`), message));

/** The address, in lower case, that signed this hash; null when no key can have made such a signature. */
export function signer(hash: Uint8Array, signature: Uint8Array): string | null {
  if (hash.length !== 32 || signature.length !== 65) return null;
  const [r, s] = [number(signature.subarray(0, 32)), number(signature.subarray(32, 64))];
  const odd = signature[64]! >= 27 ? signature[64]! - 27 : signature[64]!;
  if (r < 1n || r >= N || s < 1n || s >= N || odd > 1) return null;
  const square = modulo(r ** 3n + 7n, P);
  const root = power(square, (P + 1n) / 4n, P);
  if ((root * root) % P !== square) return null;
  const point: Point = [r, (root & 1n) === BigInt(odd) ? root : P - root];
  const inverse = power(r, N - 2n, N);
  const key = twoTimes(G, modulo(-number(hash) * inverse, N), point, (s * inverse) % N);
  return key && `0x${toHex(keccak256(concat(bytes(key[0]), bytes(key[1]))).subarray(12))}`;
}

/** In Jacobian coordinates, x/z^2 and y/z^3: one inversion at the end instead of one a step. */
type Jacobian = readonly [bigint, bigint, bigint] | null;

function twoTimes(one: Point, by: bigint, other: Point, and: bigint): Point {
  let sum: Jacobian = null;
  for (let bit = 255n; bit >= 0n; bit--) {
    sum = doubled(sum);
    if ((by >> bit) & 1n) sum = added(sum, one);
    if ((and >> bit) & 1n) sum = added(sum, other);
  }
  if (!sum) return null;
  const inverse = power(sum[2], P - 2n, P);
  const square = (inverse * inverse) % P;
  return [(sum[0] * square) % P, (((sum[1] * square) % P) * inverse) % P];
}

function doubled(point: Jacobian): Jacobian {
  if (!point || point[1] === 0n) return null;
  const [x, y, z] = point;
  const s = (4n * x * y * y) % P;
  const m = (3n * x * x) % P;
  const nx = modulo(m * m - 2n * s, P);
  return [nx, modulo(m * (s - nx) - 8n * y ** 4n, P), (2n * y * z) % P];
}

function added(point: Jacobian, plain: Point): Jacobian {
  if (!plain) return point;
  if (!point) return [plain[0], plain[1], 1n];
  const [x, y, z] = point;
  const square = (z * z) % P;
  const h = modulo(plain[0] * square - x, P);
  const r = modulo(plain[1] * square * z - y, P);
  if (h === 0n) return r === 0n ? doubled(point) : null;
  const cube = h ** 3n % P;
  const v = (x * h * h) % P;
  const nx = modulo(r * r - cube - 2n * v, P);
  return [nx, modulo(r * (v - nx) - y * cube, P), (z * h) % P];
}

function power(base: bigint, exponent: bigint, by: bigint): bigint {
  let [result, square] = [1n, modulo(base, by)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % by;
    square = (square * square) % by;
  }
  return result;
}

const modulo = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;
const number = (data: Uint8Array): bigint => BigInt(`0x${toHex(data)}`);
const bytes = (value: bigint): Bytes => Uint8Array.from(value.toString(16).padStart(64, "0").match(/../g)!, (pair) => Number.parseInt(pair, 16));
