// What a check found: problems with their places, or what an edit would do.

import { element } from "./words.js";

export const NAMES = { plan: "Nhiệm vụ", units: "Đơn vị", calendar: "Lịch" };
const ITEM = /^- /;

export function problemItems(problems, onChoose) {
  return problems.map((problem) => {
    const item = element("li");
    const button = element("button", "problem");
    button.type = "button";
    const place = `${NAMES[problem.file]}, dòng ${problem.line}, cột ${problem.column}`;
    button.append(element("b", "place", `▲ ${place}`), element("span", "", problem.words));
    button.addEventListener("click", () => onChoose(problem));
    item.append(button);
    return item;
  });
}

// Lines that begin with a dash belong to the line above them.
export function effectItems(lines) {
  const items = [];
  let inner = null;
  for (const line of lines) {
    if (ITEM.test(line) && items.length) {
      if (!inner) items.at(-1).append((inner = element("ul")));
      inner.append(element("li", "", line.replace(ITEM, "")));
    } else {
      items.push(element("li", "", line));
      inner = null;
    }
  }
  return items;
}

export function verdictWords(judged) {
  if (judged.count) return `▲ ${judged.count} chỗ sai, chưa áp dụng được.`;
  if (judged.nothing) return "✓ Không có lỗi. Không có thay đổi về hạn và tin nhắn.";
  return "✓ Không có lỗi. Nếu áp dụng:";
}
