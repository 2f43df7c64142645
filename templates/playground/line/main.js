// Two phones on one page. One long poll feeds both; everything a person does goes through act() and comes back by it.

import { act, changes, counters } from "./api.js";
import { Phone } from "./phone.js";

const query = new URLSearchParams(location.search);
const NAMES = ["คุณสมศรี", "คุณประยูร", "คุณมาลี", "คุณวิชัย", "คุณบุญมี", "คุณอารีย์", "คุณสุชาติ", "คุณจันทร์เพ็ญ"];
let poll = new AbortController();
let since = 0;

const phones = [
  new Phone("resident", "ประชาชน", names("resident", NAMES[0]), notice, restart),
  new Phone("officer", "เจ้าหน้าที่", names("officer", "เจ้าหน้าที่นภา"), notice, restart),
];

start();

async function start() {
  document.getElementById("phones").append(...phones.map((phone) => phone.element));
  for (const tab of document.querySelectorAll(".tabs button")) {
    tab.addEventListener("click", () => show(tab.dataset.show));
  }
  show(query.get("phone") === "officer" ? "officer" : "resident");
  const prefilled = query.get("text");
  if (prefilled) phones[0].fill(prefilled);
  await Promise.all(phones.map((phone) => phone.ready));
  for (;;) await listen();
}

async function listen() {
  const users = phones.map((phone) => phone.user);
  try {
    const news = await changes(users, since, poll.signal);
    for (const phone of phones) phone.update(news.bot, news.chats[phone.user]);
    since = Math.max(news.rev, 1);
    document.getElementById("billable").textContent = (await counters()).billable;
    notice("");
  } catch (error) {
    if (error.name === "AbortError") return;
    notice("ติดต่อ LINE จำลองไม่ได้ กำลังลองใหม่");
    await new Promise((again) => setTimeout(again, 1500));
    since = 0;
  }
}

/** Another person took a phone: ask for everything again. */
function restart() {
  since = 0;
  poll.abort();
  poll = new AbortController();
}

function show(role) {
  document.body.dataset.show = role;
  for (const tab of document.querySelectorAll(".tabs button")) {
    tab.setAttribute("aria-selected", String(tab.dataset.show === role));
  }
}

let hiding = 0;
function notice(text) {
  const place = document.getElementById("notice");
  if (!text && hiding) return;
  place.textContent = text;
  place.hidden = !text;
  clearTimeout(hiding);
  hiding = text ? setTimeout(() => { hiding = 0; notice(""); }, 6000) : 0;
}

function names(role, first) {
  const wanted = query.getAll(role);
  return { list: wanted.length ? wanted : [first], spare: role === "resident" ? NAMES : [], act };
}
