// One line of a transcript.

import { element, hour, size, textNodes } from "./words.js";

export function entryNode(entry, { files, onPress }) {
  const node = element("article", `entry ${entry.mine ? "mine" : "theirs"} ${entry.kind}`);
  node.append(element("span", "sr", entry.mine ? "Tôi: " : "Nhắc Việc: "));
  const bubble = element("div", "bubble");
  if (entry.heading) bubble.append(element("p", "heading", entry.heading));
  if (entry.text) bubble.append(textNode(entry));
  if (entry.file) bubble.append(fileNode(entry, files));
  const at = element("time", "at", hour(new Date(entry.at)));
  at.dateTime = entry.at;
  bubble.append(at);
  node.append(bubble);
  if (entry.buttons.length) node.append(buttonsNode(entry, onPress));
  return node;
}

function textNode(entry) {
  const text = element("p", "words");
  if (entry.kind === "press") text.append(element("span", "chose", "Đã chọn: "));
  text.append(textNodes(entry.text));
  return text;
}

function fileNode(entry, files) {
  const anchor = element("a", entry.file.inline ? "picture" : "document");
  anchor.href = `${files}/${encodeURIComponent(entry.file.id)}`;
  if (entry.file.inline) {
    const image = element("img");
    image.src = anchor.href;
    image.alt = entry.heading || entry.file.name;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.title = "Mở ảnh lớn";
    anchor.append(image);
  } else {
    anchor.download = entry.file.name;
    anchor.append(element("span", "file-name", entry.file.name), element("span", "file-size", size(entry.file.size)));
  }
  return anchor;
}

function buttonsNode(entry, onPress) {
  const rows = element("div", "buttons");
  rows.setAttribute("role", "group");
  rows.setAttribute("aria-label", "Trả lời nhanh");
  for (const row of entry.buttons) {
    const line = element("div", "row");
    for (const choice of row) {
      const button = element("button", "choice", choice.text);
      button.type = "button";
      button.addEventListener("click", () => onPress(entry, choice, button));
      line.append(button);
    }
    rows.append(line);
  }
  return rows;
}
