// A network that runs in this browser, frame after frame of a video, and how its answers are drawn.
const PACED = 20; // frames that the rate is the mean of

const percent = share => share.toLocaleString(document.documentElement.lang || "en",
  { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// Frames a second, and the usual time from a picture to its answer.
class Pace {
  constructor() { this.clear(); }

  clear() { this.ends = []; this.spans = []; }

  add(startMs) {
    const now = performance.now();
    this.ends = [...this.ends, now].slice(-PACED - 1);
    this.spans = [...this.spans, now - startMs].slice(-PACED);
  }

  get rate() {
    const span = this.ends.at(-1) - this.ends[0];
    return span > 0 ? 1000 * (this.ends.length - 1) / span : 0;
  }

  get ms() { return this.spans.toSorted((a, b) => a - b)[this.spans.length >> 1] ?? 0; }
}

// Runs the network on the video of a `CameraStream`, as fast as both go.
class Runner {
  // The module that is built of `frontend/`; this script has no address of its own, so that one is made whole.
  static module(runtime) { return import(new URL(`${runtime}network.js`, location.href).href); }

  constructor(video, onLook, onFault) {
    this.video = video;
    this.onLook = onLook;
    this.onFault = onFault;
    this.network = this.wanted = null;
    this.pace = new Pace();
    this.pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  }

  // `parts` and `runtime` as Python gives them; resolves when the network is there or has failed.
  async load(id, parts, runtime) {
    this.wanted = id;
    try {
      const { Network } = await Runner.module(runtime);
      const network = await Network.open(parts, `${runtime}wasm/`);
      if (this.wanted !== id) return network.close();
      this.network?.close();
      this.network = network;
    } catch (error) {
      if (this.wanted === id) this.onFault(error.reason ?? "runtime");
    }
  }

  async run(isOpen) {
    if (this.runs) return;
    this.runs = true;
    this.pace.clear();
    try {
      for (let next = this.frame(); isOpen() && this.network;) {
        const shownMs = await next;
        next = this.frame();
        if (!isOpen() || !this.network || !this.video.videoWidth) continue;
        if (await this.looked(this.network)) this.pace.add(shownMs);
      }
    } finally {
      this.runs = false;
    }
  }

  // Whether the network has answered; one that was put aside meanwhile need not.
  async looked(network) {
    const { videoWidth, videoHeight } = this.video;
    Object.assign(this.pen.canvas, { width: videoWidth, height: videoHeight });
    this.pen.drawImage(this.video, 0, 0);
    try {
      const look = await network.look(this.pen);
      if (network === this.network) await this.onLook(look, this.pen);
      return true;
    } catch (error) {
      if (network !== this.network) return false;
      console.warn(error);
      this.close();
      this.onFault(error.reason ?? "runtime");
      return false;
    }
  }

  // When the camera took the next picture, in milliseconds of the page's clock.
  frame() {
    return new Promise(resolve => {
      if (!this.video.requestVideoFrameCallback) return setTimeout(() => resolve(performance.now()), 30);
      const waited = setTimeout(() => resolve(performance.now()), 500); // a stream that has ended shows no more
      this.video.requestVideoFrameCallback((now, { captureTime }) => {
        clearTimeout(waited);
        resolve(captureTime ?? now);
      });
    });
  }

  close() {
    this.wanted = null;
    this.network?.close();
    this.network = null;
  }
}

// The likeliest classes as bars: [[name, share], ...], the best first.
function drawBars(list, answers) {
  while (list.children.length > answers.length) list.lastChild.remove();
  while (list.children.length < answers.length) {
    const row = element("li", "answer", list);
    element("span", "of", row);
    element("span", "bar", element("span", "track", row));
    element("span", "share", row);
  }
  answers.forEach(([name, share], place) => {
    const [of, track, said] = list.children[place].children;
    of.textContent = name;
    track.firstChild.style.width = `${100 * share}%`;
    said.textContent = percent(share);
  });
}

// The likeliest of all classes, as `drawBars` takes them.
function likeliest(probabilities, names, most) {
  return Array.from(probabilities, (share, index) => [names[index] ?? `${index}`, share, index])
    .sort((one, other) => other[1] - one[1]).slice(0, most);
}

// The middle of a picture, as large as fits into a square.
function drawSquare(canvas, source) {
  const side = Math.min(source.width, source.height);
  canvas.width = canvas.height = side;
  const left = (source.width - side) / 2, top = (source.height - side) / 2;
  canvas.getContext("2d").drawImage(source, left, top, side, side, 0, 0, side, side);
}

// Where a class is seen, over the picture: amber, the more the stronger.
function drawHeat(canvas, heat) {
  canvas.hidden = !heat;
  if (!heat) return;
  canvas.width = heat.width;
  canvas.height = heat.height;
  const pixels = new ImageData(heat.width, heat.height);
  heat.values.forEach((value, place) => pixels.data.set([255, 170, 0, 210 * value], 4 * place));
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}
