// The lecture's dense head, in plain arithmetic: forward for the answer, backward for where it comes from.
import { float16Of, float32Of } from "./encoding";

export type Activation = "relu" | "sigmoid" | "softmax";
export type Pooling = "average" | "flatten";

/** A dense layer as it travels: `kernel` is float16, inputs by units; `bias` float32. */
export interface DenseData {
  units: number;
  activation: Activation;
  kernel: string;
  bias: string;
}

interface Dense {
  inputs: number;
  units: number;
  activation: Activation;
  kernel: Float32Array;
  bias: Float32Array;
}

/** The base's last feature map: `shape` is height, width, channels. */
export interface FeatureMap {
  values: Float32Array;
  shape: readonly [number, number, number];
}

/** Which part of the picture speaks for a class, each in [0, 1]. */
export interface Heat {
  values: Float32Array;
  height: number;
  width: number;
}

/** What goes into the first dense layer: the mean of each channel, or all numbers. */
export function pooled(map: FeatureMap, pooling: Pooling): Float32Array {
  if (pooling === "flatten") return map.values;
  const [height, width, channels] = map.shape;
  const means = new Float32Array(channels);
  for (let place = 0; place < map.values.length; place++) means[place % channels] += map.values[place];
  for (let channel = 0; channel < channels; channel++) means[channel] /= height * width;
  return means;
}

/** One unit is the probability of class 1; spelled out it is two classes. */
function spelledOut(outputs: Float32Array): Float32Array {
  return outputs.length === 1 ? Float32Array.of(1 - outputs[0], outputs[0]) : outputs;
}

function activate(sums: Float32Array, activation: Activation): Float32Array {
  if (activation === "relu") return sums.map((sum) => Math.max(0, sum));
  if (activation === "sigmoid") return sums.map((sum) => 1 / (1 + Math.exp(-sum)));
  const highest = sums.reduce((most, sum) => Math.max(most, sum), Number.NEGATIVE_INFINITY);
  const shares = sums.map((sum) => Math.exp(sum - highest));
  const total = shares.reduce((all, share) => all + share, 0);
  return shares.map((share) => share / total);
}

export class Head {
  private readonly layers: Dense[];
  private outputs: Float32Array[] = [];

  constructor(
    readonly pooling: Pooling,
    layers: readonly DenseData[],
  ) {
    this.layers = layers.map(({ units, activation, kernel, bias }) => {
      const values = float16Of(kernel);
      return { inputs: values.length / units, units, activation, kernel: values, bias: float32Of(bias) };
    });
  }

  /** Probability of each class. */
  answer(map: FeatureMap): Float32Array {
    let values = pooled(map, this.pooling);
    this.outputs = this.layers.map((layer) => {
      if (values.length !== layer.inputs) throw new Error(`Expected ${layer.inputs} features, not ${values.length}.`);
      values = forward(layer, values);
      return values;
    });
    return spelledOut(values);
  }

  /**
   * Grad-CAM of the map that was answered to last. For a pooled head without a hidden layer this is the class activation
   * map: the product of the feature map and the weights of the class.
   */
  heat(map: FeatureMap, classIndex: number): Heat {
    const [height, width, channels] = map.shape;
    const gradient = this.gradient(classIndex);
    const weights = new Float32Array(channels); // the mean over all positions, up to a factor that is scaled away
    for (let place = 0; place < gradient.length; place++) weights[place % channels] += gradient[place];
    const values = new Float32Array(height * width);
    for (let place = 0; place < map.values.length; place++) {
      values[Math.trunc(place / channels)] += map.values[place] * weights[place % channels];
    }
    return shown(values, height, width);
  }

  /** How the score of a class, before the last activation, changes with what went into the first layer. */
  private gradient(classIndex: number): Float32Array {
    const last = this.layers[this.layers.length - 1];
    let gradient = new Float32Array(last.units);
    if (last.units === 1) gradient[0] = classIndex === 0 ? -1 : 1;
    else gradient[classIndex] = 1;
    for (let number = this.layers.length - 1; number >= 0; number--) {
      const layer = this.layers[number];
      if (number < this.layers.length - 1) {
        const outputs = this.outputs[number];
        gradient = gradient.map((value, unit) => (outputs[unit] > 0 ? value : 0)); // ReLU
      }
      gradient = backward(layer, gradient);
    }
    return gradient;
  }
}

/** The map of one class among those of all. */
export function classHeat(maps: FeatureMap, classIndex: number): Heat {
  const [height, width, classes] = maps.shape;
  return shown(
    maps.values.filter((_, place) => place % classes === classIndex),
    height,
    width,
  );
}

/** What speaks for a class, the strongest as 1; what speaks against it as 0. */
function shown(values: Float32Array, height: number, width: number): Heat {
  const highest = values.reduce((most, value) => Math.max(most, value), 0);
  return { values: values.map((value) => (highest > 0 ? Math.max(0, value) / highest : 0)), height, width };
}

function forward({ units, activation, kernel, bias }: Dense, values: Float32Array): Float32Array {
  const sums = bias.slice();
  for (let input = 0; input < values.length; input++) {
    const value = values[input];
    if (value === 0) continue;
    for (let unit = 0, place = input * units; unit < units; unit++, place++) sums[unit] += value * kernel[place];
  }
  return activate(sums, activation);
}

function backward({ inputs, units, kernel }: Dense, gradient: Float32Array): Float32Array<ArrayBuffer> {
  const below = new Float32Array(inputs);
  for (let input = 0; input < inputs; input++) {
    let sum = 0;
    for (let unit = 0, place = input * units; unit < units; unit++, place++) sum += gradient[unit] * kernel[place];
    below[input] = sum;
  }
  return below;
}
