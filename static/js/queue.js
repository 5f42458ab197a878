// The review queue by keyboard: j and k move, a accepts, d is "not an error", q asks, n takes the next one, c leads to
// the correction, u undoes. Every key presses a button or follows a link that is on the page. They can be turned off.
// And a page that shows how far work in the background has come looks again every two seconds.
"use strict";
(() => {
  const shown = document.querySelector("[data-progress]");
  if (!shown) return;
  const look = async () => {
    let now = null;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) now = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { /* the next look may get through */ }
    const found = now?.querySelector("[data-progress]");
    if (now && !found) return location.reload();  // it has ended: other words and buttons belong here
    if (found) {
      shown.querySelector("progress").value = found.querySelector("progress").value;
      shown.querySelector("[data-said]").textContent = found.querySelector("[data-said]").textContent;
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
})();
(() => {
  const legend = document.querySelector("[data-keys]");
  if (!legend) return;
  const STORE = "queue-keys", PLACE = "queue-place";
  const kept = (store, name) => { try { return store.getItem(name); } catch { return null; } };
  const keep = (store, name, value) => { try { store.setItem(name, value); } catch { /* not kept, that is all */ } };

  const toggle = legend.querySelector("[data-keys-on]");
  toggle.checked = kept(localStorage, STORE) !== "off";
  toggle.addEventListener("change", () => keep(localStorage, STORE, toggle.checked ? "on" : "off"));
  legend.hidden = false;

  const rows = [...document.querySelectorAll("ol [data-row]")];
  const current = () => rows.findIndex((row) => row.contains(document.activeElement));
  const go = (place) => {
    const row = rows[Math.max(0, Math.min(place, rows.length - 1))];
    if (row) row.querySelector("[data-row-link]").focus();
  };

  // After a decision the list comes again without its row: go on where it was.
  const place = kept(sessionStorage, PLACE);
  if (place !== null && rows.length) {
    keep(sessionStorage, PLACE, "");
    if (place !== "") go(Number(place));
  }

  const press = (button, at) => {
    if (at >= 0) keep(sessionStorage, PLACE, String(at));
    button.click();
  };

  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const key = event.key.toLowerCase(), at = current();
    if ((key === "j" || key === "k") && rows.length) {
      go(at < 0 ? 0 : at + (key === "j" ? 1 : -1));
    } else if (at >= 0 && key === "q") {
      rows[at].querySelector("[data-row-link]").click();
    } else if (at >= 0 && rows[at].querySelector(`[data-row-key="${CSS.escape(key)}"]`)) {
      press(rows[at].querySelector(`[data-row-key="${CSS.escape(key)}"]`), at);
    } else if (document.querySelector(`[data-focus="${CSS.escape(key)}"]`)) {
      document.querySelector(`[data-focus="${CSS.escape(key)}"]`).focus();
    } else if (document.querySelector(`[data-key="${CSS.escape(key)}"]`)) {
      press(document.querySelector(`[data-key="${CSS.escape(key)}"]`), -1);
    } else return;
    event.preventDefault();
  });
})();
