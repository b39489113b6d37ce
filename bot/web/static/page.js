// Puts the page together and keeps it up to date.

import { CatalogueView } from "./catalogue.js";
import { HouseClock } from "./clock.js";
import { Phone } from "./phone.js";
import { Tabs } from "./tabs.js";
import { listen, read, tell } from "./wire.js";

const DEMO = "Bản trình diễn trên máy này: mỗi khung là một người, đồng hồ là mô phỏng.";
const RUN = "Hộp thoại nhắc việc thực hiện kế hoạch. Không gửi nội dung, tài liệu mật qua kênh này.";
const LOST = "Mất kết nối với hệ thống, đang nối lại …";
const RETRY = 3000; // milliseconds

const phones = new Map();
const tabs = new Tabs(document.getElementById("tabs"));
const clock = new HouseClock({ onRefused: showLine });
let catalogue = null; // of a demo only

function showLine(words) {
  const line = document.getElementById("line");
  line.textContent = words;
  line.hidden = !words;
}

function addPhone(given, limits) {
  const phone = new Phone(given, { ...limits, onChange: (changed) => tabs.describe(changed) });
  phones.set(phone.key, phone);
  document.getElementById("phones").append(phone.node);
  tabs.add(phone);
}

function addCatalogue() {
  if (catalogue) return;
  catalogue = new CatalogueView({ onChange: () => tabs.arrange() });
  document.getElementById("stage").prepend(catalogue.node);
  tabs.add(catalogue);
}

async function resync() {
  try {
    clock.set(await read("/api/clock"));
  } catch (error) {
    showLine(error.message);
  }
  for (const phone of phones.values()) phone.refresh();
  catalogue?.refresh();
}

async function start() {
  let given = await read("/api/start");
  if (!given.phones.length) given = await tell("/api/join");
  document.body.classList.add(given.demo ? "demo" : "run");
  document.getElementById("about").textContent = given.demo ? DEMO : RUN;
  clock.set(given.clock);
  if (given.demo && given.clock.simulated) clock.allowJumps();
  if (given.demo) addCatalogue();
  const limits = { maxText: given.max_text, maxUpload: given.max_upload };
  for (const each of given.phones) addPhone(each, limits);
  listen(
    {
      hello: resync,
      resync,
      clock: (told) => clock.set(told),
      news: ({ phone, about }) => phones.get(phone)?.expect(about),
      toast: ({ phone, text, about }) => phones.get(phone)?.answered(text, about),
    },
    (isUp) => showLine(isUp ? "" : LOST),
  );
}

async function startUntilDone() {
  try {
    await start();
    showLine("");
  } catch (error) {
    showLine(error.message);
    setTimeout(startUntilDone, RETRY);
  }
}

startUntilDone();
