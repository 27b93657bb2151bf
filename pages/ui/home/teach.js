// Two classes to hold up to the camera. This browser computes their features; a head learns from them on the server.
const ENOUGH = 15, MOST_FRAMES = 60, EVERY_MS = 90, LEAST_SURE = 60;

class Teach {
  constructor(root) {
    this.root = root;
    this.samples = [[], []];
    const view = element("div", "view", root);
    const stage = element("div", "stage", view);
    this.video = element("video", "", stage, { muted: true, playsInline: true });
    this.says = element("p", "says", view);
    this.says.setAttribute("role", "status");
    const buttons = element("div", "row", view);
    this.opener = element("button", "primary", buttons, { type: "button", onclick: () => this.stream.open() });
    this.turner = element("button", "", buttons, { type: "button", onclick: () => this.stream.turn() });
    this.closer = element("button", "", buttons, { type: "button", onclick: () => this.stream.close() });
    const side = element("div", "side", root);
    this.cards = [0, 1].map(label => this.newCard(label, side));
    this.strip = element("canvas", "strip", side, { width: 1, height: 1, hidden: true });
    this.strip.setAttribute("role", "img");
    this.sentence = element("p", "sentence", side);
    this.bars = element("ul", "bars", side);
    this.pacer = element("p", "pace", side);
    this.fault = element("p", "fault", side);
    this.fault.setAttribute("role", "alert");
    this.stream = new CameraStream(this.video, () => { this.held = null; this.go(); });
    this.runner = new Runner(this.video, look => this.looked(look), reason => { this.reason = reason; this.draw(); });
  }

  newCard(label, side) {
    const row = element("div", "row", side);
    const card = {
      name: element("input", "name", row, { type: "text", maxLength: 40 }),
      hold: element("button", "hold", row, { type: "button" }),
      count: element("span", "count", row),
    };
    holdable(card.hold, () => this.held === label, () => this.hold(label), () => this.release());
    return card;
  }

  end() {
    this.stream.close();
    this.runner.close();
  }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.trigger = setTriggerValue;
    this.cards.forEach((card, label) => { card.name.value ||= data.words.names[label]; });
    if (data.head && data.head.id === this.asked) {
      this.runner.network?.learn("average", data.head.dense);
      this.root.dataset.learned = this.asked;
      this.asked = null;
    }
    if (data.fault) this.asked = null;
    this.take(data.network);
    this.draw();
  }

  async take({ id, parts }) {
    if (id === this.id) return;
    this.id = id;
    await this.runner.load(id, parts, this.data.runtime);
    this.go();
  }

  go() {
    this.draw();
    if (this.stream.isOpen) this.runner.run(() => this.stream.isOpen);
  }

  // ---- teaching

  hold(label) {
    if (this.ready) this.held = label;
    this.draw();
  }

  release() {
    this.held = null;
    if (this.samples.every(rows => rows.length >= ENOUGH)) this.learn();
    this.draw();
  }

  async learn() {
    const total = this.samples.flat().length;
    if (this.asked || total === this.learned) return;
    this.learned = total;
    const { base64Of } = await Runner.module(this.data.runtime);
    const rows = this.samples.flat();
    const features = new Float32Array(rows.length * rows[0].length);
    rows.forEach((row, place) => features.set(row, place * row.length));
    this.asked = `${total}`;
    this.trigger("taught", {
      id: this.asked, features: base64Of(features),
      labels: this.samples.flatMap((kept, label) => kept.map(() => label)),
    });
    this.draw();
  }

  looked({ features, probabilities }) {
    this.drawStrip(features);
    const kept = this.samples[this.held], now = performance.now();
    if (kept && kept.length < MOST_FRAMES && now - (this.keptAt ?? 0) >= EVERY_MS) {
      kept.push(features);
      this.keptAt = now;
      this.draw();
    }
    if (!probabilities) return;
    const { words } = this.data;
    const answers = likeliest(probabilities, this.cards.map(card => card.name.value), 2);
    const [name, share] = answers[0];
    this.sentence.textContent = filled(100 * share < LEAST_SURE ? words.unsure : words.says,
      { name, share: percent(share) });
    drawBars(this.bars, answers);
    const { pace, network } = this.runner;
    this.pacer.textContent = filled(words.pace,
      { rate: pace.rate.toFixed(0), ms: pace.ms.toFixed(0), where: words.where[network.accelerator] });
    Object.assign(this.root.dataset, { rate: pace.rate.toFixed(2), ms: pace.ms.toFixed(2) });
  }

  // ---- the screen

  get ready() { return this.stream.isOpen && Boolean(this.runner.network); }

  drawStrip(features) {
    if (this.strip.width !== features.length) this.strip.width = features.length;
    this.strip.hidden = false;
    const highest = features.reduce((most, value) => Math.max(most, value), 1e-6);
    const pixels = new ImageData(features.length, 1);
    features.forEach((value, place) => pixels.data.set([11, 110, 110, 255 * Math.sqrt(Math.max(0, value) / highest)],
      4 * place));
    this.strip.getContext("2d").putImageData(pixels, 0, 0);
  }

  draw() {
    if (!this.data) return;
    const { words, fault } = this.data;
    const { state, isOpen } = this.stream;
    this.root.dataset.state = state;
    this.video.classList.toggle("mirrored", this.stream.isFront);
    this.video.setAttribute("aria-label", words.picture);
    this.strip.setAttribute("aria-label", words.strip);
    const waits = isOpen && !this.runner.network && !this.reason;
    this.says.textContent = !isOpen ? words.states[state] : waits ? words.loading : this.asked ? words.learning : "";
    this.opener.textContent = words.open;
    this.opener.hidden = isOpen || state === "asking";
    this.turner.textContent = words.turn;
    this.turner.hidden = !isOpen || (this.stream.cameras?.length ?? 0) < 2;
    this.closer.textContent = words.close;
    this.closer.hidden = !isOpen;
    this.fault.textContent = fault || (this.reason ? words.faults[this.reason] : "");
    this.bars.setAttribute("aria-label", words.answers);
    this.cards.forEach((card, label) => {
      const count = this.samples[label].length, on = this.held === label;
      card.name.setAttribute("aria-label", words.name);
      card.hold.textContent = on ? words.holding : words.hold;
      card.hold.setAttribute("aria-label", `${words.hold}: ${card.name.value}`);
      card.hold.setAttribute("aria-pressed", String(on));
      card.hold.disabled = !this.ready;
      card.hold.classList.toggle("primary", count < ENOUGH);
      card.count.textContent = filled(count < ENOUGH ? words.few : words.count, { count, enough: ENOUGH });
    });
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".live");
  root.teach ??= new Teach(root);
  root.teach.update(component);
  return () => setTimeout(() => root.isConnected || root.teach.end());
}
