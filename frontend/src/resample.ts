// A picture at the size that a network takes, as the server makes it: scaled to cover, cut at the centre, bicubic.

/** Left, top, right and bottom of a part of a picture, in pixels. */
export type Box = readonly [number, number, number, number];

/** For each output: the first input that counts, and the weights of that and the following ones. */
interface Taps {
  first: Int32Array;
  weights: Float64Array;
  count: number;
}

const SUPPORT = 2;
const A = -0.5; // Pillow's bicubic

/** The largest part in the middle of a picture that has the proportions of `outWidth` to `outHeight`. */
export function coverBox(width: number, height: number, outWidth: number, outHeight: number): Box {
  const ratio = outWidth / outHeight;
  const wide = width / height >= ratio;
  const boxWidth = wide ? ratio * height : width;
  const boxHeight = wide ? height : width / ratio;
  const left = (width - boxWidth) / 2;
  const top = (height - boxHeight) / 2;
  return [left, top, left + boxWidth, top + boxHeight];
}

function bicubic(x: number): number {
  const distance = Math.abs(x);
  if (distance < 1) return ((A + 2) * distance - (A + 3)) * distance * distance + 1;
  if (distance < 2) return (((distance - 5) * distance + 8) * distance - 4) * A;
  return 0;
}

/** Weights of a row of `size` inputs of which `from` to `to` become `outSize` outputs; wider where it is made smaller. */
function makeTaps(size: number, from: number, to: number, outSize: number): Taps {
  const scale = (to - from) / outSize;
  const stretch = Math.max(scale, 1);
  const support = SUPPORT * stretch;
  const count = Math.ceil(support * 2) + 1;
  const first = new Int32Array(outSize);
  const weights = new Float64Array(outSize * count);
  for (let out = 0; out < outSize; out++) {
    const center = from + (out + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - support + 0.5));
    const high = Math.min(size, Math.trunc(center + support + 0.5));
    first[out] = low;
    let total = 0;
    for (let place = low; place < high; place++) {
      const weight = bicubic((place - center + 0.5) / stretch);
      weights[out * count + place - low] = weight;
      total += weight;
    }
    for (let tap = 0; tap < high - low; tap++) weights[out * count + tap] /= total;
  }
  return { first, weights, count };
}

const rounded = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : Math.floor(value + 0.5));

/** Makes pictures of one size into such of another; the weights are computed once. */
export class Resampler {
  private readonly across: Taps;
  private readonly down: Taps;
  private readonly rows: Float32Array;

  constructor(
    readonly width: number,
    readonly height: number,
    readonly outWidth: number,
    readonly outHeight: number,
  ) {
    const [left, top, right, bottom] = coverBox(width, height, outWidth, outHeight);
    this.across = makeTaps(width, left, right, outWidth);
    this.down = makeTaps(height, top, bottom, outHeight);
    this.rows = new Float32Array(height * outWidth * 3);
  }

  /** RGBA, one byte each, row by row -> RGB as numbers in [0, 255], row by row. */
  run(pixels: Uint8ClampedArray): Float32Array {
    const { down, rows, height, outWidth, outHeight } = this;
    const end = Math.min(height, down.first[outHeight - 1] + down.count);
    for (let row = down.first[0]; row < end; row++) this.shorten(pixels, row);
    const result = new Float32Array(outHeight * outWidth * 3);
    const line = outWidth * 3;
    const sums = new Float32Array(line);
    for (let out = 0; out < outHeight; out++) {
      sums.fill(0);
      const last = Math.min(down.count, height - down.first[out]);
      for (let tap = 0; tap < last; tap++) {
        const weight = down.weights[out * down.count + tap];
        const start = (down.first[out] + tap) * line;
        if (weight !== 0) for (let place = 0; place < line; place++) sums[place] += weight * rows[start + place];
      }
      for (let place = 0; place < line; place++) result[out * line + place] = rounded(sums[place]);
    }
    return result;
  }

  /** One row of the picture, at its new width. */
  private shorten(pixels: Uint8ClampedArray, row: number): void {
    const { rows, width, outWidth } = this;
    const { first, weights, count } = this.across;
    let target = row * outWidth * 3;
    for (let out = 0; out < outWidth; out++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let place = (row * width + first[out]) * 4;
      const start = out * count;
      const end = start + Math.min(count, width - first[out]);
      for (let tap = start; tap < end; tap++, place += 4) {
        const weight = weights[tap];
        red += weight * pixels[place];
        green += weight * pixels[place + 1];
        blue += weight * pixels[place + 2];
      }
      rows[target++] = rounded(red);
      rows[target++] = rounded(green);
      rows[target++] = rounded(blue);
    }
  }
}
