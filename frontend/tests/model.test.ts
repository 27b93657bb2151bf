import { expect, test } from "vitest";
import { difference } from "../src/model";

test("what a graphics card says is compared with what the processor says", () => {
  const said = Float32Array.of(3, 4);
  expect(difference(said, said)).toBe(0);
  expect(difference(Float32Array.of(3, 4.05), said)).toBeCloseTo(0.01, 5);
  expect(difference(Float32Array.of(Number.NaN, 4), said)).toBe(Number.POSITIVE_INFINITY);
});
