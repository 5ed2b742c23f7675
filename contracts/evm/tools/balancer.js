#!/usr/bin/env node
// balancer.js FOLDER: compiles what a pool of Balancer v3 needs from its npm packages into FOLDER/NAME.hex, two at a time.
// It takes minutes, so packaging/gas_peers.py asks for it once for the sources that are there; only measurements read it.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const { build } = require('./peers.js');

// How its authors build what they deploy: pvt/common/hardhat-base-config.ts of balancer/balancer-v3-monorepo has solc 0.8.26
// via IR for Cancun, these steps, and 9,999 runs, but 500 for the vault and its extension. They ask for OpenZeppelin ^5.0.0:
// with 5.0.2 the vault is 24,538 bytes and may be deployed, with 5.7.0 it is 24,587 and may not.
const STEPS = [
  'dhfoDgvulfnTUtnIf [ xa[r]EscLM cCTUtTOntnfDIul Lcul Vcul [j] Tpeul xa[rul] xa[r]cL gvif',
  'CTUca[r]LSsTFOtfDnca[r]Iulc ] jmul[jul] VcTOcul jmul : fDnTOcmu',
].join(' ');
const settings = (runs) => ({
  remappings: ['@openzeppelin/contracts/=@openzeppelin/contracts-5.0.2/'],
  viaIR: true,
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs, details: { yulDetails: { optimizerSteps: STEPS } } },
});
const contracts = [
  ['v3-vault', 'Vault', 500],
  ['v3-vault', 'VaultExtension', 500],
  ['v3-vault', 'VaultAdmin', 9999],
  ['v3-vault', 'ProtocolFeeController', 9999],
  ['v3-pool-stable', 'StablePool', 9999],
  ['v3-pool-weighted', 'WeightedPool', 9999],
];

const compiled = (job) => new Promise((resolve, reject) => {
  new Worker(__filename, { workerData: job }).once('message', resolve).once('error', reject);
});

async function main(folder) {
  if (!folder) throw new Error('balancer.js FOLDER.');
  fs.mkdirSync(folder, { recursive: true });
  const waiting = contracts.map(([name, contract, runs]) => ({
    solc: 'solc-0.8.26',
    source: `@balancer-labs/${name}/contracts/${contract}.sol`,
    contract,
    settings: settings(runs),
  }));
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const code = await compiled(job);
      fs.writeFileSync(path.join(folder, `${job.contract}.hex`), `0x${code}`);
    }
  };
  await Promise.all([work(), work()]);
}

if (isMainThread) {
  main(process.argv[2]).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  });
} else {
  parentPort.postMessage(build(workerData));
}
