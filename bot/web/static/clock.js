// The house's clock, counted on in the page between what the server says.

import { tell } from "./wire.js";
import { day, hour } from "./words.js";

export class HouseClock {
  constructor({ onRefused }) {
    this.onRefused = onRefused;
    this.jumps = document.getElementById("jumps");
    for (const button of this.jumps.querySelectorAll("button")) {
      button.addEventListener("click", () => this.jump(button));
    }
    setInterval(() => this.draw(), 1000);
  }

  set(given) {
    this.from = new Date(given.now).getTime();
    this.heardAt = performance.now();
    this.speed = given.speed;
    this.nextAt = given.next_at ? new Date(given.next_at) : null;
    this.isSimulated = given.simulated;
    document.getElementById("time").hidden = !given.simulated; // the real time is on everybody's own screen
    this.draw();
  }

  allowJumps() {
    this.jumps.hidden = false;
  }

  draw() {
    if (this.from === undefined) return;
    const now = new Date(this.from + (performance.now() - this.heardAt) * this.speed);
    const clock = document.getElementById("clock");
    const words = `${day(now)} · ${hour(now)}`;
    if (clock.textContent !== words) {
      clock.textContent = words;
      clock.dateTime = now.toISOString();
    }
    const isAhead = this.nextAt && this.nextAt > now;
    document.getElementById("next").textContent = isAhead
      ? `Sự kiện tiếp theo: ${hour(this.nextAt)} ${day(this.nextAt)}`
      : this.isSimulated
        ? "Giờ mô phỏng"
        : "";
  }

  async jump(button) {
    if (this.jumps.getAttribute("aria-busy") === "true") return;
    this.jumps.setAttribute("aria-busy", "true");
    try {
      this.set(await tell("/api/clock", { jump: button.dataset.jump }));
    } catch (error) {
      this.onRefused(error.message);
    }
    this.jumps.removeAttribute("aria-busy");
  }
}
