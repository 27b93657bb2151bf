// Projects that this browser keeps by itself (IndexedDB): one is put there on request, and all of them are listed.
const CHANGED = "tlcore-kept";

const asked = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

let database;
async function projects(mode) {
  const opening = database ?? indexedDB.open("tlcore", 1);
  if (!database) {
    opening.onupgradeneeded = () => opening.result.createObjectStore("projects", { keyPath: "id" });
    database = await asked(opening);
    database.onversionchange = database.onclose = () => { database = undefined; };
  }
  return database.transaction("projects", mode).objectStore("projects");
}

const all = async () => asked((await projects("readonly")).getAll());
const find = async id => asked((await projects("readonly")).get(id));
const forget = async id => asked((await projects("readwrite")).delete(id));

async function keep(project) {
  await asked((await projects("readwrite")).put(project));
  await navigator.storage?.persist?.();  // else the browser may drop it when its disk is full
}

const make = (tag, parent, properties = {}) => {
  const made = Object.assign(document.createElement(tag), properties);
  parent.append(made);
  return made;
};

const base64 = file => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
});

// One project: a button that keeps it, and whether it is kept.
class Keep {
  constructor(root) {
    this.button = make("button", root, { type: "button", onclick: () => this.want() });
    this.said = make("span", root);
    this.said.setAttribute("role", "status");
  }

  async update(data, trigger) {
    [this.data, this.trigger] = [data, trigger];
    this.button.textContent = data.words.keep;
    if (data.content && this.storing !== data.id) await this.store(data);
    this.draw();
  }

  want() {
    this.said.textContent = this.data.words.coming;
    this.button.disabled = true;
    this.trigger("wanted", this.data.id);
  }

  async store({ id, name, size, content, words }) {
    this.storing = id;
    let fault = "";
    try {
      const file = await (await fetch(`data:application/zip;base64,${content}`)).blob();
      await keep({ id, name, size, file, keptMs: Date.now() });
    } catch (error) {
      console.warn(error);
      fault = error.name === "QuotaExceededError" ? words.full : words.cannot;
    }
    this.fault = fault;
    this.storing = null;
    this.button.disabled = false;
    this.trigger("done", fault ? "" : id);
    dispatchEvent(new Event(CHANGED));
  }

  async draw() {
    const { id, words } = this.data;
    const kept = await find(id).catch(() => null);
    if (id !== this.data.id) return;
    this.button.hidden = Boolean(kept);
    if (!this.button.disabled) this.said.textContent = kept ? words.kept : this.fault ?? "";
  }
}

// All that is kept: to be opened, or deleted.
class List {
  constructor(root) {
    this.root = root;
    this.title = make("h3", root);
    this.rows = make("ul", root);
    this.note = make("p", root);
  }

  async update(data, trigger) {
    [this.data, this.trigger] = [data, trigger];
    await this.draw();
  }

  async draw() {
    const { words, language } = this.data;
    const kept = (await all().catch(() => [])).sort((one, other) => other.keptMs - one.keptMs);
    const drawn = JSON.stringify([words, language, kept.map(({ id }) => id)]);
    if (drawn === this.drawn) return;  // a button that has the focus keeps it
    this.drawn = drawn;
    this.root.hidden = !kept.length;
    this.title.textContent = words.title;
    this.note.textContent = words.note;
    this.rows.replaceChildren(...kept.map(project => this.row(project, language)));
  }

  row(project, language) {
    const { words } = this.data;
    const row = document.createElement("li");
    const megabytes = (project.size / 1024 ** 2).toLocaleString(language, { maximumFractionDigits: 1 });
    const when = new Date(project.keptMs).toLocaleString(language, { dateStyle: "short", timeStyle: "short" });
    make("span", row, { textContent: `${project.name} · ${megabytes} MB · ${when}`, className: "name" });
    const open = make("button", row, { type: "button" });
    const remove = make("button", row, { type: "button" });
    const label = (button, word) => {
      button.textContent = word;
      button.setAttribute("aria-label", `${word}: ${project.name}`);
    };
    label(open, words.open);
    label(remove, words.remove);
    open.onclick = async () => {
      open.disabled = true;
      this.trigger("opened", { name: project.name, content: await base64(project.file) });
      open.disabled = false;
    };
    remove.onclick = async () => {
      if (remove.textContent !== words.sure) return label(remove, words.sure);  // it may be the only one left
      await forget(project.id);
      dispatchEvent(new Event(CHANGED));
    };
    return row;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".kept");
  if (!root.view) {
    root.view = data.id ? new Keep(root) : new List(root);
    root.listen = () => root.view.draw();
    addEventListener(CHANGED, root.listen);
  }
  root.view.update(data, setTriggerValue);
  return () => setTimeout(() => root.isConnected || removeEventListener(CHANGED, root.listen));
}
