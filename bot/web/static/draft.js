// The texts that run, and the same as somebody is editing them.

export class Draft {
  constructor() {
    this.revision = 0;
    this.running = {}; // as a text box holds them
    this.edited = {};
  }

  // What runs by now. What somebody is editing is left alone; what they have not touched follows.
  take({ revision, texts }) {
    this.revision = revision;
    for (const [file, given] of Object.entries(texts)) {
      const text = given.replace(/\r\n?/g, "\n");
      if (!this.isEdited(file)) this.edited[file] = text;
      this.running[file] = text;
    }
  }

  isEdited(file) {
    if (file) return this.edited[file] !== this.running[file];
    return Object.keys(this.running).some((each) => this.isEdited(each));
  }

  // Only what was edited is sent: a file's line ends, which a text box does not keep, are no edit.
  changed() {
    return Object.fromEntries(Object.entries(this.edited).filter(([file]) => this.isEdited(file)));
  }

  applied(texts) {
    Object.assign(this.running, texts);
  }

  drop() {
    this.edited = { ...this.running };
  }
}
