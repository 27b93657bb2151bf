// Classes to record: hold a button, frames go to the server in batches, one batch at a time, and are told again until
// the server says that it has them. What it has not is kept in this tab's storage, so that a reload loses nothing.
const STORAGE = "tlcore.camera";
const BATCH = 8, MOST_WAITING = 160, AGAIN_MS = 8000, SHOWN = 6, SURE_MS = 4000;

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(6)), byte => (byte % 36).toString(36)).join("");

class Recorder {
  constructor(root) {
    this.root = root;
    this.cards = new Map();
    this.waiting = this.stored();
    this.sent = null;
    this.burst = null;
    this.pictures = new Map();
    const view = element("div", "view", root);
    this.video = element("video", "", view, { muted: true, playsInline: true });
    this.says = element("p", "says", view);
    this.says.setAttribute("role", "status");
    const buttons = element("div", "row", view);
    this.opener = element("button", "primary open", buttons, { type: "button", onclick: () => this.stream.open() });
    this.turner = element("button", "turn", buttons, { type: "button", onclick: () => this.stream.turn() });
    this.closer = element("button", "shut", buttons, { type: "button", onclick: () => this.stream.close() });
    const side = element("div", "side", root);
    this.list = element("div", "classes", side);
    this.adder = element("button", "add", side, { type: "button", onclick: () => this.add() });
    this.fault = element("p", "fault", side);
    this.fault.setAttribute("role", "alert");
    this.spoken = element("p", "spoken", side);
    this.spoken.setAttribute("aria-live", "polite");
    this.stream = new CameraStream(this.video, () => { this.stop(); this.draw(); });
    this.hidden = () => document.hidden && this.stop();
    document.addEventListener("visibilitychange", this.hidden);
  }

