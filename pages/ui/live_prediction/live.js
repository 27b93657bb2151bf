// The camera and what the network says, in this browser, or by the server, which gets one frame after the other.
const MOST = 5, BESIDE = 3, SERVER_SIDE = 224, FROZEN_SIDE = 480, AGAIN_MS = 8000, SPEAK_MS = 3000;

class Live {
  constructor(root) {
    this.root = root;
    this.id = this.reason = this.sent = null;
    this.pace = new Pace();
    const view = element("div", "view", root);
    const stage = element("div", "stage", view);
    this.video = element("video", "", stage, { muted: true, playsInline: true });
    this.heat = element("canvas", "heat", stage, { hidden: true });
    this.says = element("p", "says", view);
    this.says.setAttribute("role", "status");
    const buttons = element("div", "row", view);
    this.opener = element("button", "primary", buttons, { type: "button", onclick: () => this.stream.open() });
    this.freezer = element("button", "primary", buttons, { type: "button", onclick: () => this.freeze() });
    this.turner = element("button", "", buttons, { type: "button", onclick: () => this.stream.turn() });
    this.closer = element("button", "", buttons, { type: "button", onclick: () => this.stream.close() });
    const side = element("div", "side", root);
    this.sentence = element("p", "sentence", side);
    this.bars = element("ul", "bars", side);
    this.besides = element("p", "besides", side);
    this.other = element("ul", "bars", side);
    const label = element("label", "wish", side);
    this.wish = element("input", "", label, { type: "checkbox", checked: true });
    this.wishes = element("span", "", label);
    this.pacer = element("p", "pace", side);
    this.fault = element("p", "fault", side);
    this.fault.setAttribute("role", "alert");
    this.spoken = element("p", "spoken", side);
    this.spoken.setAttribute("aria-live", "polite");
    this.stream = new CameraStream(this.video, () => this.go());
    this.runner = new Runner(this.video, (look, pen) => this.looked(look, pen), reason => this.failed(reason));
    this.second = new Runner(this.video, () => {}, reason => this.failed(reason));  // looks at what the first one saw
  }

  end() {
    this.stream.close();
    this.runner.close();
    this.second.close();
    clearTimeout(this.again);
  }

  update({ data, setTriggerValue }) {
    const moved = this.data && this.data.where !== data.where;
    this.data = data;
    this.trigger = setTriggerValue;
    if (moved) this.forget();
    this.compare(data.beside);
    if (data.where === "browser") this.take(data.network);
    else if (data.answer?.frame === this.sent) this.answered(data.answer);
    this.go();
  }

  forget() {
    this.runner.close();
    this.id = this.reason = this.sent = null;
    drawBars(this.bars, []);
    drawHeat(this.heat, null);
    this.sentence.textContent = this.pacer.textContent = "";
    delete this.root.dataset.by;
  }

  // ---- in this browser

  compare(beside) {
    if (this.second.wanted === (beside?.network.id ?? null)) return;
    this.second.close();
    drawBars(this.other, []);
    if (beside) this.second.load(beside.network.id, beside.network.parts, this.data.runtime);
  }

  async take({ id, parts }) {
    if (id === this.id) return;
    if (!parts) return this.trigger("held", "");  // the server believes that it has been here
    this.id = id;
    this.reason = null;
    this.draw();
    await this.runner.load(id, parts, this.data.runtime);
    if (this.id !== id) return;
    if (this.runner.network) this.trigger("held", id);
    this.go();
  }

  async looked(look, pen) {
    if (!look.probabilities) return;
    const answers = likeliest(look.probabilities, this.data.classes, MOST);
    const wished = this.wish.checked && look.map;
    this.wish.parentElement.hidden = !look.map;
    drawHeat(this.heat, wished ? this.runner.network.heat(look, answers[0][2]) : null);
    this.show(answers, this.runner.pace, this.runner.network.accelerator);
    const { network } = this.second, { beside } = this.data;
    if (!network || !beside) return;
    const { probabilities } = await network.look(pen);
    if (network === this.second.network) drawBars(this.other, likeliest(probabilities, beside.classes, BESIDE));
  }

