// Runs in the page's own world before its first script. Opaque origins (sandboxed documents) get nothing.
import { offerEvm } from "./evm.ts";
import { offerSolana } from "./solana.ts";

if (location.origin !== "null") {
  offerEvm();
  offerSolana();
}
