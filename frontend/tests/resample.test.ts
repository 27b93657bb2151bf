import { expect, test } from "vitest";
import { coverBox, Resampler } from "../src/resample";

// ImageOps.fit(Image.fromarray(pixels), (4, 4), Image.Resampling.BICUBIC), where pixels[row, column] =
// [row * 23 % 256, column * 37 % 256, row * column * 11 % 256], 9 high and 12 wide.
const PILLOW = [
  16, 74, 15, 16, 174, 33, 16, 102, 57, 16, 66, 78, 65, 74, 63, 65, 174, 140, 65, 102, 139, 65, 66, 120, 119, 74, 121,
  119, 174, 125, 119, 102, 103, 119, 66, 133, 168, 74, 128, 168, 174, 106, 168, 102, 115, 168, 66, 98,
];

test("the largest part in the middle is taken", () => {
  expect(coverBox(640, 480, 150, 150)).toEqual([80, 0, 560, 480]);
  expect(coverBox(480, 640, 150, 150)).toEqual([0, 80, 480, 560]);
  expect(coverBox(100, 100, 200, 100)).toEqual([0, 25, 100, 75]);
});

test("a picture becomes what Pillow makes of it", () => {
  const pixels = new Uint8ClampedArray(9 * 12 * 4);
  for (let row = 0; row < 9; row++) {
    for (let column = 0; column < 12; column++) {
      pixels.set([(row * 23) % 256, (column * 37) % 256, (row * column * 11) % 256, 255], (row * 12 + column) * 4);
    }
  }
  const made = new Resampler(12, 9, 4, 4).run(pixels);
  expect(made.length).toBe(PILLOW.length);
  PILLOW.forEach((value, place) => {
    expect(Math.abs(made[place] - value)).toBeLessThanOrEqual(1);
  });
});
