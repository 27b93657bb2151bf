// Numbers as they travel: base64 of float32 or float16, little-endian.

export function bytesOf(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place++) bytes[place] = text.charCodeAt(place);
  return bytes;
}

export function float32Of(base64: string): Float32Array {
  return new Float32Array(bytesOf(base64).buffer as ArrayBuffer);
}

/** What the bits of a half-precision number mean. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let table: Float32Array | undefined;

export function float16Of(base64: string): Float32Array {
  table ??= Float32Array.from({ length: 0x10000 }, (_, bits) => half(bits));
  const bits = new Uint16Array(bytesOf(base64).buffer as ArrayBuffer);
  const values = new Float32Array(bits.length);
  for (let place = 0; place < bits.length; place++) values[place] = table[bits[place]];
  return values;
}

export function base64Of(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(text);
}
