// A plain text box with numbered lines, on which places can be marked.

import { element } from "./words.js";

const INDENT = 2; // spaces; YAML takes no tabs

export class Editor {
  constructor(node, { onEdit }) {
    this.text = node.querySelector(".yaml");
    this.numbers = node.querySelector(".numbers");
    this.marks = node.querySelector(".marks");
    this.bands = node.querySelector(".bands");
    this.gutter = node.querySelector(".gutter");
    this.onEdit = onEdit;
    this.lines = 0;
    this.mayLeave = false; // after Esc, Tab goes to the next button as everywhere
    this.text.addEventListener("input", () => this.edited());
    this.text.addEventListener("scroll", () => this.follow());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("focus", () => (this.mayLeave = false));
  }

  get value() {
    return this.text.value;
  }

  set(text) {
    this.text.value = text;
    this.text.setSelectionRange(0, 0);
    this.text.scrollTo(0, 0);
    this.count();
    this.follow();
  }

  edited() {
    this.mayLeave = false;
    this.count();
    this.onEdit();
  }

  count() {
    const lines = this.text.value.split("\n").length;
    if (lines === this.lines) return;
    this.lines = lines;
    this.numbers.textContent = Array.from({ length: lines }, (_, at) => at + 1).join("\n");
  }

  // Marks lines, by a sign beside the number and a band under the text.
  mark(lines) {
    const shown = [...new Set(lines)].map((line) => Math.min(line, this.lines));
    this.marks.replaceChildren(...shown.map((line) => placed("span", "mark-line", line, `▲${line}`)));
    this.bands.replaceChildren(...shown.map((line) => placed("div", "band", line)));
    this.text.setAttribute("aria-invalid", String(shown.length > 0));
    this.follow();
  }

  follow() {
    this.gutter.scrollTop = this.text.scrollTop;
    this.bands.style.transform = `translateY(${-this.text.scrollTop}px)`;
  }

  // Line and column from 1, the column in characters as the check counts them.
  goTo(line, column) {
    const lines = this.text.value.split("\n");
    const row = Math.min(line, lines.length) - 1;
    const before = lines.slice(0, row).reduce((sum, each) => sum + each.length + 1, 0);
    const at = before + Array.from(lines[row]).slice(0, column - 1).join("").length;
    this.text.focus({ preventScroll: true });
    this.text.setSelectionRange(at, at);
    const height = this.numbers.scrollHeight / this.lines;
    const isFar = column * height * 0.4 > this.text.clientWidth; // a letter is less than half as wide as a line is high
    this.text.scrollTo({ top: Math.max(0, (row + 0.5) * height - this.text.clientHeight / 2) });
    this.text.scrollLeft = isFar ? column * height * 0.35 - this.text.clientWidth / 2 : 0;
  }

  key(event) {
    if (event.key === "Escape") this.mayLeave = true;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key !== "Tab" || this.mayLeave || !isPlain) return;
    event.preventDefault();
    const from = this.text.selectionStart;
    const column = from - (this.text.value.lastIndexOf("\n", from - 1) + 1);
    // This way of typing, and no other, can be undone with Ctrl+Z.
    document.execCommand("insertText", false, " ".repeat(INDENT - (column % INDENT)));
  }
}

function placed(name, className, line, text) {
  const made = element(name, className, text);
  made.style.setProperty("--at", String(line - 1));
  return made;
}
