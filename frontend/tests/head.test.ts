import { expect, test } from "vitest";
import { base64Of, bytesOf, float16Of, half } from "../src/encoding";
import { classHeat, type DenseData, type FeatureMap, Head, pooled } from "../src/head";

const base64OfBits = (bits: number[]): string =>
  btoa(String.fromCharCode(...new Uint8Array(Uint16Array.from(bits).buffer)));

// 1 = 0x3c00, -1 = 0xbc00, 2 = 0x4000, 0 = 0
const layer = (units: number, activation: DenseData["activation"], bits: number[], bias: number[]): DenseData => ({
  units,
  activation,
  kernel: base64OfBits(bits),
  bias: base64Of(Float32Array.from(bias)),
});
const MAP: FeatureMap = { values: Float32Array.of(1, 0, 0, 3, 0, 0, 0, 1), shape: [2, 2, 2] };

test("half precision is read", () => {
  expect([0x3c00, 0xbc00, 0x4000, 0, 0x3555, 1, 0x7bff].map(half)).toEqual([
    1,
    -1,
    2,
    0,
    0.333251953125,
    2 ** -24,
    65504,
  ]);
  expect(half(0x7c00)).toBe(Number.POSITIVE_INFINITY);
  expect(half(0x7e00)).toBeNaN();
  expect([...float16Of(base64OfBits([0x3c00, 0xbc00]))]).toEqual([1, -1]);
  const values = Float32Array.of(1.5, -2, 1e-7);
  expect(new Float32Array(bytesOf(base64Of(values)).buffer as ArrayBuffer)).toEqual(values);
});

test("pooling is the mean of each channel", () => {
  expect([...pooled(MAP, "average")]).toEqual([0.25, 1]);
  expect(pooled(MAP, "flatten")).toBe(MAP.values);
});

test("one unit is two classes that add up to 1", () => {
  const head = new Head("average", [layer(1, "sigmoid", [0, 0x3c00], [-1])]); // channel 1 minus 1
  expect([...head.answer(MAP)]).toEqual([0.5, 0.5]);
});

test("a softmax after a hidden layer", () => {
  const hidden = layer(2, "relu", [0x3c00, 0xbc00, 0x3c00, 0x3c00], [0, 0]); // sums: 1.25 and 0.75
  const head = new Head("average", [hidden, layer(3, "softmax", [0x3c00, 0, 0, 0, 0x3c00, 0], [0, 0, 0])]);
  const shares = [Math.exp(1.25), Math.exp(0.75), 1];
  const total = shares.reduce((all, share) => all + share);
  [...head.answer(MAP)].forEach((share, place) => {
    expect(share).toBeCloseTo(shares[place] / total, 6);
  });
});

test("the heat of one class among the maps of all", () => {
  expect([...classHeat(MAP, 0).values]).toEqual([1, 0, 0, 0]);
  expect(classHeat(MAP, 1)).toEqual({ values: Float32Array.of(0, 1, 0, 1 / 3), height: 2, width: 2 });
});

test("the heat of a class is the map by the weights of the class", () => {
  const head = new Head("average", [layer(1, "sigmoid", [0, 0x3c00], [0])]); // speaks for class 1: channel 1
  head.answer(MAP);
  const heat = head.heat(MAP, 1);
  expect([heat.height, heat.width]).toEqual([2, 2]);
  expect([0, 1, 0, 1 / 3].every((value, place) => Math.abs(heat.values[place] - value) < 1e-6)).toBe(true);
  expect([...head.heat(MAP, 0).values]).toEqual([0, 0, 0, 0]);
});

test("features of another base are refused", () => {
  expect(() => new Head("flatten", [layer(1, "sigmoid", [0, 0x3c00], [0])]).answer(MAP)).toThrow("Expected 2 features");
});
