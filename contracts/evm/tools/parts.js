// A job for solc in parts that can be done beside each other, and what came of them as one answer.
'use strict';
const path = require('node:path');

/**
 * Tests that are compiled without the optimiser and not via IR: all but those that measure or prove code, what those deploy,
 * those of a library alone, and one that computes with a library which only the pipeline via IR has room for.
 */
const LIGHT = /^test\/(?!(access|formal|gas|libraries|mocks)\/|.*(Gas|Math|TokenBuckets|Vectors|VoteTraces)\.t\.sol$)/;

/** Everything a source imports by a relative path, and itself. */
function closure(name, sources, seen = new Set()) {
  if (seen.has(name) || !sources[name]) return seen;
  seen.add(name);
  for (const [, found] of (sources[name].content || '').matchAll(/^import [^;"]*"(\.[^"]+)";/gm)) {
    closure(path.posix.join(path.posix.dirname(name), found), sources, seen);
  }
  return seen;
}

/**
 * What light tests deploy from src/ must be what is shipped, so not compiled within them: forge has put calls for the artefact in
 * place of `new` (dynamic_test_linking). It leaves files alone that declare a contract on top of one of src/.
 */
function checkLinked(light, { sources, settings: { outputSelection } }) {
  const own = new Set(Object.entries(sources).flatMap(([name, { content = '' }]) => (
    name.startsWith('src/') ? [...content.matchAll(/^(?:abstract )?contract (\w+)/gm)].map(([, found]) => found) : [])));
  // Before it puts them there, forge asks for the interfaces of all.
  const coded = light.filter((name) => Object.values(outputSelection[name]).flat().some((word) => word.startsWith('evm.bytecode')));
  for (const name of new Set(coded.flatMap((one) => [...closure(one, sources)].filter((file) => file.startsWith('test/'))))) {
    for (const [, one, other] of sources[name].content.matchAll(/\bnew (\w+)\s*[({]|\btype\((\w+)\)\.creationCode/g)) {
      const found = one || other;
      if (own.has(found)) throw new Error(`${name} has code of ${found} in itself: put what extends a contract of src/ in a file of its own, or ask vm.getCode.`);
    }
  }
}

/** Jobs whose outputs make the one that is asked for. With the settings of src/, tests take five times as long as all they test. */
function parts(asked) {
  const { viaIR, outputSelection } = asked.settings;
  const names = Object.keys(outputSelection);
  const light = names.filter((name) => LIGHT.test(name));
  if (!viaIR || light.length === 0) return [asked];
  checkLinked(light, asked);
  const own = names.filter((name) => name.startsWith('src/'));
  const others = names.filter((name) => !own.includes(name) && !light.includes(name));
  const only = (kept, settings = {}) => ({
    ...asked,
    settings: { ...asked.settings, ...settings, outputSelection: Object.fromEntries(kept.map((name) => [name, outputSelection[name]])) },
  });
  return [only(own), only(others), only(light, { viaIR: false, optimizer: { enabled: false } })]
    .filter((one) => Object.keys(one.settings.outputSelection).length > 0);
}

/** Errors that several parts found are told once; sources have the same numbers in all of them. */
function merged(outputs) {
  const whole = { errors: [], sources: {}, contracts: {} };
  const told = new Set();
  for (const { errors = [], sources = {}, contracts = {} } of outputs) {
    for (const one of errors) {
      if (!told.has(one.formattedMessage)) whole.errors.push(one);
      told.add(one.formattedMessage);
    }
    for (const [name, source] of Object.entries(sources)) whole.sources[name] = { ...whole.sources[name], ...source };
    for (const [name, found] of Object.entries(contracts)) whole.contracts[name] = { ...whole.contracts[name], ...found };
  }
  return whole;
}

/** Sources that have no room on the stack without the pipeline via IR and one step of its optimiser. */
const CROWDED = /^(src\/(core\/(LiquidityPoolManager|PoolCurve|OrderSettlement)|synthetics\/SyntheticVault|distribution\/Distribution)|test\/pools\/StableMath\.t)\.sol$/;
/** One that has no room even so. */
const FULL = /^test\/pools\/Math\.t\.sol$/;
const PLAIN = { viaIR: false, optimizer: { enabled: false } };
const ROOMY = {
  viaIR: true,
  optimizer: {
    enabled: true,
    details: {
      ...Object.fromEntries(
        ['peephole', 'inliner', 'jumpdestRemover', 'orderLiterals', 'deduplicate', 'cse', 'constantOptimizer'].map((name) => [name, false]),
      ),
      yul: true,
      yulDetails: { stackAllocation: true, optimizerSteps: 'u:' },
    },
  },
};

/** Whether a source has crowded ones in itself, or is one. */
const isRoomy = (name, sources) => CROWDED.test(name)
  || (!LIGHT.test(name) && [...closure(name, sources)].some((one) => CROWDED.test(one)));

/**
 * For a build that lives for one run of tests (a mutant, coverage): each source the way that compiles soonest. `linked`: tests
 * have in themselves no code of what they deploy.
 */
function quick(asked, linked) {
  const { outputSelection } = asked.settings;
  const names = Object.keys(outputSelection);
  const full = names.filter((name) => FULL.test(name));
  // what is compiled within another source must be the same bytes as alone, or coverage does not know it again: all of them then
  const crowded = names.some((name) => CROWDED.test(name));
  const roomy = names.filter((name) => !full.includes(name) && (linked ? isRoomy(name, asked.sources) : crowded));
  const others = names.filter((name) => !roomy.includes(name) && !full.includes(name));
  return [[full, {}], [roomy, ROOMY], [others, PLAIN]].filter(([kept]) => kept.length > 0).map(([kept, settings]) => ({
    ...asked,
    settings: { ...asked.settings, ...settings, outputSelection: Object.fromEntries(kept.map((name) => [name, outputSelection[name]])) },
  }));
}

module.exports = { merged, parts, quick };
