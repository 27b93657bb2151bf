// Bundles the network of the browser, and puts LiteRT's own files beside it: node build.mjs FOLDER
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const folder = process.argv[2];
// With relaxed SIMD and, for older browsers, without it; those with threads need headers that no page here sends.
const RUNTIMES = ["litert_wasm_internal", "litert_wasm_compat_internal"];

await mkdir(join(folder, "wasm"), { recursive: true });
await build({
  entryPoints: ["src/index.ts"],
  outfile: join(folder, "network.js"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
});
for (const name of RUNTIMES) {
  for (const ending of [".js", ".wasm"]) {
    await copyFile(`node_modules/@litertjs/core/wasm/${name}${ending}`, join(folder, "wasm", name + ending));
  }
}
