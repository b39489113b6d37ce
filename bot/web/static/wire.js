// Talking to the server: questions, what is said, and live events.

const MARK = { "X-Nhac-Viec": "1" };
const NO_LINE = "Không kết nối được với hệ thống. Đề nghị thử lại.";

export class Refused extends Error {}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new Refused(NO_LINE);
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.error || NO_LINE);
  return body;
}

export const read = (path) => ask(path);

export const tell = (path, body = {}) =>
  ask(path, {
    method: "POST",
    headers: { ...MARK, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

export const upload = (path, id, file) =>
  ask(path, {
    method: "POST",
    headers: {
      ...MARK,
      "Content-Type": file.type || "application/octet-stream",
      "X-Id": id,
      "X-Name": encodeURIComponent(file.name.normalize("NFC")),
    },
    body: file,
  });

// crypto.randomUUID exists only on https and loopback pages; a rehearsal may run on neither.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A hidden page lets go of its line: browsers keep only six to one server, and every open tab would hold one.
export function listen(handlers, onLine) {
  let source = null;
  let again = 0;

  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource("/events");
    source.onopen = () => onLine(true);
    source.onerror = () => {
      onLine(false);
      if (source && source.readyState === EventSource.CLOSED) {
        close();
        again = setTimeout(open, 3000);
      }
    };
    for (const [kind, handle] of Object.entries(handlers)) {
      source.addEventListener(kind, (event) => handle(JSON.parse(event.data)));
    }
  };
  const close = () => {
    clearTimeout(again);
    if (source) source.close();
    source = null;
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}
