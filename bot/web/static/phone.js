// One person's chat: who it is, the transcript, what is unread.

import { entryNode } from "./entry.js";
import { Menu } from "./menu.js";
import { Voice } from "./voice.js";
import { read } from "./wire.js";
import { day, element } from "./words.js";

const NEAR = 80; // pixels from the end that still count as reading the end
const TOAST = 5000; // milliseconds
const TRIES = 6; // a message is announced as it is sent, a moment before the server has recorded it

export class Phone {
  constructor(given, { onChange, ...limits }) {
    this.key = given.phone;
    this.path = `/api/phones/${encodeURIComponent(given.phone)}`;
    this.onChange = onChange;
    this.unread = 0;
    this.shown = new Set(); // ids of entries
    this.messages = new Set(); // the channel's ids of them
    this.lastDay = "";
    this.isFirst = true;
    this.isOpen = true;
    this.reading = null;
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.node.querySelector(selector);
    this.find(".log").setAttribute("aria-busy", "true");
    this.label();
    this.connect(limits);
    this.describe(given);
  }

  label() {
    const id = `phone-${this.key}`;
    this.node.id = id;
    this.find(".name").id = `${id}-name`;
    this.find(".menu").id = `${id}-menu`;
  }

  describe(given) {
    this.name = given.name || "Chưa liên kết";
    this.title = given.title || "Nhập mã liên kết để bắt đầu";
    this.linked = given.linked;
    this.find(".name").textContent = this.name;
    this.find(".title").textContent = this.title;
    this.find(".title").title = this.title;
    this.find(".mark").textContent = given.name ? given.name.trim().split(/\s+/).pop()[0] : "–";
    this.node.setAttribute("aria-label", `${this.name}, ${this.title}`);
    this.find(".text").setAttribute("aria-label", `Tin nhắn của ${this.name}`);
    this.find(".scroll").setAttribute("aria-label", `Các tin nhắn của ${this.name}`);
    this.find(".attach").disabled = !given.linked;
    this.menu.fill(given.commands);
    this.onChange(this);
  }

  connect(limits) {
    this.voice = new Voice(this.node, {
      ...limits,
      path: this.path,
      toast: (words) => this.toast(words),
      onSaid: () => this.refresh(),
    });
    this.menu = new Menu(this.node, {
      onChoose: (command) => {
        this.voice.say(command);
        this.find(".text").focus();
      },
    });
    // By keyboard, a long history would lie before the box; going back from there leads to the newest buttons.
    this.find(".to-text").addEventListener("click", () => this.find(".text").focus());
    this.find(".below").addEventListener("click", () => this.toEnd());
    this.find(".scroll").addEventListener("scroll", () => this.isAtEnd() && (this.find(".below").hidden = true));
    this.node.addEventListener("focusin", () => this.markRead());
    this.node.addEventListener("pointerdown", () => this.markRead());
  }

  // Calls while one is under way are answered by one more afterwards.
  refresh() {
    if (this.reading) {
      this.isStale = true;
      return this.reading;
    }
    this.reading = this.load().finally(() => {
      this.reading = null;
      if (this.isStale) {
        this.isStale = false;
        this.refresh();
      }
    });
    return this.reading;
  }

  async load() {
    try {
      const given = await read(this.path);
      this.describe(given);
      this.show(given.entries);
    } catch (error) {
      this.toast(error.message);
    }
  }

  async expect(messageId) {
    for (let tried = 0; tried < TRIES; tried += 1) {
      await this.refresh();
      if (!messageId || this.messages.has(messageId)) return;
      await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** tried));
    }
  }

  show(entries) {
    const fresh = entries.filter((entry) => !this.shown.has(entry.id));
    if (!fresh.length) {
      this.settle();
      return;
    }
    const follow = this.isFirst || this.isAtEnd() || fresh.some((entry) => entry.mine);
    const options = { files: `${this.path}/files`, onPress: (...pressed) => this.voice.press(...pressed) };
    for (const entry of fresh) {
      this.shown.add(entry.id);
      if (entry.message_id) this.messages.add(entry.message_id);
      this.showDay(day(new Date(entry.at)));
      this.find(".log").append(entryNode(entry, options));
    }
    this.find(".empty").hidden = true;
    this.count(fresh.filter((entry) => !entry.mine).length);
    if (follow) this.toEnd();
    else this.find(".below").hidden = false;
    for (const image of this.node.querySelectorAll("img:not([data-seen])")) {
      image.dataset.seen = "1";
      if (follow) image.addEventListener("load", () => this.toEnd(), { once: true });
    }
    this.settle();
  }

  // What was said before the page opened is there: what comes from now on is news.
  settle() {
    this.isFirst = false;
    this.find(".log").removeAttribute("aria-busy");
  }

  showDay(words) {
    if (words === this.lastDay) return;
    this.lastDay = words;
    this.find(".log").append(element("p", "day", words));
  }

  count(fresh) {
    const isWatched = this.node.contains(document.activeElement) && document.hasFocus();
    if (this.isFirst || isWatched || !fresh) return;
    this.unread += fresh;
    this.showUnread();
  }

  comeUp() {
    this.markRead();
    this.toEnd();
  }

  markRead() {
    if (!this.unread) return;
    this.unread = 0;
    this.showUnread();
  }

  showUnread() {
    const badge = this.find(".unread");
    badge.hidden = !this.unread;
    badge.textContent = this.unread ? `${this.unread} mới` : "";
    this.onChange(this);
  }

  answered(text, pressId) {
    this.voice.answered(text, pressId);
  }

  toast(words) {
    const node = this.find(".toast");
    clearTimeout(this.fading);
    node.textContent = words;
    if (words) this.fading = setTimeout(() => (node.textContent = ""), TOAST);
  }

  isAtEnd() {
    const scroll = this.find(".scroll");
    return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
  }

  toEnd() {
    const scroll = this.find(".scroll");
    scroll.scrollTop = scroll.scrollHeight;
    this.find(".below").hidden = true;
  }
}
