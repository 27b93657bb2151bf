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
    let processor: Model;
    try {
      processor = await Model.compile(file, "wasm");
    } catch (error) {
      throw new NetworkError("file", error);
    }
    return getWebGpuDevice() ? Model.faster(file, processor) : processor;
  }

  /** The network on the graphics card, where that says the same as the processor, and sooner. */
  private static async faster(file: Uint8Array, processor: Model): Promise<Model> {
    try {
      const card = await Model.compile(file, "webgpu");
      if (card.accelerator === "webgpu" && (await isBetter(card, processor))) {
        processor.close();
        return card;
      }
      card.close();
    } catch (error) {
      console.warn("The graphics card cannot run this network; WebAssembly does.", error);
    }
    return processor;
  }

  private static async compile(file: Uint8Array, accelerator: "webgpu" | "wasm"): Promise<Model> {
    const compiled = await loadAndCompile(file, { accelerator, gpuOptions: { precision: "fp32" } });
    return new Model(compiled, compiled.options.accelerator === "webgpu" ? "webgpu" : "wasm");
  }

  get inputShape(): number[] {
    return [...this.compiled.getInputDetails()[0].shape];
  }

  /** All outputs, in the order of the file. */
  async run(values: Float32Array): Promise<Numbers[]> {
    const input = new Tensor(values, this.inputShape);
    const outputs: Tensor[] = [];
    try {
      outputs.push(...(await this.compiled.run(input)));
      const details = this.compiled.getOutputDetails();
      const numbers: Numbers[] = [];
      for (const [place, output] of outputs.entries()) {
        numbers.push({ values: Float32Array.from(await output.data()), shape: [...details[place].shape] });
      }
      return numbers;
    } finally {
      for (const tensor of [input, ...outputs]) tensor.delete();
    }
  }

  close(): void {
    this.compiled.delete();
  }
}

const TRIES = 3;
/** Largest difference to the processor, of the size of what it says. */
const SAME = 1e-2;

async function isBetter(card: Model, processor: Model): Promise<boolean> {
  const length = card.inputShape.reduce((all, side) => all * side, 1);
  const noise = Float32Array.from({ length }, (_, place) => (place * 7919) % 256);
  const [ours, theirs] = [await card.run(noise), await processor.run(noise)];
  const apart = Math.max(...theirs.map(({ values }, place) => difference(ours[place].values, values)));
  const [cardMs, processorMs] = [await fastest(card, noise), await fastest(processor, noise)];
  console.debug(`Graphics card: ${cardMs.toFixed(1)} ms, ${apart} apart; processor: ${processorMs.toFixed(1)} ms.`);
  return apart < SAME && cardMs < processorMs;
}

/** ||one - other|| / ||other||; infinite where one is no number. */
export function difference(one: Float32Array, other: Float32Array): number {
  let apart = 0;
  let size = 0;
  for (let place = 0; place < other.length; place++) {
    apart += (one[place] - other[place]) ** 2;
    size += other[place] ** 2;
  }
  const relative = Math.sqrt(apart / Math.max(size, 1e-30));
  return Number.isFinite(relative) ? relative : Number.POSITIVE_INFINITY;
}

/** Milliseconds of the fastest of several runs. */
async function fastest(model: Model, values: Float32Array): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < TRIES; run++) {
    const startMs = performance.now();
    await model.run(values);
    best = Math.min(best, performance.now() - startMs);
  }
  return best;
}
