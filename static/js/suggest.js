/* Suggestions below a search box: the combobox pattern of the ARIA Authoring Practices (list, no inline completion).
   Without this script the box is a plain field of a form. */
"use strict";

(() => {
  const WAIT = 120; // milliseconds without a key before the server is asked
  const remembered = new Map();

  function element(name, attributes = {}, text = "") {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  }

  async function fetched(address, signal) {
    if (!remembered.has(address)) {
      const answer = await fetch(address, { signal });
      if (!answer.ok) throw new Error(answer.status);
      remembered.set(address, (await answer.json()).suggestions);
    }
    return remembered.get(address);
  }

  function enhance(input) {
    const list = element("ul", { role: "listbox", id: `${input.id}-list`, class: "suggestions", "aria-label": "Suggestions", hidden: "" });
    const status = element("div", { role: "status", class: "visually-hidden" });
    const holder = element("div", { class: "suggest" });
    input.before(holder);
    holder.append(input, list, status);
    const attributes = {
      role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    };
    for (const [key, value] of Object.entries(attributes)) input.setAttribute(key, value);
    let options = [];
    let active = -1;
    let timer = 0;
    let asking = null;

    function close() {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      status.textContent = "";
    }

    function choose(place) {
      list.children[active]?.setAttribute("aria-selected", "false");
      active = place;
      const option = list.children[active];
      if (!option) return input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    }

    function show(found) {
      options = found;
      if (!found.length) return close();
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.replaceChildren(...found.map((one, place) => {
        const option = element("li", { role: "option", id: `${list.id}-${place}`, "aria-selected": "false" });
        const count = `${one.decisions.toLocaleString("en-US")} decision${one.decisions === 1 ? "" : "s"}`;
        option.append(element("span", { class: "suggestions__text" }, one.text), " ",
          element("span", { class: "suggestions__kind" }, `${one.kind}, ${count}`));
        option.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the box
        option.addEventListener("click", () => go(place));
        return option;
      }));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      status.textContent = `${found.length} suggestion${found.length === 1 ? "" : "s"}; the arrow keys lead through them`;
    }

    function go(place) {
      const { url } = options[place];
      close();
      window.location.assign(url);
    }

    async function ask() {
      asking?.abort();
      asking = new AbortController();
      const typed = input.value.trim().toLowerCase();
      if (typed.length < 2 || typed.length > 60) return close();
      try {
        const found = await fetched(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, asking.signal);
        if (document.activeElement === input && input.value.trim().toLowerCase() === typed) show(found);
      } catch (error) {
        if (error.name !== "AbortError") close(); // without suggestions the box works as ever
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("blur", close);
    input.form?.addEventListener("submit", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const open = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) return void ask();
        const step = event.key === "ArrowDown" ? 1 : -1;
        // One place more than there are options: the box itself, with nothing chosen.
        const places = options.length + 1;
        choose(((active + 1 + step + places) % places) - 1);
      } else if (event.key === "Enter" && open && active >= 0) {
        event.preventDefault();
        go(active);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        close();
      }
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(enhance);
})();
