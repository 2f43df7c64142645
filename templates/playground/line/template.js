// Template messages are drawn as the Flex bubbles they resemble.

export function fromTemplate(template) {
  if (template.type === "carousel" || template.type === "image_carousel") {
    return { type: "carousel", contents: template.columns.map((column) => bubble(column, "vertical")) };
  }
  return bubble(template, template.type === "confirm" ? "horizontal" : "vertical");
}

function bubble(card, layout) {
  const words = [
    ...(card.title ? [{ type: "text", text: card.title, weight: "bold", size: "lg", wrap: true }] : []),
    ...(card.text ? [{ type: "text", text: card.text, wrap: true }] : []),
  ];
  const url = card.thumbnailImageUrl ?? card.imageUrl;
  const actions = card.actions ?? [card.action];
  return {
    type: "bubble",
    ...(url ? { hero: { type: "image", url, size: "full", aspectRatio: "20:13", aspectMode: "cover" } } : {}),
    ...(words.length ? { body: { type: "box", layout: "vertical", spacing: "sm", contents: words } } : {}),
    footer: { type: "box", layout, contents: actions.map((action) => ({ type: "button", style: "link", height: "sm", action })) },
  };
}
