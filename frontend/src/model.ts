// LiteRT.js: one `.tflite` file with a fixed batch of 1, on the graphics card where there is one, else in WebAssembly.
import { type CompiledModel, getWebGpuDevice, loadAndCompile, loadLiteRt, Tensor } from "@litertjs/core";

/** Why a network cannot run here; the page has a sentence for each. */
export type Reason = "simd" | "runtime" | "file";

export class NetworkError extends Error {
  constructor(
    readonly reason: Reason,
    cause?: unknown,
  ) {
    super(`${reason}: ${cause instanceof Error ? cause.message : String(cause ?? "")}`);
  }
}

export interface Numbers {
  values: Float32Array;
  shape: readonly number[];
}

// A module with one instruction of fixed-width SIMD, which all builds of LiteRT need.
const SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

let runtime: Promise<unknown> | undefined;

async function start(folder: string): Promise<void> {
  if (!WebAssembly.validate(SIMD)) throw new NetworkError("simd");
  runtime ??= load(folder);
  try {
    await runtime;
  } catch (error) {
    runtime = undefined;
    throw new NetworkError("runtime", error);
  }
}

/** What the runtime is told at its start. */
export const runtimeOptions: { printErr: (line: string) => void; wasmBinary?: Uint8Array } = {
  printErr: (line) => console.debug(line), // what it says in passing would stand in the console as errors
};

async function load(folder: string): Promise<unknown> {
  Object.assign(globalThis, { Module: { ...runtimeOptions } });
  return loadLiteRt(folder);
}

/** A network that is loaded. Its tensors are deleted by hand, since WebAssembly's memory has no collector. */
export class Model {
  private constructor(
    private readonly compiled: CompiledModel,
    readonly accelerator: "webgpu" | "wasm",
  ) {}

  /**
   * @param file Content of a `.tflite` file.
   * @param folder Address of LiteRT's own files.
   */
  static async open(file: Uint8Array, folder: string): Promise<Model> {
    await start(folder);
    if (getWebGpuDevice()) {
      try {
        const model = await Model.compile(file, "webgpu");
        await model.run(new Float32Array(model.inputShape.reduce((all, side) => all * side, 1)));
        return model;
      } catch (error) {
        console.warn("The graphics card cannot run this network; WebAssembly does.", error);
      }
    }
    try {
      return await Model.compile(file, "wasm");
    } catch (error) {
      throw new NetworkError("file", error);
    }
  }

  private static async compile(file: Uint8Array, accelerator: "webgpu" | "wasm"): Promise<Model> {
    const compiled = await loadAndCompile(file, { accelerator });
    return new Model(compiled, compiled.options.accelerator === "webgpu" ? "webgpu" : "wasm");
  }

  get inputShape(): number[] {
    return [...this.compiled.getInputDetails()[0].shape];
  }

  async run(values: Float32Array): Promise<Numbers> {
    const input = new Tensor(values, this.inputShape);
    const outputs: Tensor[] = [];
    try {
      outputs.push(...(await this.compiled.run(input)));
      const shape = [...this.compiled.getOutputDetails()[0].shape];
      return { values: Float32Array.from(await outputs[0].data()), shape };
    } finally {
      for (const tensor of [input, ...outputs]) tensor.delete();
    }
  }

  close(): void {
    this.compiled.delete();
  }
}
