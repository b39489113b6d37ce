// On a narrow screen one phone at a time, chosen by tabs (WAI-ARIA APG, tabs with automatic activation).
// On a wide one all of them, and what else is open.

import { element } from "./words.js";

const narrow = matchMedia("(max-width: 52rem)");

export class Tabs {
  constructor(strip) {
    this.strip = strip;
    this.tabs = new Map(); // phone → its tab
    strip.addEventListener("keydown", (event) => this.walk(event));
    narrow.addEventListener("change", () => this.arrange());
  }

  add(phone) {
    const tab = element("button", "tab");
    tab.type = "button";
    tab.id = `tab-${phone.key}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", phone.node.id);
    tab.addEventListener("click", () => this.choose(phone));
    this.tabs.set(phone, tab);
    this.strip.append(tab);
    if (!this.chosen?.isOpen) this.chosen = phone;
    this.describe(phone);
    this.arrange();
  }

  describe(phone) {
    const tab = this.tabs.get(phone);
    if (!tab) return;
    tab.replaceChildren(element("span", "tab-title", phone.title), element("span", "tab-name", phone.name));
    if (phone.unread) tab.append(element("span", "unread", `${phone.unread} mới`));
  }

  choose(phone, giveFocus = false) {
    this.chosen = phone;
    this.arrange();
    phone.comeUp();
    const tab = this.tabs.get(phone);
    tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (giveFocus) tab.focus();
  }

  arrange() {
    this.strip.hidden = !narrow.matches || this.tabs.size < 2;
    for (const [phone, tab] of this.tabs) {
      const isChosen = phone === this.chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      phone.node.hidden = this.strip.hidden ? !phone.isOpen : !isChosen;
      if (this.strip.hidden) phone.node.removeAttribute("role");
      else phone.node.setAttribute("role", "tabpanel");
    }
  }

  walk(event) {
    const phones = [...this.tabs.keys()];
    const at = phones.indexOf(this.chosen);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: phones.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.choose(phones[(next + phones.length) % phones.length], true);
  }
}
