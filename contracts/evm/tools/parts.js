// A job for solc in parts that can be done beside each other, and what came of them as one answer.
'use strict';

/**
 * Tests that are compiled without the optimiser and not via IR: all but those that measure or prove code, what those deploy,
 * and one that computes with a library which only the pipeline via IR has room for. What they deploy from src/ is not
 * compiled within them (dynamic_test_linking), so it is the code that is shipped.
 */
const LIGHT = /^test\/(?!formal\/|mocks\/|gas\/|.*\/(Gas|Math)\.t\.sol$)/;

/** Jobs whose outputs make the one that is asked for. With the settings of src/, tests take five times as long as all they test. */
function parts(asked) {
  const { viaIR, outputSelection } = asked.settings;
  const names = Object.keys(outputSelection);
  const light = names.filter((name) => LIGHT.test(name));
  if (!viaIR || light.length === 0) return [asked];
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
