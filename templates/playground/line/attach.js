// What a person sends besides words: photos from the album, a place on the map, a voice message, a video.

/** One photo alone or several at once, as LINE sends them. */
export async function sendPhotos(files, phone) {
  const contents = await Promise.all(files.map(encoded));
  const mime = files[0].type || "image/jpeg";
  if (contents.length === 1) await phone.do("photo", { content: contents[0], mime });
  else await phone.do("photos", { contents, mime });
}

async function encoded(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

/** LINE opens its map; here one chooses a place of the town or writes the coordinates. */
export function choosePlace(phone) {
  const dialog = document.getElementById("where");
  const field = (name) => dialog.querySelector(`[name="${name}"]`);
  const fill = () => {
    const [latitude, longitude, title, address] = field("preset").value.split("|");
    Object.entries({ latitude, longitude, title, address }).forEach(([name, value]) => { field(name).value = value; });
  };
  fill();
  field("preset").onchange = fill;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "ok") return;
    const [latitude, longitude] = ["latitude", "longitude"].map((name) => Number(field(name).value));
    phone.do("location", { latitude, longitude, title: field("title").value, address: field("address").value });
  }, { once: true });
  dialog.showModal();
}
