// Flex Messages drawn as LINE draws them, closely enough to judge a design. Sizes are those of LINE's simulator.
// Text becomes text nodes and styles go through the CSSOM, so nothing a message says can turn into code.

import { perform } from "./actions.js";

const FONT = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const STEP = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const IMAGE = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
const BORDER = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
const SIDE = { start: "flex-start", center: "center", end: "flex-end", top: "flex-start", bottom: "flex-end" };

/** A bubble or a carousel as an element. */
export function flex(container, phone) {
  if (container.type !== "carousel") return bubble(container, phone);
  const row = make("div", "fx-carousel");
  row.tabIndex = 0;
  row.append(...container.contents.map((one) => bubble(one, phone)));
  return row;
}

/** Pictures may only come from this machine (the page's policy says the same). */
export function mayLoad(url) {
  return /^(\/(?!\/)|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(url);
}

function bubble(message, phone) {
  const element = make("div", `fx-bubble fx-${message.size ?? "mega"}`);
  element.dir = message.direction ?? "ltr";
  for (const name of ["header", "hero", "body", "footer"]) {
    if (!message[name]) continue;
    const block = component(message[name], phone, "vertical");
    block.classList.add("fx-block", `fx-${name}`);
    const style = message.styles?.[name] ?? {};
    if (style.backgroundColor) block.style.backgroundColor = style.backgroundColor;
    if (style.separator) block.style.borderTop = `1px solid ${style.separatorColor ?? "#d4d6da"}`;
    element.append(block);
  }
  tappable(element, message.action, phone);
  return element;
}

const DRAW = { box, text, button, image, icon, separator, filler, video: image };

function component(part, phone, layout) {
  const element = (DRAW[part.type] ?? filler)(part, phone);
  element.classList.add("fx");
  grow(element, part, layout);
  place(element, part);
  if (part.type !== "button") tappable(element, part.action, phone);
  return element;
}

/** Share of the room along the parent: LINE's defaults are 0 in vertical boxes and 1 in the others. */
function grow(element, part, layout) {
  const sized = part.width || part.type === "icon" || part.type === "separator";
  const share = part.flex ?? (layout === "vertical" || sized ? 0 : 1);
  element.style.flex = share > 0 ? `${share} 1 ${layout === "vertical" ? "auto" : "0"}` : "none";
  if (part.type === "filler") element.style.flex = `${part.flex ?? 1} 1 0`;
  if (part.gravity && layout === "horizontal") element.style.alignSelf = SIDE[part.gravity];
}

function place(element, part) {
  const style = element.style;
  if (part.position === "absolute") style.position = "absolute";
  set(style, "top", part.offsetTop, STEP);
  set(style, "bottom", part.offsetBottom, STEP);
  set(style, "insetInlineStart", part.offsetStart, STEP);
  set(style, "insetInlineEnd", part.offsetEnd, STEP);
}

function box(part, phone) {
  const element = make("div", `fx-box fx-${part.layout}`);
  const style = element.style;
  for (const child of part.contents) {
    const drawn = component(child, phone, part.layout);
    const before = element.childElementCount ? child.margin ?? part.spacing : undefined;
    set(drawn.style, part.layout === "vertical" ? "marginTop" : "marginInlineStart", before, STEP);
    element.append(drawn);
  }
  set(style, "padding", part.paddingAll, STEP);
  set(style, "paddingTop", part.paddingTop, STEP);
  set(style, "paddingBottom", part.paddingBottom, STEP);
  set(style, "paddingInlineStart", part.paddingStart, STEP);
  set(style, "paddingInlineEnd", part.paddingEnd, STEP);
  for (const name of ["width", "maxWidth", "height", "maxHeight"]) set(style, name, part[name], {});
  set(style, "borderRadius", part.cornerRadius, STEP);
  set(style, "borderWidth", part.borderWidth, BORDER);
  if (part.borderColor) style.borderColor = part.borderColor;
  if (part.backgroundColor) style.backgroundColor = part.backgroundColor;
  if (part.justifyContent) style.justifyContent = part.justifyContent;
  if (part.alignItems) style.alignItems = part.alignItems;
  if (part.background) style.backgroundImage = gradient(part.background);
  return element;
}

function gradient({ angle, startColor, endColor, centerColor, centerPosition }) {
  const middle = centerColor ? `, ${centerColor} ${centerPosition ?? "50%"}` : "";
  return `linear-gradient(${angle}, ${startColor}${middle}, ${endColor})`;
}

function text(part) {
  const element = make("p", "fx-text");
  letters(element.style, part, part.size ?? "md", part.scaling);
  if (part.align) element.style.textAlign = part.align;
  if (part.wrap) element.classList.add("fx-wrap");
  if (part.maxLines) {
    element.classList.add("fx-clamp");
    element.style.webkitLineClamp = part.maxLines;
  }
  if (part.lineSpacing) element.style.lineHeight = `calc(1.35em + ${part.lineSpacing})`;
  if (part.contents?.length) element.append(...part.contents.map((one) => span(one, part)));
  else element.textContent = part.text;
  return element;
}

function span(part, parent) {
  const element = make("span", "");
  letters(element.style, part, part.size, parent.scaling);
  element.textContent = part.text;
  return element;
}

function letters(style, part, size, scaling) {
  if (size) {
    const pixels = FONT[size] ?? Number.parseFloat(size);
    style.fontSize = scaling ? `calc(${pixels}px * var(--scale))` : `${pixels}px`;
  }
  if (part.color) style.color = part.color;
  if (part.weight === "bold") style.fontWeight = "700";
  if (part.style === "italic") style.fontStyle = "italic";
  if (part.decoration) style.textDecoration = part.decoration;
}

function button(part, phone) {
  const element = make("button", `fx-button fx-${part.style ?? "link"} fx-h-${part.height ?? "md"}`);
  element.type = "button";
  const label = make("span", "");
  label.textContent = part.action.label;
  if (part.scaling) label.style.fontSize = "calc(16px * var(--scale))";
  if (part.color && (part.style ?? "link") === "link") element.style.color = part.color;
  else if (part.color) element.style.backgroundColor = part.color;
  element.append(label);
  element.addEventListener("click", () => perform(part.action, phone));
  return element;
}

function image(part) {
  const frame = make("div", "fx-image");
  const [wide, high] = (part.aspectRatio ?? "1:1").split(":").map(Number);
  frame.style.width = part.size === "full" ? "100%" : length(part.size ?? "md", IMAGE);
  frame.style.alignSelf = SIDE[part.align ?? "center"];
  frame.style.aspectRatio = `${wide} / ${high}`;
  if (part.backgroundColor) frame.style.backgroundColor = part.backgroundColor;
  frame.append(loaded(part.previewUrl ?? part.url, part.aspectMode === "cover" ? "cover" : "contain"));
  return frame;
}

function icon(part) {
  const frame = make("span", "fx-icon");
  const [wide, high] = (part.aspectRatio ?? "1:1").split(":").map(Number);
  const pixels = FONT[part.size ?? "md"] ?? Number.parseFloat(part.size);
  frame.style.height = part.scaling ? `calc(${pixels}px * var(--scale))` : `${pixels}px`;
  frame.style.aspectRatio = `${wide} / ${high}`;
  frame.append(loaded(part.url, "contain"));
  return frame;
}

function loaded(url, fit) {
  if (!mayLoad(url)) return make("span", "fx-elsewhere");
  const picture = new Image();
  picture.alt = "";
  picture.style.objectFit = fit;
  picture.src = url;
  return picture;
}

function separator(part) {
  const element = make("div", "fx-separator");
  if (part.color) element.style.backgroundColor = part.color;
  return element;
}

function filler() {
  return make("div", "fx-filler");
}

function tappable(element, action, phone) {
  if (!action) return;
  element.classList.add("fx-tap");
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  const tap = (event) => {
    event.stopPropagation();
    perform(action, phone);
  };
  element.addEventListener("click", tap);
  element.addEventListener("keydown", (event) => event.key === "Enter" && event.target === element && tap(event));
}

function set(style, name, value, words) {
  if (value !== undefined) style[name] = length(value, words);
}

function length(value, words) {
  return value in words ? `${words[value]}px` : value;
}

function make(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}
