// A job for solc in parts that can be done beside each other, and what came of them as one answer.
'use strict';

/**
 * Tests that are compiled without the optimiser and not via IR: all but those that measure or prove code, what those deploy,
 * those of a library alone, and one that computes with a library which only the pipeline via IR has room for.
 */
const LIGHT = /^test\/(?!(access|formal|gas|libraries|mocks)\/|.*(Gas|Math|TokenBuckets|Vectors|VoteTraces)\.t\.sol$)/;

/**
 * What these deploy from src/ must be what is shipped, so not compiled within them: forge has put calls for the artefact in place
 * of `new` (dynamic_test_linking). It leaves files alone that declare a contract on top of one of src/.
 */
function checkLinked(light, sources) {
  const own = new Set();
  for (const [name, { content = '' }] of Object.entries(sources)) {
    if (name.startsWith('src/')) for (const [, found] of content.matchAll(/^(?:contract|abstract contract) (\w+)/gm)) own.add(found);
  }
  for (const name of light) {
    for (const [, one, other] of (sources[name].content || '').matchAll(/\bnew (\w+)\s*[({]|\btype\((\w+)\)\.creationCode/g)) {
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
  checkLinked(light, asked.sources);
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

module.exports = { merged, parts };
