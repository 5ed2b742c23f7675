// Starts Surfpool, a local Solana validator with RPC and WebSocket ports chosen by itself, and prints them as one JSON line.
// Usage: node surfpool.js '{"slotTimeMs": 50, "programs": [{"id": "<program id>", "path": "<file.so>"}]}'
// It lives as long as its standard input stays open, so that no test can leave it behind.
'use strict';
const { Surfnet } = require('@solana/surfpool-linux-x64-gnu');

const DRAIN_EVERY_MS = 200;
const wanted = JSON.parse(process.argv[2] || '{}');
const net = Surfnet.startWithConfig({
  offline: true,
  blockProductionMode: 'clock',
  slotTimeMs: wanted.slotTimeMs || 50,
});
for (const { id, path } of wanted.programs || []) net.deploy({ programId: id, soPath: path });
// Its event queue grows until somebody reads it.
const drain = setInterval(() => net.drainEvents(), DRAIN_EVERY_MS);
console.log(JSON.stringify({ rpc: net.rpcUrl, ws: net.wsUrl, payer: Array.from(net.payerSecretKey) }));

process.stdin.resume();
process.stdin.on('end', () => {
  clearInterval(drain);
  net.stop();
  process.exit(0);
});
