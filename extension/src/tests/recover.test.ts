import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex, utf8 } from "../bytes.ts";
import { keccak256 } from "../crypto/keccak.ts";
import { personalHash, signer } from "../crypto/recover.ts";

const SIGNATURE = "0x90a938f7457df6e8f741264c32697fc52f9a8f867c52dd70713d9d2d472f2e415d9c94148991bbe1f4a1818d1dff09165782749c877f5cf1eff4ef126e55714d1c";

test("Keccak-256 gives the digests that everyone knows", () => {
  assert.equal(toHex(keccak256(new Uint8Array(0))), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  assert.equal(toHex(keccak256(utf8("abc"))), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  assert.equal(toHex(keccak256(utf8("Transfer(address,address,uint256)"))), "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
});

test("a message of any length around a block is padded", () => {
  const digests = [135, 136, 137, 271, 272, 273].map((length) => toHex(keccak256(new Uint8Array(length))));
  assert.equal(new Set(digests).size, 6);
  // as the Python side (keys/keccak.py) has it
  assert.equal(digests[1], "3a5912a7c5faa06ee4fe906253e339467a9ce87d533c65be3c15cb231cdb25f9");
});

test("the account of a signed message is found again, and not that of another message", () => {
  // web3.js documents this one: eth.accounts.recover('Some data', ...)
  const signature = fromHex("0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c")!;
  assert.equal(signer(personalHash(utf8("Some data")), signature), "0x2c7536e3605d9c16a7a3d7b1898e529396a65c23");
  assert.notEqual(signer(personalHash(utf8("Some datb")), signature), "0x2c7536e3605d9c16a7a3d7b1898e529396a65c23");
  const small = signature.slice();
  small[64] = 1; // 0 and 1 mean what 27 and 28 mean
  assert.equal(signer(personalHash(utf8("Some data")), small), "0x2c7536e3605d9c16a7a3d7b1898e529396a65c23");
});

test("what no key can have signed has no account", () => {
  const hash = keccak256(utf8("x"));
  const good = fromHex(SIGNATURE)!;
  const changed = (at: number, value: number, length = 1): Uint8Array => good.slice().fill(value, at, at + length);
  assert.notEqual(signer(hash, good), null);
  assert.equal(signer(hash, good.slice(1)), null);
  assert.equal(signer(hash.slice(1), good), null);
  assert.equal(signer(hash, changed(64, 29)), null);
  assert.equal(signer(hash, changed(0, 0, 32)), null);
  assert.equal(signer(hash, changed(32, 0, 32)), null);
  assert.equal(signer(hash, changed(0, 255, 32)), null);
  assert.equal(signer(hash, changed(32, 255, 32)), null);
});
