// Bundles the network of the browser and the script of the single file, and puts LiteRT's own files beside them:
// node build.mjs FOLDER
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const folder = process.argv[2];
// With relaxed SIMD and, for older browsers, without it; those with threads need headers that no page here sends.
const RUNTIMES = ["litert_wasm_internal", "litert_wasm_compat_internal"];

await mkdir(join(folder, "wasm"), { recursive: true });
const how = { bundle: true, target: "es2022", minify: true };
await build({ ...how, entryPoints: ["src/index.ts"], outfile: join(folder, "network.js"), format: "esm" });
// For the one HTML file that people take home, in which nothing can be imported.
await build({ ...how, entryPoints: ["src/single.ts"], outfile: join(folder, "single.js"), format: "iife" });
for (const name of RUNTIMES) {
  for (const ending of [".js", ".wasm"]) {
    await copyFile(`node_modules/@litertjs/core/wasm/${name}${ending}`, join(folder, "wasm", name + ending));
  }
}
