// A trained network that answers in the browser: no picture leaves the device.
import { base64Of, bytesOf } from "./encoding";
import { classHeat, type DenseData, type FeatureMap, Head, type Heat, type Pooling, pooled } from "./head";
import { Model, NetworkError, type Numbers } from "./model";
import { Resampler } from "./resample";

export { base64Of, NetworkError };

/** What a network is made of, see `tlcore.export.browser`. */
export interface Parts {
  /** Address of the part that is the same for everybody; "" where all of it was trained. */
  base: string;
  /** A `.tflite` file as base64: what was trained of the base; "" where that is nothing. */
  private: string;
  /** "" where the file gives probabilities by itself. */
  pooling: Pooling | "";
  dense: DenseData[];
}

/** What the network makes of one frame. */
export interface Look {
  /** Of each class; null before there is a head. */
  probabilities: Float32Array | null;
  /** The numbers that a head on pooled features reads. */
  features: Float32Array | null;
  map: FeatureMap | null;
  /** Of a base with its own classes: for each of them, what in each part of the picture speaks for it. */
  classMaps: FeatureMap | null;
}

function mapAmong(outputs: readonly Numbers[]): FeatureMap | null {
  const found = outputs.find(({ shape }) => shape.length === 4);
  return found ? { values: found.values, shape: [found.shape[1], found.shape[2], found.shape[3]] } : null;
}

export class Network {
  private resampler: Resampler | undefined;

  private constructor(
    private readonly models: Model[],
    private head: Head | null,
  ) {}

  /**
   * @param parts Of the network.
   * @param folder Address of LiteRT's own files.
   */
  static async open(parts: Parts, folder: string): Promise<Network> {
    const files: Uint8Array[] = [];
    if (parts.base) files.push(await download(parts.base));
    if (parts.private) files.push(bytesOf(parts.private));
    const models: Model[] = [];
    for (const file of files) models.push(await Model.open(file, folder));
    const network = new Network(models, null);
    if (parts.pooling && parts.dense.length) network.learn(parts.pooling, parts.dense);
    return network;
  }

  get accelerator(): "webgpu" | "wasm" {
    return this.models[0].accelerator;
  }

  /** Takes a head, in place of the one it had. */
  learn(pooling: Pooling, dense: DenseData[]): void {
    this.head = new Head(pooling, dense);
  }

  /** Runs a picture that was drawn on a canvas. */
  async look(pen: CanvasRenderingContext2D): Promise<Look> {
    let outputs: Numbers[] = [{ values: this.pixels(pen), shape: [] }];
    for (const model of this.models) outputs = await model.run(outputs[0].values);
    const map = mapAmong(outputs);
    const probabilities = outputs.find(({ shape }) => shape.length !== 4)?.values;
    if (probabilities) return { probabilities, features: null, map: null, classMaps: map };
    if (!map) throw new NetworkError("file", "no output");
    const answer = this.head?.answer(map) ?? null;
    return { probabilities: answer, features: pooled(map, "average"), map, classMaps: null };
  }

  /** Where the last look sees a class; null where nothing tells it, as a map of one place does not. */
  heat(look: Look, classIndex: number): Heat | null {
    const [height, width] = (look.classMaps ?? look.map)?.shape ?? [1, 1];
    if (height * width === 1) return null;
    if (look.classMaps) return classHeat(look.classMaps, classIndex);
    return look.map && this.head ? this.head.heat(look.map, classIndex) : null;
  }

  close(): void {
    for (const model of this.models) model.close();
  }

  private pixels(pen: CanvasRenderingContext2D): Float32Array {
    const { width, height } = pen.canvas;
    const [, outHeight, outWidth] = this.models[0].inputShape;
    if (this.resampler?.width !== width || this.resampler.height !== height) {
      this.resampler = new Resampler(width, height, outWidth, outHeight);
    }
    return this.resampler.run(pen.getImageData(0, 0, width, height).data);
  }
}

async function download(address: string): Promise<Uint8Array> {
  let answer: Response;
  try {
    answer = await fetch(address);
  } catch (error) {
    throw new NetworkError("file", error);
  }
  if (!answer.ok) throw new NetworkError("file", answer.status);
  return new Uint8Array(await answer.arrayBuffer());
}
