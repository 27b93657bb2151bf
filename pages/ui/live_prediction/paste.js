// Pictures from the clipboard: by Ctrl+V anywhere on the page, or by the button, which phones need.
class Paste {
  constructor(root) {
    [this.button, this.box, this.hint, this.said] = root.children;
    this.button.onclick = () => this.ask();
    this.box.oninput = () => this.box.replaceChildren();
    this.listen = event => this.pasted(event);
    document.addEventListener("paste", this.listen);
    const asks = Boolean(navigator.clipboard?.read);  // not without HTTPS: there a box takes what is pasted into it
    this.button.hidden = !asks;
    this.box.hidden = asks;
  }

  end() { document.removeEventListener("paste", this.listen); }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.trigger = setTriggerValue;
    this.button.textContent = data.words.button;
    this.box.setAttribute("aria-label", data.words.box);
    this.box.dataset.shown = data.words.box;
    this.hint.textContent = data.words.hint;
  }

  pasted(event) {
    const files = [...event.clipboardData?.files ?? []];
    if (!files.length) return;  // text goes where it was meant to go
    event.preventDefault();
    this.send(files);
  }

  async ask() {
    try {
      const files = [];
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find(name => name.startsWith("image/"));
        if (type) files.push(new File([await item.getType(type)], `image.${type.slice(6)}`));
      }
      if (files.length) await this.send(files);
      else this.say(this.data.words.none);
    } catch (error) {
      console.warn(error);
      this.say(this.data.words.refused);
    }
  }

  async send(files) {
    const { most, words } = this.data;
    const fit = files.filter(({ size }) => size <= most);
    this.say(fit.length < files.length ? words.large : "");
    if (!fit.length) return;
    this.trigger("pasted", await Promise.all(fit.map(async file => ({ name: file.name, image: await base64(file) }))));
  }

  say(text) { this.said.textContent = text; }
}

const base64 = file => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
});

export default function (component) {
  const root = component.parentElement.querySelector(".paste");
  root.paste ??= new Paste(root);
  root.paste.update(component);
  return () => setTimeout(() => root.isConnected || root.paste.end());
}
