// Lets files and whole folders be dropped on the form, and says how many there are. The form works
// without it.

const form = document.querySelector("[data-upload]");
const input = form?.querySelector("input[name=uploads]");
const chosen = form?.querySelector("[data-chosen]");

/** All files below an entry of a drop. */
async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
  const reader = entry.createReader();
  const found = [];
  for (;;) { // a folder is told a hundred entries at a time
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesOf(one)));
  }
}

async function take(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  const given = new DataTransfer();
  for (const entry of entries) for (const file of await filesOf(entry)) given.items.add(file);
  input.files = given.files;
  tell();
}

function tell() {
  const files = [...form.querySelectorAll("input[type=file]")].flatMap((one) => [...one.files]);
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const size = (bytes / 2 ** 20).toLocaleString(document.documentElement.lang, {
    maximumFractionDigits: 1,
  });
  const number = files.length.toLocaleString(document.documentElement.lang);
  const many = chosen.dataset.many.replace("{n}", number).replace("{mb}", size);
  chosen.textContent = files.length === 0 ? "" : files.length === 1 ? chosen.dataset.one : many;
}

if (form) {
  for (const one of form.querySelectorAll("input[type=file]")) one.addEventListener("change", tell);
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.classList.add("is-target");
  });
  form.addEventListener("dragleave", () => form.classList.remove("is-target"));
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.classList.remove("is-target");
    take(event.dataTransfer);
  });
  let isSending = false;
  form.addEventListener("submit", (event) => {
    if (isSending) event.preventDefault(); // a double click is one
    isSending = true;
    if (input.files.length > 0) chosen.textContent = chosen.dataset.sending;
  });
  addEventListener("pageshow", () => (isSending = false)); // come back to by the browser
}
