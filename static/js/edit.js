// The page on which a letter is corrected: the words of the field you are in are shown in the letter, words selected
// there go into the field, and the keyboard does all of it. Without this the form works as it stands.
(() => {
  "use strict";
  const form = document.getElementById("edit");
  const letter = document.getElementById("letter-text");
  const status = document.getElementById("edit-status");
  const take = document.getElementById("take");
  if (!form || !letter) return;
  let field = null; // the last one that was in use
  let shown = null; // its words in the letter

  const words = (id) => document.getElementById(id) || document.getElementById(`${id}-0`);

  form.addEventListener("focusin", (event) => {
    if (!event.target.matches("input[type=text], input[type=date], textarea, select")) return;
    if (event.target.id !== "why") field = event.target;
    const place = event.target.closest("[data-words]");
    const found = place && words(place.dataset.words);
    if (shown) shown.classList.remove("in-use");
    shown = found;
    if (!found) return;
    found.classList.add("in-use");
    const box = letter.getBoundingClientRect();
    const at = found.getBoundingClientRect();
    if (at.top < box.top || at.bottom > box.bottom) letter.scrollTop += at.top - box.top - letter.clientHeight / 3;
  });

  const selected = () => {
    const selection = document.getSelection();
    const inside = selection && selection.rangeCount && letter.contains(selection.getRangeAt(0).commonAncestorContainer);
    return inside ? selection.toString().replace(/[ \t]*\n[ \t]*/g, "\n").trim() : "";
  };

  const fill = () => {
    const text = selected();
    if (!field || !text) {
      status.textContent = field ? "Select words in the letter first." : "Go to a field first.";
      return;
    }
    if (field.tagName === "SELECT") {
      const wanted = text.toLowerCase();
      const option = [...field.options].find((one) => one.text.toLowerCase() === wanted);
      if (!option) {
        status.textContent = "The list has no such choice.";
        return;
      }
      field.value = option.value;
    } else if (field.type === "date") {
      const found = /(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(text);
      if (found) field.value = `${found[3]}-${found[1].padStart(2, "0")}-${found[2].padStart(2, "0")}`;
    } else {
      field.value = field.tagName === "TEXTAREA" ? text : text.replace(/\s+/g, " ");
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    status.textContent = "The selected words are in the field.";
  };

  if (take) {
    take.hidden = false;
    take.addEventListener("click", fill);
  }
  // The words in the letter are links for readers; here they are there to be selected.
  letter.addEventListener("click", (event) => {
    if (event.target.closest("a")) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && event.code === "KeyS") {
      event.preventDefault();
      fill();
    } else if (event.ctrlKey && event.key === "Enter" && form.contains(event.target)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  let touched = false;
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
