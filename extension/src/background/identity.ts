// This browser's key and the desktop's, in IndexedDB. The private key is not extractable: not even this code can read it.
import type { Bytes } from "../bytes.ts";
import { type KeyPair, newKeyPair } from "../crypto/noise.ts";

const DATABASE = "identity";
const STORE = "keys";

export async function ownKey(): Promise<KeyPair> {
  const kept = await get<KeyPair>("own");
  if (kept) return kept;
  const fresh = await newKeyPair();
  return put("own", fresh);
}

export const pinnedDesktop = (): Promise<Bytes | null> => get<Bytes>("desktop");
export const pinDesktop = (key: Bytes): Promise<Bytes> => put("desktop", key);

export async function forgetDesktop(): Promise<void> {
  await done((await store("readwrite")).delete("desktop"));
}

async function get<T>(name: string): Promise<T | null> {
  return ((await done((await store("readonly")).get(name))) as T | undefined) ?? null;
}

async function put<T>(name: string, value: T): Promise<T> {
  await done((await store("readwrite")).put(value, name));
  return value;
}

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const asked = indexedDB.open(DATABASE, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
  return (await done(asked)).transaction(STORE, mode).objectStore(STORE);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB")));
  });
}
