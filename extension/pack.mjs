// Packs dist/extension into dist/fluxdesk-extension.zip: the same files give the same bytes on every machine and day, because
// nothing is compressed, dated or in another order. Says its size, its digest, and the id that browsers make of the manifest's key.
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { crc32 } from "node:zlib";

const FROM = "dist/extension";
const TO = "dist/fluxdesk-extension.zip";
const MOST_BYTES = 300_000;
const DATE = ((2026 - 1980) << 9) | (1 << 5) | 1; // a fixed day: a zip has no "no date"

const names = (await readdir(FROM, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath.slice(FROM.length + 1)}/${entry.name}`.replace(/^\//, ""))
  .toSorted();

const bodies = [];
const directory = [];
let offset = 0;
for (const name of names) {
  const plain = await readFile(`${FROM}/${name}`);
  const fields = Buffer.alloc(26); // version needed .. length of the extra field, the same in both headers (APPNOTE 4.3.7, 4.3.12)
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(DATE, 8);
  fields.writeUInt32LE(crc32(plain), 10);
  fields.writeUInt32LE(plain.length, 14);
  fields.writeUInt32LE(plain.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), fields, Buffer.from(name), plain]);
  const rest = Buffer.alloc(14); // comment, disk, attributes: none
  rest.writeUInt32LE(offset, 10);
  directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, rest, Buffer.from(name)]));
  bodies.push(local);
  offset += local.length;
}
const list = Buffer.concat(directory);
const end = Buffer.alloc(22);
end.write("PK\x05\x06", 0, "latin1");
end.writeUInt16LE(names.length, 8);
end.writeUInt16LE(names.length, 10);
end.writeUInt32LE(list.length, 12);
end.writeUInt32LE(offset, 16);
const zip = Buffer.concat([...bodies, list, end]);
if (zip.length > MOST_BYTES) throw new Error(`The package has ${zip.length} bytes; at most ${MOST_BYTES} are allowed.`);
await writeFile(TO, zip);

const { key } = JSON.parse(await readFile("manifest.json", "utf8"));
const id = createHash("sha256").update(Buffer.from(key, "base64")).digest("hex").slice(0, 32);
const letters = [...id].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join("");
console.log(`${TO}: ${zip.length} bytes, sha256 ${createHash("sha256").update(zip).digest("hex")}, id ${letters}`);