  failed(reason) {
    this.reason = reason;
    this.runner.close();
    this.draw();
  }

  // ---- by the server

  send() {
    const address = this.stream.frame(SERVER_SIDE);
    if (!address) return requestAnimationFrame(() => this.go());
    this.sentAt = performance.now();
    this.sent = `${this.sentAt}`;
    clearTimeout(this.again);
    this.again = setTimeout(() => { this.sent = null; this.go(); }, AGAIN_MS);
    this.trigger("frame", { frame: this.sent, image: address.slice(address.indexOf(",") + 1) });
  }

  answered({ answers }) {
    clearTimeout(this.again);
    this.sent = null;
    if (!answers) return;
    this.pace.add(this.sentAt);
    this.wish.parentElement.hidden = true;
    this.show(answers, this.pace, "server");
  }

  // ---- both

  go() {
    this.draw();
    if (!this.data || !this.stream.isOpen) return this.rest();
    if (this.data.where === "browser") this.runner.run(() => this.stream.isOpen);
    else if (!this.sent && !this.data.fault) this.send();
  }

  rest() {
    this.pace.clear();
    delete this.root.dataset.by;
    drawHeat(this.heat, null);
  }

  freeze() {
    const address = this.stream.frame(FROZEN_SIDE);
    if (address) this.trigger("frozen", address.slice(address.indexOf(",") + 1));
  }

  show(answers, pace, where) {
    const { words, threshold } = this.data;
    const [name, share] = answers[0];
    const text = 100 * share < threshold ? words.unsure : words.says;
    this.sentence.textContent = filled(text, { name, share: percent(share) });
    drawBars(this.bars, answers);
    this.pacer.textContent = filled(words.pace, {
      rate: pace.rate.toFixed(0), ms: pace.ms.toFixed(0), where: words.where[where],
    });
    this.shown = (this.shown ?? 0) + 1;
    Object.assign(this.root.dataset, {
      rate: pace.rate.toFixed(2), ms: pace.ms.toFixed(2), by: where, shown: this.shown,
    });
    if (performance.now() - (this.spokenAt ?? 0) < SPEAK_MS || this.spokenName === name) return;
    [this.spokenAt, this.spokenName] = [performance.now(), name];
    this.spoken.textContent = this.sentence.textContent;
  }

  draw() {
    if (!this.data) return;
    const { words, where, fault } = this.data;
    const { state, isOpen } = this.stream;
    this.root.dataset.state = state;
    this.video.classList.toggle("mirrored", this.stream.isFront);
    this.heat.classList.toggle("mirrored", this.stream.isFront);
    this.video.setAttribute("aria-label", words.picture);
    const waits = where === "browser" && isOpen && !this.runner.network && !this.reason;
    this.says.textContent = !isOpen ? words.states[state] : waits ? words.loading : "";
    this.opener.textContent = words.open;
    this.opener.hidden = isOpen || state === "asking";
    this.freezer.textContent = words.freeze;
    this.turner.textContent = words.turn;
    this.turner.hidden = !isOpen || (this.stream.cameras?.length ?? 0) < 2;
    this.closer.textContent = words.close;
    this.closer.hidden = this.freezer.hidden = !isOpen;
    this.wishes.textContent = words.heat;
    this.fault.textContent = fault || (this.reason ? words.faults[this.reason] : "");
    this.bars.setAttribute("aria-label", words.answers);
    this.besides.textContent = this.data.beside?.title ?? "";
    this.other.setAttribute("aria-label", this.besides.textContent);
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".live");
  root.live ??= new Live(root);
  root.live.update(component);
  return () => setTimeout(() => root.isConnected || root.live.end());
}
