// Bundles the extension into dist/extension, ready to be loaded unpacked; with --tests the tests into dist/tests.
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const shared = { bundle: true, target: "chrome133", logLevel: "warning", legalComments: "none" };

if (process.argv.includes("--tests")) {
  await rm("dist/tests", { recursive: true, force: true });
  const names = (await readdir("src/tests")).filter((name) => name.endsWith(".test.ts"));
  await build({
    ...shared, target: "node20", platform: "node", format: "esm", outdir: "dist/tests", outExtension: { ".js": ".mjs" },
    entryPoints: names.map((name) => `src/tests/${name}`),
  });
} else {
  await rm("dist/extension", { recursive: true, force: true });
  await mkdir("dist/extension", { recursive: true });
  await build({
    ...shared, format: "iife", minify: true, charset: "utf8", outdir: "dist/extension",
    entryPoints: {
      background: "src/background/main.ts", relay: "src/relay.ts", inpage: "src/inpage/main.ts", popup: "src/popup/main.ts",
    },
  });
  for (const file of ["manifest.json", "icons"]) await cp(file, `dist/extension/${file}`, { recursive: true });
  for (const file of ["popup.html", "popup.css"]) await cp(`src/popup/${file}`, `dist/extension/${file}`);
}
