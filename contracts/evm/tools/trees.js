// For tools that read syntax trees alone (SOLC_ONLY_AST=1): code is not generated, which is nine tenths of the time. They find
// an empty one in its place.
'use strict';

const KEPT = ['ast', 'abi', 'metadata', 'evm.methodIdentifiers'];

/** The job without what needs code. */
function onlyTrees(asked) {
  for (const contracts of Object.values(asked.settings.outputSelection)) {
    for (const name of Object.keys(contracts)) contracts[name] = contracts[name].filter((word) => KEPT.includes(word));
  }
  return asked;
}

/** The answer with an empty code for each contract. */
function withoutCode(output) {
  const none = () => ({ object: '', sourceMap: '', opcodes: '', linkReferences: {}, immutableReferences: {} });
  for (const contracts of Object.values(output.contracts || {})) {
    for (const one of Object.values(contracts)) {
      one.evm = { methodIdentifiers: {}, ...one.evm, bytecode: none(), deployedBytecode: none() };
    }
  }
  return output;
}

module.exports = { onlyTrees, withoutCode };
