// What a person says in one chat: text, a pressed button, a file.

import { newId, tell, upload } from "./wire.js";

const NO_ANSWER = 10000; // milliseconds after which a pressed button may be pressed again

export class Voice {
  constructor(node, { path, maxText, maxUpload, toast, onSaid }) {
    Object.assign(this, { path, maxUpload, toast, onSaid });
    this.waiting = new Map(); // press id → its button
    this.text = node.querySelector(".text");
    this.text.maxLength = maxText;
    const file = node.querySelector(".file");
    node.querySelector(".say").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.text.value);
    });
    this.text.addEventListener("keydown", (event) => {
      // While a Vietnamese word is being composed, Enter belongs to the input method.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.say(this.text.value);
    });
    node.querySelector(".attach").addEventListener("click", () => file.click());
    file.addEventListener("change", () => this.attach(file));
  }

  async say(words) {
    if (!words.trim() || this.isSending) return;
    this.isSending = true;
    try {
      await tell(`${this.path}/text`, { id: newId(), text: words });
      if (this.text.value === words) this.text.value = "";
      await this.onSaid();
    } catch (error) {
      this.toast(error.message);
    }
    this.isSending = false;
  }

  async press(entry, choice, button) {
    if (button.getAttribute("aria-busy") === "true") return;
    const id = newId();
    button.setAttribute("aria-busy", "true");
    this.waiting.set(id, button);
    setTimeout(() => this.release(id), NO_ANSWER);
    const pressed = { id, message_id: entry.message_id, action: choice.action, label: choice.text };
    try {
      await tell(`${this.path}/press`, pressed);
    } catch (error) {
      this.release(id);
      this.toast(error.message);
    }
  }

  answered(text, pressId) {
    this.release(pressId);
    if (text) this.toast(text);
  }

  release(pressId) {
    const button = this.waiting.get(pressId);
    if (button) button.removeAttribute("aria-busy");
    this.waiting.delete(pressId);
  }

  async attach(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (file.size > this.maxUpload) {
      this.toast(`Tệp lớn hơn ${Math.floor(this.maxUpload / 1e6)} MB nên không gửi được.`);
      return;
    }
    this.toast(`Đang gửi ${file.name} …`);
    try {
      await upload(`${this.path}/file`, newId(), file);
      this.toast("");
      await this.onSaid();
    } catch (error) {
      this.toast(error.message);
    }
  }
}
