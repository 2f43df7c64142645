// One phone: its owner, the chat with the bot, and the ways to answer.

import { act } from "./api.js";
import { perform } from "./actions.js";
import { choosePlace, sendPhotos } from "./attach.js";
import { dateLine, renderEntry, waitingDots } from "./message.js";
import { drawMenu } from "./menu.js";

export class Phone {
  constructor(role, title, people, notice, changed) {
    this.element = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.element.classList.add(role);
    this.people = people;
    this.notice = notice;
    this.changed = changed;
    this.find("h2").textContent = title;
    this.reset();
    this.listen();
    this.ready = Promise.all(people.list.map((name) => this.addPerson(name))).then(([first]) => this.choose(first));
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  /** Do something as the owner of this phone and say so when the bot did not take it. */
  async do(verb, body = {}) {
    try {
      const { status } = await act(verb, { user: this.user, ...body });
      if (status === 0) this.notice("บอตไม่ตอบ (ยังไม่ได้เปิด หรือตอบช้าเกินไป)");
      else if (status === null) this.notice("ยังไม่ได้ตั้งที่อยู่ webhook ของบอต");
      else if (status >= 300) this.notice(`บอตตอบผิดพลาด (HTTP ${status})`);
    } catch (error) {
      this.notice(error.message);
    }
  }

  fill(text) {
    const input = this.find(".text");
    input.value = text;
    this.openMenu(false);
    input.focus();
  }

  /** Take what the server says about this chat: new and changed lines, and how the chat stands. */
  update(bot, chat) {
    if (!chat) return;
    this.find(".bot").textContent = bot.name;
    this.find(".avatar").textContent = [...bot.name.replace(/^เทศบาล(ตำบล|เมือง|นคร)?|^อบต\.?/, "")][0] || "ส";
    this.showStanding(chat);
    const atEnd = this.nearEnd(160);
    for (const entry of chat.entries) this.place(entry);
    this.showDots(chat.loading);
    this.showChips();
    if (JSON.stringify(chat.menu) !== this.menuShown) this.showMenu(chat.menu);
    if (atEnd || chat.entries.some((entry) => entry.mine)) this.toEnd();
  }

  nearEnd(pixels) {
    const log = this.find(".log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < pixels;
  }

  toEnd() {
    const log = this.find(".log");
    requestAnimationFrame(() => { log.scrollTop = log.scrollHeight; });
  }

  place(entry) {
    const log = this.find(".log");
    const before = this.lines.get(entry.id);
    const drawn = renderEntry(entry, this);
    if (before) {
      before.replaceWith(drawn);
    } else {
      const day = dateLine(entry.at);
      if (day.textContent !== this.day) log.append(day);
      this.day = day.textContent;
      log.append(drawn);
      this.last = entry;
    }
    this.lines.set(entry.id, drawn);
  }

  showStanding({ friend, blocked }) {
    this.find(".stranger").hidden = friend && !blocked;
    this.find(".entry").hidden = blocked;
    this.find(".block").hidden = blocked || !friend;
    this.find(".why").textContent = blocked ? "คุณบล็อกบัญชีนี้อยู่" : "เพิ่มเพื่อนก่อน แล้วเริ่มคุยได้เลย";
    this.find(".follow").textContent = blocked ? "เลิกบล็อก" : "เพิ่มเพื่อน";
  }

  showDots(seconds) {
    clearTimeout(this.dotsTimer);
    this.dots?.remove();
    if (seconds <= 0) return;
    this.dots = waitingDots();
    this.find(".log").append(this.dots);
    this.dotsTimer = setTimeout(() => this.dots.remove(), seconds * 1000);
  }

  /** Chips belong to the newest line only, and are gone once one was tapped. */
  showChips() {
    const chips = this.find(".chips");
    const items = this.last && !this.last.mine && !this.last.unsent ? this.last.message.quickReply?.items ?? [] : [];
    chips.hidden = items.length === 0 || this.used === this.last.id;
    if (chips.dataset.of === this.last?.id) return;
    chips.dataset.of = this.last?.id ?? "";
    chips.replaceChildren(...items.map(({ action }) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.textContent = action.label;
      chip.addEventListener("click", () => {
        this.used = this.last.id;
        chips.hidden = true;
        perform(action, this);
      });
      return chip;
    }));
    chips.scrollLeft = 0;
  }

  showMenu(menu) {
    this.menuShown = JSON.stringify(menu);
    this.find(".keyboard").hidden = this.find(".chatbar").hidden = !menu;
    this.find(".menu").replaceChildren(...(menu ? [drawMenu(menu, this)] : []));
    this.find(".chatbar").textContent = menu?.chatBarText ?? "";
    this.openMenu(Boolean(menu?.selected));
  }

  openMenu(open) {
    this.find(".menu").hidden = !open || this.find(".chatbar").hidden;
    this.find(".chatbar").setAttribute("aria-expanded", String(open));
    this.toEnd();
  }

  async addPerson(name) {
    const { user } = await act("person", { name });
    const option = new Option(name, user);
    this.find(".people").append(option);
    return user;
  }

  choose(user) {
    this.user = user;
    this.find(".people").value = user;
    this.reset();
    this.changed();
  }

  reset() {
    this.lines = new Map();
    this.last = this.day = this.used = this.menuShown = undefined;
    this.find(".log").replaceChildren();
    this.find(".chips").hidden = true;
    delete this.find(".chips").dataset.of;
  }

  listen() {
    const on = (selector, act_, type = "click") => this.find(selector).addEventListener(type, act_);
    on(".entry", (event) => {
      event.preventDefault();
      const text = this.find(".text").value.trim();
      this.find(".text").value = "";
      if (text) this.do("say", { text });
    }, "submit");
    this.find(".log").addEventListener("load", () => this.nearEnd(400) && this.toEnd(), true);
    on(".follow", () => this.do("follow"));
    on(".block", () => this.do("block"));
    on(".sticker", () => this.do("sticker"));
    on(".place", () => choosePlace(this));
    on(".voice", () => this.do("voice"));
    on(".video", () => this.do("video"));
    on(".photo", () => this.find(".file").click());
    on(".file", () => {
      const files = [...this.find(".file").files];
      this.find(".file").value = "";
      if (files.length) sendPhotos(files, this);
    }, "change");
    on(".chatbar", () => this.openMenu(this.find(".menu").hidden));
    on(".keyboard", () => this.openMenu(this.find(".menu").hidden));
    on(".big", () => {
      this.find(".big").setAttribute("aria-pressed", String(this.element.classList.toggle("large")));
      this.toEnd();
    });
    on(".people", () => this.choose(this.find(".people").value), "change");
    on(".add", async () => {
      const taken = new Set([...this.find(".people").options].map((option) => option.text));
      const name = this.people.spare.find((spare) => !taken.has(spare)) ?? `${this.find("h2").textContent} ${taken.size + 1}`;
      this.choose(await this.addPerson(name));
    });
    this.popup(".more", ".options");
    this.popup(".plus", ".attach");
  }

  /** A small menu that closes on the next click anywhere. */
  popup(button, list) {
    this.find(button).addEventListener("click", (event) => {
      event.stopPropagation();
      this.toggle(button, list, this.find(list).hidden);
    });
    document.addEventListener("click", () => this.toggle(button, list, false));
  }

  toggle(button, list, open) {
    this.find(list).hidden = !open;
    this.find(button).setAttribute("aria-expanded", String(open));
  }
}
