// The rich menu: the picture the bot uploaded with its areas on top; plain labelled tiles when the picture is no picture.

import { perform } from "./actions.js";

export function drawMenu(menu, phone) {
  const board = document.createElement("div");
  board.className = "board";
  board.style.aspectRatio = `${menu.size.width} / ${menu.size.height}`;
  const picture = new Image();
  picture.alt = "";
  picture.addEventListener("load", () => board.classList.toggle("drawn", picture.naturalWidth >= 400));
  picture.src = `/playground/menu/${encodeURIComponent(menu.id)}`;
  board.append(picture, ...menu.areas.map((area) => tile(area, menu.size, phone)));
  return board;
}

function tile({ bounds, action }, size, phone) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = action.label ?? action.displayText ?? action.text ?? "";
  button.setAttribute("aria-label", button.textContent || "เมนู");
  const percent = (part, whole) => `${(part / whole) * 100}%`;
  button.style.left = percent(bounds.x, size.width);
  button.style.top = percent(bounds.y, size.height);
  button.style.width = percent(bounds.width, size.width);
  button.style.height = percent(bounds.height, size.height);
  button.addEventListener("click", () => perform(action, phone));
  return button;
}
