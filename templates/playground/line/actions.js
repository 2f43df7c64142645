// What happens when a person taps something: LINE's action objects.

import { choosePlace } from "./attach.js";

/** Carry out `action` on this phone. */
export function perform(action, phone) {
  const way = WAYS[action.type];
  if (way) way(action, phone);
  else phone.notice(`ยังไม่รองรับการกดแบบ ${action.type}`);
}

const WAYS = {
  message: (action, phone) => phone.do("say", { text: action.text }),
  postback: postback,
  uri: ({ uri }, phone) => open(uri, phone),
  camera: (_, phone) => phone.find(".file").click(),
  cameraRoll: (_, phone) => phone.find(".file").click(),
  location: (_, phone) => choosePlace(phone),
  clipboard: ({ clipboardText }, phone) => navigator.clipboard.writeText(clipboardText).then(() => phone.notice("คัดลอกแล้ว")),
  datetimepicker: pickTime,
};

async function postback(action, phone) {
  if (action.inputOption === "closeRichMenu") phone.openMenu(false);
  if (action.inputOption === "openRichMenu") phone.openMenu(true);
  if (action.inputOption === "openKeyboard") phone.fill(action.fillInText ?? "");
  await phone.do("tap", { data: action.data, ...(action.displayText ? { display_text: action.displayText } : {}) });
}

/** Web pages open in a new tab; links into LINE do what LINE does: its camera, album, map, or a text to send. */
function open(uri, phone) {
  const screen = uri.match(/^https:\/\/line\.me\/R\/nv\/(camera|cameraRoll|location)\b/);
  if (screen) return WAYS[screen[1]](uri, phone);
  const prefilled = uri.match(/^https:\/\/line\.me\/R\/oaMessage\/[^/]*\/\?(.*)$/);
  if (prefilled) phone.fill(decodeURIComponent(prefilled[1].replace(/^text=/, "")));
  else if (/^https?:\/\//.test(uri)) window.open(uri, "_blank", "noopener,noreferrer");
  else if (uri.startsWith("tel:")) phone.notice(`โทร ${uri.slice(4)}`);
  else phone.notice("ลิงก์นี้เปิดได้ใน LINE จริงเท่านั้น");
}

const KINDS = { date: "date", time: "time", datetime: "datetime-local" };

function pickTime(action, phone) {
  const dialog = document.getElementById("when");
  const input = dialog.querySelector("input");
  input.type = KINDS[action.mode];
  input.value = action.initial ?? "";
  input.min = action.min ?? "";
  input.max = action.max ?? "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "ok" && input.value) {
      phone.do("tap", { data: action.data, params: { [action.mode]: input.value } });
    }
  }, { once: true });
  dialog.showModal();
}
