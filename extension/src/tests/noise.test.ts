import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { test } from "node:test";
import vectors from "../../../tests/unit/host/protocol/noise_vectors.json";
import { type Bytes, toBase64, utf8 } from "../bytes.ts";
import { Channel, MAX_BODY } from "../crypto/channel.ts";
import { Cipher, Handshake, type KeyPair, newKeyPair, sha256 } from "../crypto/noise.ts";
import { commitment, pairingCode, sameKey } from "../crypto/pairing.ts";

const hex = (text: string): Bytes => new Uint8Array(Buffer.from(text, "hex"));
const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

async function fixed(secret: string): Promise<KeyPair> {
  const pkcs8 = hex(`302e020100300506032b656e04220420${secret}`);
  const spki = createPublicKey(createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" })).export({ format: "der", type: "spki" });
  return { privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, "X25519", false, ["deriveBits"]), publicKey: new Uint8Array(spki.subarray(-32)) };
}

async function pair(prologues: [string, string] = ["x", "x"]): Promise<[Handshake, Handshake]> {
  return [await Handshake.begin(true, await newKeyPair(), utf8(prologues[0])), await Handshake.begin(false, await newKeyPair(), utf8(prologues[1]))];
}

async function channels(): Promise<[Channel, Channel]> {
  const [a, b] = await pair();
  await b.read(await a.write());
  await a.read(await b.write());
  await b.read(await a.write());
  const [x, y] = [await a.finish(), await b.finish()];
  return [new Channel(x.send, x.receive), new Channel(y.send, y.receive)];
}

for (const [at, vector] of vectors.vectors.entries()) {
  test(`the published vector ${at + 1} comes out byte by byte`, async () => {
    const ends = [
      await Handshake.begin(true, await fixed(vector.init_static), hex(vector.init_prologue), await fixed(vector.init_ephemeral)),
      await Handshake.begin(false, await fixed(vector.resp_static), hex(vector.resp_prologue), await fixed(vector.resp_ephemeral)),
    ] as const;
    for (const [turn, message] of vector.messages.slice(0, 3).entries()) {
      const wire = await ends[turn % 2]!.write(hex(message.payload));
      assert.equal(asHex(wire), message.ciphertext);
      assert.equal(asHex(await ends[1 - (turn % 2)]!.read(wire)), message.payload);
    }
    const [a, b] = [await ends[0].finish(), await ends[1].finish()];
    assert.equal(asHex(a.hash), asHex(b.hash));
    assert.equal(asHex(a.hash), vector.handshake_hash ?? asHex(a.hash));
    const first = vector.first_after_handshake === "init" ? 0 : 1;
    for (const [turn, message] of vector.messages.slice(3).entries()) {
      const [sender, receiver] = (turn + first) % 2 === 0 ? [a, b] : [b, a];
      const sealed = await sender.send.seal(hex(message.payload));
      assert.equal(asHex(sealed), message.ciphertext);
      assert.equal(asHex(await receiver.receive.open(sealed)), message.payload);
    }
  });
}

test("another prologue is another conversation", async () => {
  const [a, b] = await pair(["fluxdesk agent channel 1", "fluxdesk agent channel 0"]);
  await b.read(await a.write());
  await assert.rejects(a.read(await b.write()));
});

test("one flipped bit ends the handshake for good", async () => {
  const [a, b] = await pair();
  await b.read(await a.write());
  const wire = await b.write();
  const damaged = wire.slice();
  damaged[40]! ^= 1;
  await assert.rejects(a.read(damaged));
  await assert.rejects(a.read(wire));
});

test("a key of low order is refused", async () => {
  const [, b] = await pair();
  await b.read(new Uint8Array(32));
  await assert.rejects(b.write(), /no proper key/);
});

test("ciphers are given out once", async () => {
  const [a, b] = await pair();
  await b.read(await a.write());
  await a.read(await b.write());
  await a.write();
  await a.finish();
  await assert.rejects(a.finish());
});

test("the private key cannot be read, not even by us", async () => {
  const { privateKey } = await newKeyPair();
  assert.equal(privateKey.extractable, false);
  for (const format of ["raw", "pkcs8", "jwk"] as const) await assert.rejects(crypto.subtle.exportKey(format as "jwk", privateKey));
});

test("two messages sealed at once use two nonces, and open in order only", async () => {
  const key = new Uint8Array(32);
  const [sender, receiver] = [await Cipher.of(key), await Cipher.of(key)];
  const [first, second] = await Promise.all([sender.seal(utf8("same")), sender.seal(utf8("same"))]);
  assert.notEqual(asHex(first!), asHex(second!));
  await assert.rejects(receiver.open(second!));
  assert.equal(new TextDecoder().decode(await receiver.open(first!)), "same");
  await assert.rejects(receiver.open(first!));
});

test("a message of any size up to a mebibyte arrives whole, and not one byte more", async () => {
  const [a, b] = await channels();
  for (const size of [0, 1, 65518, 65519, MAX_BODY]) {
    let body: Bytes | null = null;
    for (const part of await a.seal(new Uint8Array(size))) {
      assert.equal(body, null);
      body = await b.open(part);
    }
    assert.equal(body!.length, size);
  }
  await assert.rejects(a.seal(new Uint8Array(MAX_BODY + 1)));
});

test("after an error not even a good message is taken", async () => {
  const [a, b] = await channels();
  const [good] = await a.seal(utf8("good"));
  await assert.rejects(b.open(new Uint8Array(40)));
  await assert.rejects(b.open(good!), /ended/);
});

test("the digits are those of the Python side", async () => {
  const transcript = await sha256(utf8("a transcript"));
  const [mine, theirs] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  assert.equal(await pairingCode(transcript, mine, theirs), PYTHON_CODE);
  assert.equal(toBase64(await commitment(transcript, mine)), PYTHON_COMMITMENT);
  assert.ok(sameKey(mine, mine.slice()) && !sameKey(mine, theirs) && !sameKey(mine, mine.slice(1)));
});

// fluxdesk_host.protocol.pairing.code and .commitment for the same input
const PYTHON_CODE = "098926";
const PYTHON_COMMITMENT = "hn0h9oWItDsoFuHwlP0dR4bXzW6MpqEplRMSrg5ZRc8=";
