// A trained network that answers in the browser: no picture leaves the device.
import { base64Of, bytesOf } from "./encoding";
import { type DenseData, type FeatureMap, Head, type Heat, type Pooling, pooled } from "./head";
import { Model, NetworkError } from "./model";
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
}

const isMap = (shape: readonly number[]): boolean => shape.length === 4;

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
    let values = this.pixels(pen);
    let shape: readonly number[] = [];
    for (const model of this.models) ({ values, shape } = await model.run(values));
    if (!isMap(shape)) return { probabilities: values, features: null, map: null };
    const map: FeatureMap = { values, shape: [shape[1], shape[2], shape[3]] };
    return { probabilities: this.head?.answer(map) ?? null, features: pooled(map, "average"), map };
  }

  /** Where the last look sees a class; null where the network has no head to ask. */
  heat(look: Look, classIndex: number): Heat | null {
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
