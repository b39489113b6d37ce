// Times, sizes and texts as people read them.

const DAYS = ["Chủ Nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"];
const HOURS_EAST = 7; // Asia/Ho_Chi_Minh, all year
const LINK = /https?:\/\/[^\s<>"']+/g;
const AFTER_LINK = /[.,;:!?)\]}»”’]+$/;

// The moment moved so that its UTC fields read as Vietnam's: the browser's own zone must not matter.
const local = (moment) => new Date(moment.getTime() + HOURS_EAST * 3600 * 1000);
const two = (number) => String(number).padStart(2, "0");

export function hour(moment) {
  const at = local(moment);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

export function day(moment) {
  const at = local(moment);
  return `${DAYS[at.getUTCDay()]}, ${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`;
}

export function size(bytes) {
  if (bytes === null || bytes === undefined) return "";
  if (bytes < 1000) return `${bytes} B`;
  const [number, unit] = bytes < 1e6 ? [bytes / 1e3, "KB"] : [bytes / 1e6, "MB"];
  return `${number.toLocaleString("vi-VN", { maximumFractionDigits: 1 })} ${unit}`;
}

// Whatever anybody typed goes in as text nodes; only a parsed http(s) address becomes a link.
export function textNodes(text) {
  const nodes = document.createDocumentFragment();
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(AFTER_LINK, "");
    if (!isWeb(address)) continue;
    nodes.append(text.slice(from, found.index), link(address));
    from = found.index + address.length;
  }
  nodes.append(text.slice(from));
  return nodes;
}

function isWeb(address) {
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:";
  } catch {
    return false;
  }
}

function link(address) {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.textContent = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
  return anchor;
}

export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
