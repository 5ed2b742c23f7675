#!/usr/bin/env node
// Builds the peers that npm carries as sources only, with the compiler and settings of their authors, beside the packages:
// node_modules/.peers/NAME.hex. Only measurements read them; nothing of them is deployed or shipped. Balancer's take minutes
// and have a program of their own, balancer.js.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const packages = path.join(__dirname, '..', '..', 'node_modules');
// @uniswap/v4-core, its own foundry.toml: solc 0.8.26, via_ir, 44,444,444 runs, no metadata hash.
const peers = [
  {
    name: 'UniswapV4PoolManager',
    solc: 'solc-0.8.26',
    root: '@uniswap/v4-core',
    source: 'src/PoolManager.sol',
    contract: 'PoolManager',
    settings: {
      remappings: ['solmate/=lib/solmate/'],
      viaIR: true,
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 44444444 },
      metadata: { bytecodeHash: 'none' },
    },
  },
];

/** The creation code of one contract, as hex without 0x. Sources are named from the package `root`, or from all packages. */
function build({ solc, root = '', source, contract, settings }) {
  const home = path.join(packages, root);
  const read = (name) => {
    const file = path.join(home, name);
    return fs.existsSync(file) ? { contents: fs.readFileSync(file, 'utf8') } : { error: `${name} is not in ${root || 'node_modules'}` };
  };
  const { contents, error } = read(source);
  if (error) throw new Error(error);
  const input = {
    language: 'Solidity',
    sources: { [source]: { content: contents } },
    settings: { ...settings, outputSelection: { [source]: { [contract]: ['evm.bytecode.object'] } } },
  };
  const output = JSON.parse(require(path.join(packages, solc)).compile(JSON.stringify(input), { import: read }));
  const wrong = (output.errors || []).filter((one) => one.severity === 'error');
  if (wrong.length) throw new Error(wrong[0].formattedMessage);
  return output.contracts[source][contract].evm.bytecode.object;
}

if (require.main === module) {
  const folder = path.join(packages, '.peers');
  fs.mkdirSync(folder, { recursive: true });
  for (const peer of peers) {
    const file = path.join(folder, `${peer.name}.hex`);
    if (!fs.existsSync(file)) fs.writeFileSync(file, `0x${build(peer)}`);
  }
}

module.exports = { build };
