// One line of a chat: who said it, when, and what. Words of others only ever become text nodes.

import { flex, mayLoad } from "./flex.js";
import { fromTemplate } from "./template.js";

const CLOCK = new Intl.DateTimeFormat("th-TH", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" });
const DAY = new Intl.DateTimeFormat("th-TH", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "Asia/Bangkok" });

export function renderEntry(entry, phone) {
  if (entry.unsent) return make("p", "note", entry.mine ? "คุณยกเลิกข้อความ" : "ข้อความถูกยกเลิก");
  const line = make("div", entry.mine ? "line mine" : "line");
  const body = content(entry, phone);
  if (entry.mine) line.append(stamp(entry), withUnsend(body, entry, phone));
  else line.append(make("span", "avatar", phone.find(".avatar").textContent), ...timed(body, entry));
  return line;
}

/** The time stands beside small things, and under cards that may fill the width. */
function timed(body, entry) {
  if (!["flex", "template"].includes(entry.message.type)) return [body, stamp(entry)];
  const column = make("div", "tall");
  column.append(body, stamp(entry));
  return [column];
}

export function dateLine(at) {
  return make("p", "day", DAY.format(at));
}

export function waitingDots() {
  const line = make("div", "line waiting");
  line.setAttribute("aria-label", "กำลังพิมพ์");
  line.append(make("span", "bubble", ""));
  line.firstChild.append(make("i"), make("i"), make("i"));
  return line;
}

function stamp(entry) {
  const time = make("span", "time", CLOCK.format(entry.at));
  if (entry.how !== "said" && entry.how !== "reply") time.prepend(make("em", "", "push"), make("br"));
  return time;
}

const KINDS = {
  text: (message) => make("div", "bubble", message.text),
  textV2: (message) => make("div", "bubble", message.text),
  sticker: () => picture("/playground/line/sticker.svg", "สติกเกอร์", "sticker"),
  image: (message, entry) => photo(message, entry),
  audio: (_, entry) => voice(entry),
  video: (message) => make("div", "bubble", `วิดีโอ ${Math.round(message.duration / 1000)} วินาที`),
  file: (message) => make("div", "bubble", `ไฟล์ ${message.fileName}`),
  location: (message) => place(message),
  flex: (message, _, phone) => flex(message.contents, phone),
  template: (message, _, phone) => flex(fromTemplate(message.template), phone),
};

function content(entry, phone) {
  const draw = KINDS[entry.message.type];
  return draw ? draw(entry.message, entry, phone) : make("div", "bubble", `[${entry.message.type}]`);
}

/** A person's own photo, or the bot's: small in the chat, whole in a tab of its own when it is tapped. */
function photo(message, entry) {
  if (entry.mine) return picture(`/playground/content/${entry.id}`, "รูปภาพ", "photo");
  const { originalContentUrl: whole, previewImageUrl: small } = message;
  if (!mayLoad(small) || !mayLoad(whole)) return make("div", "bubble", `[รูปภาพ] ${whole}`);
  const link = make("a", "picture");
  link.href = whole;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.append(picture(small, "รูปภาพ", "photo"));
  return link;
}

function voice(entry) {
  const player = document.createElement("audio");
  player.controls = true;
  player.preload = "metadata";
  player.src = `/playground/content/${entry.id}`;
  const card = make("div", "bubble voice", "ข้อความเสียง");
  card.append(player);
  return card;
}

function picture(source, alt, name) {
  const image = new Image();
  image.className = name;
  image.alt = alt;
  image.src = source;
  return image;
}

function place({ title, address, latitude, longitude }) {
  const card = make("div", "bubble place");
  card.append(make("strong", "", title || "ตำแหน่ง"), make("span", "", address || ""), make("small", "", `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`));
  return card;
}

/** One's own message opens a small menu: by click, long press (the same on touch), or Enter. */
function withUnsend(body, entry, phone) {
  const holder = make("div", "own");
  const menu = make("button", "popup unsend", "ยกเลิกข้อความ");
  menu.type = "button";
  menu.hidden = true;
  body.tabIndex = 0;
  const toggle = (event) => {
    event.preventDefault();
    event.stopPropagation();
    menu.hidden = !menu.hidden;
  };
  body.addEventListener("click", toggle);
  body.addEventListener("contextmenu", toggle);
  body.addEventListener("keydown", (event) => event.key === "Enter" && toggle(event));
  document.addEventListener("click", () => { menu.hidden = true; });
  menu.addEventListener("click", () => phone.do("unsend", { message_id: entry.id }));
  holder.append(body, menu);
  return holder;
}

function make(tag, name = "", text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
