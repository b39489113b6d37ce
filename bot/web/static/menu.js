// The quick commands of a chat: a button that opens a list of them (WAI-ARIA APG, disclosure).

import { element } from "./words.js";

export class Menu {
  constructor(node, { onChoose }) {
    this.opener = node.querySelector(".open-menu");
    this.list = node.querySelector(".menu");
    this.onChoose = onChoose;
    this.opener.setAttribute("aria-controls", this.list.id);
    this.opener.addEventListener("click", () => this.open(this.list.hidden));
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.list.hidden) return;
      this.open(false);
      this.opener.focus();
    });
  }

  fill(commands) {
    const same = JSON.stringify(commands);
    if (same === this.filled) return; // an open list keeps its focus
    this.filled = same;
    this.opener.hidden = !commands.length;
    this.list.replaceChildren(...commands.map((each) => this.item(each)));
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.list.querySelector("button").focus();
  }

  item({ command, description }) {
    const item = element("li");
    const button = element("button");
    button.type = "button";
    button.append(element("b", "", command), element("span", "", description));
    button.addEventListener("click", () => {
      this.open(false);
      this.onChoose(command);
    });
    item.append(button);
    return item;
  }
}