  end() {
    this.stop();
    this.stream.close();
    document.removeEventListener("visibilitychange", this.hidden);
  }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.words = data.words;
    this.trigger = setTriggerValue;
    if (this.sent && data.acknowledged === this.sent) {
      this.waiting.shift();
      this.store();
      clearTimeout(this.again);
      this.sent = null;
    }
    for (const { id, pictures } of data.classes) if (pictures && !this.pictures.has(id)) this.pictures.set(id, pictures);
    if (data.fault) this.stop();
    if (!this.burst && !this.waiting.length) {  // emptied elsewhere
      for (const { id, count } of data.classes) if (!count) this.pictures.delete(id);
    }
    this.draw();
    this.send();
    if (!this.asked && data.classes.some(({ id, count }) => count && !this.pictures.has(id))) this.tell({ kind: "show" });
    this.asked = true;
  }

  // ---- what waits for the server

  stored() {
    try { return JSON.parse(sessionStorage.getItem(STORAGE)) ?? []; } catch { return []; }
  }

  store() {
    try { sessionStorage.setItem(STORAGE, JSON.stringify(this.waiting)); } catch { /* full: it stays in memory */ }
  }

  tell(message) {
    this.waiting.push({ id: newId(), ...message });
    this.store();
    this.draw();
    this.send();
  }

  send() {
    if (this.sent || !this.waiting.length) return;
    this.sent = this.waiting[0].id;
    this.again = setTimeout(() => { this.sent = null; this.send(); }, AGAIN_MS);
    this.trigger("sent", this.waiting[0]);
  }

  // What the server has, and on top of it what it will have.
  classes() {
    const classes = this.data.classes.map(known => ({ ...known }));
    const of = id => classes.find(known => known.id === id);
    for (const message of this.waiting) {
      const known = of(message.class);
      if (message.kind === "frames" && known) known.count += message.frames.length;
      if (message.kind === "empty" && known) known.count = 0;
      if (message.kind === "name" && known) known.name = message.name;
      if (message.kind === "name" && !known) classes.push({ id: message.class, name: message.name, count: 0 });
      if (message.kind === "remove" && known) classes.splice(classes.indexOf(known), 1);
    }
    const recorded = of(this.burst?.class);
    if (recorded) recorded.count += this.burst.frames.length;
    return classes;
  }

  get room() {
    const waiting = this.waiting.reduce((sum, { frames }) => sum + (frames?.length ?? 0), this.burst?.frames.length ?? 0);
    return Math.min(this.data.room, MOST_WAITING) - waiting;
  }

  // ---- recording

  start(id) {
    if (this.burst || !this.stream.isOpen || this.room <= 0) return;
    this.burst = { class: id, start: Date.now(), first: 0, frames: [] };
    this.timer = setInterval(() => this.shoot(), 1000 / this.data.rate);
    this.shoot();
    this.say();
    this.draw();
  }

  shoot() {
    if (this.room <= 0) return this.stop();
    const address = this.stream.frame(this.data.side);
    if (!address) return;
    const { burst } = this;
    burst.frames.push(address.slice(address.indexOf(",") + 1));
    this.pictures.set(burst.class, [...(this.pictures.get(burst.class) ?? []), address].slice(-SHOWN));
    if (burst.frames.length >= BATCH) this.flush();
    this.draw();
    if (Date.now() - this.saidAt > 2000) this.say();
  }

  flush() {
    const { class: id, start, first, frames } = this.burst;
    if (!frames.length) return;
    this.burst.first += frames.length;
    this.burst.frames = [];
    this.tell({ kind: "frames", class: id, start, first, frames });
  }

  stop() {
    if (!this.burst) return;
    clearInterval(this.timer);
    this.flush();
    this.say();
    this.burst = null;
    this.draw();
  }

  say() {
    const recorded = this.classes().find(({ id }) => id === this.burst.class);
    this.saidAt = Date.now();
    this.spoken.textContent = recorded ? `${recorded.name}: ${recorded.count}` : "";
  }

  add() {
    const number = this.classes().length + 1;
    const id = newId();
    this.tell({ kind: "name", class: id, name: this.words.numbered.replace("{number}", number) });
    this.cards.get(id).name.select();
  }

  empty(id) {
    this.pictures.delete(id);
    this.tell({ kind: "empty", class: id });
  }

  // ---- the screen

  draw() {
    if (!this.data) return;
    const { state, isOpen } = this.stream;
    const { words } = this;
    this.root.dataset.state = state;
    this.video.classList.toggle("mirrored", this.stream.isFront);
    this.video.setAttribute("aria-label", words.picture);
    this.says.textContent = isOpen ? "" : words.states[state];
    this.opener.textContent = words.open;
    this.opener.hidden = isOpen || state === "asking";
    this.turner.textContent = words.turn;
    this.turner.hidden = !isOpen || (this.stream.cameras?.length ?? 0) < 2;
    this.closer.textContent = words.close;
    this.closer.hidden = !isOpen;
    this.adder.textContent = words.add;
    const full = this.data.room <= 0, slow = !full && this.room <= 0;
    this.fault.textContent = this.data.fault || (full ? words.full : slow ? words.slow : "");
    const classes = this.classes();
    this.adder.hidden = classes.length >= this.data.most;
    for (const [id, card] of this.cards) {
      if (!classes.some(known => known.id === id)) { card.box.remove(); this.cards.delete(id); }
    }
    for (const known of classes) this.drawCard(known, classes.length);
  }

  drawCard({ id, name, count }, classes) {
    const card = this.cards.get(id) ?? this.newCard(id);
    const { words } = this;
    const on = this.burst?.class === id;
    card.box.classList.toggle("on", on);
    card.box.setAttribute("aria-label", name);
    if (this.root.getRootNode().activeElement !== card.name) card.name.value = name;
    card.name.setAttribute("aria-label", words.name);
    card.count.textContent = words.count.replace("{count}", count);
    card.hold.textContent = on ? words.recording : words.hold;
    card.hold.setAttribute("aria-label", `${words.hold}: ${name}`);
    card.hold.setAttribute("aria-pressed", String(on));
    card.hold.disabled = !this.stream.isOpen;
    card.empty.hidden = !count;
    card.empty.textContent = card.sure ? words.sure : words.empty;
    card.empty.setAttribute("aria-label", `${card.empty.textContent}: ${name}`);
    card.remove.hidden = count > 0 || classes <= 2;
    card.remove.textContent = words.remove;
    card.remove.setAttribute("aria-label", `${words.remove}: ${name}`);
    const pictures = count ? (this.pictures.get(id) ?? []).toReversed() : [];
    while (card.strip.children.length > pictures.length) card.strip.lastChild.remove();
    while (card.strip.children.length < pictures.length) element("img", "", card.strip, { alt: "" });
    pictures.forEach((address, place) => {
      if (card.strip.children[place].src !== address) card.strip.children[place].src = address;
    });
  }

  newCard(id) {
    const box = element("div", "card", this.list);
    box.setAttribute("role", "group");
    const head = element("div", "row", box);
    const card = {
      box,
      name: element("input", "name", head, { type: "text", maxLength: 60, id: `class-${id}` }),
      count: element("span", "count", head),
      hold: element("button", "primary hold", box, { type: "button" }),
      strip: element("div", "strip", box),
    };
    const foot = element("div", "row", box);
    card.empty = element("button", "plain", foot, { type: "button" });
    card.remove = element("button", "plain", foot, { type: "button", onclick: () => this.tell({ kind: "remove", class: id }) });
    card.name.onchange = () => this.tell({ kind: "name", class: id, name: card.name.value });
    card.name.onkeydown = event => event.key === "Enter" && card.name.blur();
    card.empty.onclick = () => this.emptyIfSure(id, card);
    holdable(card.hold, () => this.burst?.class === id, () => this.start(id), () => this.stop());
    this.cards.set(id, card);
    return card;
  }

  emptyIfSure(id, card) {
    clearTimeout(card.sure);
    const sure = Boolean(card.sure);
    card.sure = sure ? null : setTimeout(() => { card.sure = null; this.draw(); }, SURE_MS);
    if (sure) this.empty(id); else this.draw();
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".camera");
  root.recorder ??= new Recorder(root);
  root.recorder.update(component);
  return () => setTimeout(() => root.isConnected || root.recorder.end());
}
