// The peer of the decode benchmark: transactions a second of npm solana-dex-parser, from parsed JSON to rows.
// node dex_parser.js TOOLS SECONDS FILE...
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const [tools, seconds, ...files] = process.argv.slice(2);
const { DexParser } = require(join(tools, "solana-dex-parser"));
const transactions = files.map((file) => {
  const document = JSON.parse(readFileSync(file, "utf8"));
  return Array.isArray(document) ? document[0] : (document.result ?? document);
});
const parser = new DexParser();
const rate = (limit) => {
  const started = process.hrtime.bigint();
  let done = 0;
  let spent = 0;
  while (spent < limit) {
    for (const transaction of transactions) parser.parseAll(transaction);
    done += transactions.length;
    spent = Number(process.hrtime.bigint() - started) / 1e9;
  }
  return done / spent;
};
rate(1); // warm: the compiler of the engine has seen every path
console.log(rate(Number(seconds)));
