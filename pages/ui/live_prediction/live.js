// The camera and what the network says, in this browser, or by the server, which gets one frame after the other.
const MOST = 5, BESIDE = 3, SERVER_SIDE = 224, FROZEN_SIDE = 480, AGAIN_MS = 8000, SPEAK_MS = 3000;

class Live {
  constructor(root) {
    this.root = root;
    this.id = this.reason = this.sent = null;
    this.pace = new Pace();
    const view = element("div", "view", root);
    this.title = element("p", "title mine", view);
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
    this.otherTitle = element("p", "title theirs", side);
    const twin = element("div", "twin", side);
    this.frame = element("canvas", "frame", twin);
    this.otherHeat = element("canvas", "heat", twin, { hidden: true });
    this.other = element("ul", "bars other", side);
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

  async compare(beside) {
    const { id, parts } = beside?.network ?? { id: null };
    if (this.second.wanted === id) return;
    if (id && !parts) return this.trigger("beside_held", "");
    this.second.close();
    drawBars(this.other, []);
    drawHeat(this.otherHeat, null);
    if (!id) return;
    await this.second.load(id, parts, this.data.runtime);
    if (this.second.wanted === id && this.second.network) this.trigger("beside_held", id);
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
    const { classes, beside } = this.data;
    const answers = likeliest(look.probabilities, classes, beside ? BESIDE : MOST);
    const first = answers[0][2];
    const heat = this.runner.network.heat(look, first);
    this.wish.parentElement.hidden = !heat;
    drawHeat(this.heat, this.wish.checked ? heat : null);
    this.show(answers, this.runner.pace, this.runner.network.accelerator);
    const { network } = this.second;
    if (!network || !beside) return;
    const other = await network.look(pen);
    if (network !== this.second.network) return;
    const said = likeliest(other.probabilities, beside.classes, BESIDE);
    drawBars(this.other, said);
    drawSquare(this.frame, pen.canvas);
    drawHeat(this.otherHeat, this.wish.checked ? network.heat(other, beside.same ? first : said[0][2]) : null);
    this.root.dataset.beside = said[0][0];
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
    delete this.root.dataset.beside;
    for (const heat of [this.heat, this.otherHeat]) drawHeat(heat, null);
  }

  freeze() {
    const address = this.stream.frame(FROZEN_SIDE);
    if (address) this.trigger("frozen", address.slice(address.indexOf(",") + 1));
  }

  show(answers, pace, where) {
    const { words, threshold } = this.data;
    const [name, share] = answers[0];
    const text = 100 * share < threshold ? words.unsure : words.says;
    const title = this.data.title ? `${this.data.title}: ` : "";
    this.sentence.textContent = title + filled(text, { name, share: percent(share) });
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
    for (const picture of [this.video, this.heat, this.frame, this.otherHeat]) {
      picture.classList.toggle("mirrored", this.stream.isFront);
    }
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
    this.root.classList.toggle("two", Boolean(this.data.beside));
    this.title.textContent = this.data.title ?? "";
    this.otherTitle.textContent = this.data.beside?.title ?? "";
    this.other.setAttribute("aria-label", this.otherTitle.textContent);
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".live");
  root.live ??= new Live(root);
  root.live.update(component);
  return () => setTimeout(() => root.isConnected || root.live.end());
}
