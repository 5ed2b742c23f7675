// Bundles each page of src/ with the library it uses into one script: `node build.mjs FOLDER`.
import { build } from "esbuild";

await build({
  entryPoints: ["src/viem.js", "src/ethers.js", "src/solana.js"],
  bundle: true, format: "iife", platform: "browser", target: "es2022", outdir: process.argv[2], logLevel: "warning",
});
