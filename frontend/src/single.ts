// The script of the one HTML file that a person takes home: the network is inside, and no connection is needed.
import { bytesOf } from "./encoding";
import { Model, NetworkError, runtimeOptions } from "./model";
import { Resampler } from "./resample";

/** What the file says of its network, see `tlcore.export.single_file`. */
interface Facts {
  classes: string[];
  words: { answer: string; camera: string; stop: string; refused: string; unreadable: string; cannot: string };
}

/** LiteRT asks for a script that makes its factory. That one stands in the file, so an empty one is named to it. */
const EMPTY_SCRIPT = "data:text/javascript,0//.js";
const SHOWN = 5;
/** More than some browsers can draw on: a larger photo is drawn smaller first. */
const MOST_PIXELS = 16_000_000;

const byId = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const textOf = (id: string): string => byId(id).textContent?.trim() ?? "";
const facts = JSON.parse(textOf("facts")) as Facts;
const status = byId("status");

/** A packed part of this file: gzip, as base64. */
async function unpacked(id: string): Promise<Uint8Array> {
  const packed = new Blob([bytesOf(textOf(id)) as Uint8Array<ArrayBuffer>]);
  const stream = packed.stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function opened(): Promise<Model> {
  runtimeOptions.wasmBinary = await unpacked("runtime"); // else it would be fetched, which a file on a disk may not
  return Model.open(await unpacked("network"), EMPTY_SCRIPT);
}

/** One output is the probability of the second of two classes. */
function spelledOut(outputs: Float32Array): number[] {
  return outputs.length === 1 ? [1 - outputs[0], outputs[0]] : [...outputs];
}

function show(probabilities: number[]): void {
  const order = probabilities.map((_, place) => place).sort((one, other) => probabilities[other] - probabilities[one]);
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", minimumFractionDigits: 1 });
  byId("answers").replaceChildren(
    ...order.slice(0, SHOWN).map((place) => {
      const row = document.createElement("li");
      const bar = document.createElement("meter");
      bar.value = probabilities[place];
      bar.setAttribute("aria-label", facts.classes[place]);
      row.append(`${facts.classes[place]} `, bar, ` ${percent.format(probabilities[place])}`);
      row.dataset.probability = String(probabilities[place]);
      return row;
    }),
  );
}

class Page {
  private readonly canvas = document.createElement("canvas");
  private resampler: Resampler | undefined;
  private readonly shown = byId<HTMLCanvasElement>("shown");
  private readonly video = document.createElement("video");
  private readonly button = byId<HTMLButtonElement>("camera");
  private stream: MediaStream | null = null;

  constructor(private readonly model: Model) {
    this.video.muted = true;
    this.video.playsInline = true;
    const box = byId<HTMLInputElement>("photo");
    box.addEventListener("change", () => {
      const file = box.files?.[0];
      box.value = ""; // the same file may be chosen again
      if (file) void this.photo(file);
    });
    this.button.addEventListener("click", () => void (this.stream ? this.stop() : this.start()));
  }

  private async ask(picture: CanvasImageSource, width: number, height: number): Promise<void> {
    const larger = Math.max(1, Math.max(width, height) / 640);
    this.shown.width = Math.round(width / larger);
    this.shown.height = Math.round(height / larger);
    this.shown.getContext("2d")?.drawImage(picture, 0, 0, this.shown.width, this.shown.height);
    const [answer] = await this.model.run(this.pixels(picture, width, height));
    show(spelledOut(answer.values));
  }

  /** RGB in [0, 255] at the network's size; transparent parts lie on white. */
  private pixels(picture: CanvasImageSource, fullWidth: number, fullHeight: number): Float32Array {
    const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (fullWidth * fullHeight)));
    const width = Math.max(1, Math.round(fullWidth * scale));
    const height = Math.max(1, Math.round(fullHeight * scale));
    const [, outHeight, outWidth] = this.model.inputShape;
    if (this.resampler?.width !== width || this.resampler.height !== height) {
      this.resampler = new Resampler(width, height, outWidth, outHeight);
      Object.assign(this.canvas, { width, height });
    }
    const pen = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!pen) throw new Error("no canvas");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(picture, 0, 0, width, height);
    return this.resampler.run(pen.getImageData(0, 0, width, height).data);
  }

  private async photo(file: File): Promise<void> {
    this.stop();
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      await this.ask(picture, picture.width, picture.height);
      picture.close();
      status.textContent = facts.words.answer;
    } catch {
      status.textContent = facts.words.unreadable;
    }
  }

  private async start(): Promise<void> {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      status.textContent = facts.words.refused;
      return;
    }
    this.video.srcObject = this.stream;
    await this.video.play();
    this.button.textContent = facts.words.stop;
    status.textContent = facts.words.answer;
    while (this.stream?.active) {
      await this.ask(this.video, this.video.videoWidth, this.video.videoHeight);
      await new Promise((done) => requestAnimationFrame(done));
    }
    this.stop();
  }

  private stop(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.button.textContent = facts.words.camera;
  }
}

opened().then(
  (model) => {
    new Page(model);
    document.body.dataset.ready = "true";
    status.textContent = "";
  },
  (error: unknown) => {
    status.textContent = facts.words.cannot;
    console.error(error instanceof NetworkError ? error.message : error);
  },
);
