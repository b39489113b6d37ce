// The catalogue beside the phones: its files, what is wrong with an edit or what it would do, and applying it.

import { Draft } from "./draft.js";
import { Editor } from "./editor.js";
import { effectItems, NAMES, problemItems, verdictWords } from "./findings.js";
import { read, tell } from "./wire.js";
import { day, element, hour } from "./words.js";

const PAUSE = 500; // milliseconds without a key before an edit is checked
const UNTOUCHED = "Chưa sửa gì. Sửa trong ô trên; trang tự kiểm tra và cho biết tác động trước khi áp dụng.";
const BACK = "Đã trả lại bản đang chạy.";
const CHECKING = "Đang kiểm tra …";
const APPLYING = "Đang áp dụng …";

export class CatalogueView {
  constructor({ onChange }) {
    this.key = "catalogue";
    this.title = "Kế hoạch";
    this.name = "Sửa và áp dụng";
    this.unread = 0;
    this.isOpen = false;
    this.onChange = onChange;
    this.node = document.getElementById("catalogue-view").content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.node.querySelector(selector);
    this.opener = document.getElementById("open-catalogue");
    this.opener.hidden = false;
    this.file = "plan";
    this.draft = new Draft();
    this.judged = null; // of just these texts
    this.checking = null;
    this.connect();
  }

  connect() {
    this.editor = new Editor(this.node, { onEdit: () => this.onEdit() });
    this.opener.addEventListener("click", () => this.open(!this.isOpen));
    this.find(".close").addEventListener("click", () => {
      this.open(false);
      this.opener.focus();
    });
    for (const chip of this.chips()) chip.addEventListener("click", () => this.choose(chip.dataset.file));
    this.find(".check").addEventListener("click", () => this.check());
    this.find(".reset").addEventListener("click", () => this.reset());
    this.find(".apply").addEventListener("click", () => this.apply());
    this.find(".force").addEventListener("click", () => this.apply({ sure: true }));
    this.find(".cancel").addEventListener("click", () => {
      this.find(".sure").hidden = true;
      this.find(".apply").focus();
    });
  }

  open(isOpen) {
    this.isOpen = isOpen;
    this.opener.setAttribute("aria-expanded", String(isOpen));
    this.onChange();
    if (isOpen) this.comeUp();
  }

  // On a narrow screen it is chosen by its tab.
  comeUp() {
    this.isSeen = true;
    this.refresh();
  }

  async refresh() {
    if (!this.isSeen) return;
    try {
      this.take(await read("/api/catalogue"));
    } catch (error) {
      this.say(error.message);
    }
  }

  take(given) {
    if (given.revision === this.draft.revision) return;
    this.draft.take(given);
    const since = new Date(given.since);
    this.find(".running").textContent = `Đang chạy bản số ${given.revision}, từ ${hour(since)} ${day(since)}`;
    this.find(".yaml").readOnly = false;
    if (this.editor.value !== this.draft.edited[this.file]) this.show();
    if (!this.draft.isEdited()) this.untouched();
  }

  show() {
    this.editor.set(this.draft.edited[this.file]);
    this.find(".yaml").setAttribute("aria-label", `Nội dung tệp: ${NAMES[this.file]}`);
    this.markLines();
  }

  choose(file) {
    this.file = file;
    for (const chip of this.chips()) chip.setAttribute("aria-pressed", String(chip.dataset.file === file));
    this.show();
  }

  onEdit() {
    this.draft.edited[this.file] = this.editor.value;
    this.judged = null;
    this.find(".sure").hidden = true;
    clearTimeout(this.pause);
    if (this.draft.isEdited()) this.pause = setTimeout(() => this.check(), PAUSE);
    else this.untouched();
    this.describe();
  }

  // One at a time; an edit while one is under way is checked after it.
  async check() {
    clearTimeout(this.pause);
    if (!this.draft.isEdited()) return this.untouched();
    if (this.checking) return this.checking;
    this.checking = this.checkUntilStill().finally(() => (this.checking = null));
    return this.checking;
  }

  async checkUntilStill() {
    this.say(CHECKING);
    try {
      let texts;
      let judged;
      do {
        texts = this.draft.changed();
        judged = await tell("/api/catalogue/check", { texts });
      } while (JSON.stringify(texts) !== JSON.stringify(this.draft.changed()));
      clearTimeout(this.pause);
      if (judged.over !== this.draft.revision) await this.refresh();
      if (this.draft.isEdited()) this.showJudged(judged);
    } catch (error) {
      this.say(error.message);
    }
  }

  showJudged(judged) {
    this.judged = judged;
    this.say(verdictWords(judged));
    this.find(".problems").replaceChildren(...problemItems(judged.problems, (problem) => this.goTo(problem)));
    this.find(".problems").hidden = !judged.count;
    this.find(".effects").replaceChildren(...effectItems(judged.nothing ? [] : judged.effects));
    this.find(".effects").hidden = judged.count > 0 || judged.nothing;
    this.find(".brakes").replaceChildren(...judged.brakes.map((words) => element("li", "", words)));
    this.markLines();
    this.describe();
  }

  untouched(words = UNTOUCHED) {
    this.showJudged({ problems: [], count: 0, effects: [], brakes: [], nothing: true });
    this.judged = null;
    this.find(".sure").hidden = true;
    this.say(words);
    this.describe();
  }

  goTo({ file, line, column }) {
    if (file !== this.file) this.choose(file);
    this.editor.goTo(line, column);
  }

  async apply({ sure = false } = {}) {
    if (this.isApplying) return;
    if (!this.judged) return this.check(); // nobody applies what they have not seen
    if (this.judged.count) {
      this.find(".problem").focus();
      return;
    }
    if (this.judged.brakes.length && !sure) return this.ask();
    this.isApplying = true;
    this.find(".sure").hidden = true;
    this.say(APPLYING);
    try {
      await this.put({ texts: this.draft.changed(), over: this.judged.over, sure });
    } catch (error) {
      this.judged = null;
      await this.check();
      this.say(this.judged ? `${error.message} ${verdictWords(this.judged)}` : error.message);
    }
    this.isApplying = false;
    this.describe();
    this.find(".apply").focus();
  }

  async put(edit) {
    const done = await tell("/api/catalogue/apply", edit);
    this.draft.applied(edit.texts);
    await this.refresh();
    this.untouched(`✓ ${done.words}`);
  }

  ask() {
    this.find(".sure").hidden = false;
    this.find("#catalogue-sure").focus();
    this.find(".sure").scrollIntoView({ block: "nearest" });
  }

  async reset() {
    clearTimeout(this.pause);
    this.draft.drop();
    this.show();
    this.untouched(BACK);
    await this.refresh();
  }

  markLines() {
    const problems = this.judged?.problems.filter((each) => each.file === this.file) ?? [];
    this.editor.mark(problems.map((each) => each.line));
  }

  describe() {
    for (const chip of this.chips()) {
      const { file } = chip.dataset;
      const wrong = this.judged?.problems.filter((each) => each.file === file).length;
      const state = chip.querySelector(".state");
      state.textContent = wrong ? `▲ ${wrong} chỗ sai` : this.draft.isEdited(file) ? "đã sửa" : "";
      state.classList.toggle("bad", Boolean(wrong));
    }
    const isReady = this.judged !== null && !this.judged.count && !this.isApplying;
    this.find(".apply").setAttribute("aria-disabled", String(!isReady));
    this.find(".reset").setAttribute("aria-disabled", String(!this.draft.isEdited()));
  }

  say(words) {
    this.find(".verdict").textContent = words;
  }

  chips() {
    return [...this.node.querySelectorAll(".chip")];
  }
}
