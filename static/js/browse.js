/* The result page without loading it anew: the same address is fetched and its regions take the place of those shown.
   Anything unexpected ends in plain navigation, so nothing here is needed. */
"use strict";

(() => {
  const REGION = "browse"; // the id of what is replaced
  const FIND_WAIT = 200; // milliseconds without a key before a list is searched
  const path = window.location.pathname;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.append(status);
  let under = null; // the request under way
  let shown = window.location.search; // of the search that is shown

  const region = () => document.getElementById(REGION);
  const filters = () => document.getElementById("filters");
  const byKey = (key) => key && region()?.querySelector(`[data-key="${CSS.escape(key)}"]`);

  async function parsed(address, signal) {
    const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  /* What a visitor did to the page that the address does not say. */
  function state() {
    const focused = document.activeElement;
    return {
      key: focused?.dataset?.key,
      inside: region()?.contains(focused),
      open: new Map([...document.querySelectorAll("details[data-keep]")].map((one) => [one.dataset.keep, one.open])),
      panel: filters()?.classList.contains("filters--open") || filters()?.matches(":target"),
      scrolled: filters()?.scrollTop ?? 0,
    };
  }

  function restore(before, moved) {
    for (const details of document.querySelectorAll("details[data-keep]")) {
      if (before.open.has(details.dataset.keep)) details.open = before.open.get(details.dataset.keep) || details.open;
    }
    filters()?.classList.toggle("filters--open", Boolean(before.panel));
    const again = byKey(before.key) ?? byKey(before.key?.replace(/^not /, ""));
    if (again) again.focus({ preventScroll: true });
    else if (before.inside || moved) document.getElementById("results-heading")?.focus({ preventScroll: !moved });
    if (before.panel && filters()) filters().scrollTop = before.scrolled;
  }

  /* Show the search of an address. `moved`: to other results (a page, a step back), so that their beginning is shown. */
  async function show(address, { push = true, moved = false } = {}) {
    under?.abort();
    const request = (under = new AbortController());
    region()?.setAttribute("aria-busy", "true");
    try {
      const found = await parsed(address, request.signal);
      const fresh = found.getElementById(REGION);
      if (!fresh || !region()) throw new Error("not a page of results");
      const before = state();
      region().replaceWith(document.importNode(fresh, true));
      document.title = found.title;
      renewSearchBox(found);
      if (push) window.history.pushState({}, "", address);
      shown = window.location.search;
      restore(before, moved);
      if (moved) document.getElementById("main").scrollIntoView();
      status.textContent = document.getElementById("results-heading").textContent;
    } catch (error) {
      if (error.name !== "AbortError") window.location.assign(address);
    }
  }

  /* The filters that the search box keeps are those of the search that is shown. */
  function renewSearchBox(found) {
    const [form, fresh] = [document, found].map((one) => one.getElementById("masthead-q")?.closest("form"));
    if (!form || !fresh) return;
    form.querySelectorAll("input[type=hidden]").forEach((one) => one.remove());
    form.append(...[...fresh.querySelectorAll("input[type=hidden]")].map((one) => document.importNode(one, true)));
    const box = form.querySelector("#masthead-q");
    if (document.activeElement !== box) box.value = fresh.querySelector("#masthead-q").value;
  }

  const isSearch = (url) => url.origin === window.location.origin && url.pathname === path;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (link.hash === "#filters" && filters() && !filters().classList.contains("filters--open")) {
      event.preventDefault();
      filters().classList.add("filters--open");
      filters().focus();
    } else if (link.classList.contains("filters__close")) {
      event.preventDefault();
      filters().classList.remove("filters--open");
      if (window.location.hash) window.location.hash = "main"; // it was opened by its address
      (document.querySelector(".to-filters") ?? document.getElementById("main")).focus();
    } else if (link.dataset.whole) {
      event.preventDefault();
      openWhole(link);
    } else if (isSearch(url) && !url.hash && region()?.contains(link)) {
      event.preventDefault();
      show(url.href, { moved: Boolean(link.closest(".pages")) });
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "get" || !isSearch(new URL(form.action)) || !region()) return;
    event.preventDefault();
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    show(`${path}?${new URLSearchParams(given)}`, { moved: !region().contains(form) });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && filters()?.classList.contains("filters--open")) {
      filters().querySelector(".filters__close").click();
    }
  });

  window.addEventListener("popstate", () => {
    // Going to a place in the page is a step in the history too, but no other search.
    if (window.location.search !== shown) show(window.location.href, { push: false });
  });

  /* ---- all values of a facet, in place of the first ones ------------------------------------------------------- */

  async function openWhole(link) {
    const facet = link.closest("[data-facet]");
    try {
      const found = await parsed(link.href);
      const box = document.createElement("div");
      box.className = "whole__box";
      const id = `find-${link.dataset.whole}`;
      box.innerHTML = '<label></label><input type="search" maxlength="100"><p class="sort"><button type="button" data-order="count">By decisions</button><button type="button" data-order="name">By name</button></p><div class="values__all" tabindex="0" role="group"></div>';
      box.querySelector("label").htmlFor = id;
      box.querySelector("label").textContent = "Find by name";
      const [input, list] = [box.querySelector("input"), box.querySelector(".values__all")];
      input.id = id;
      list.setAttribute("aria-label", `All of “${facet.querySelector("h3").textContent}”`);
      list.replaceChildren(...values(found));
      facet.querySelectorAll(":scope > .values, :scope > .more, :scope > .whole").forEach((one) => one.remove());
      facet.append(box);
      followBox(box, input, list, new URL(link.href));
      input.focus();
    } catch {
      window.location.assign(link.href);
    }
  }

  const values = (found) => [...found.getElementById("values").childNodes].map((one) => document.importNode(one, true));

  function followBox(box, input, list, address) {
    let timer = 0;
    let asking = null;
    async function renew() {
      asking?.abort();
      asking = new AbortController();
      try {
        address.searchParams.set("find", input.value.trim());
        const found = await parsed(address.href, asking.signal);
        list.replaceChildren(...values(found));
        const number = list.querySelectorAll(".value").length;
        status.textContent = number ? `${number} value${number === 1 ? "" : "s"}` : "No such name";
      } catch (error) {
        if (error.name !== "AbortError") window.location.assign(address.href);
      }
    }
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(renew, FIND_WAIT);
    });
    box.addEventListener("click", (event) => {
      const { order } = event.target.dataset;
      if (!order) return;
      address.searchParams.set("order", order);
      box.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one === event.target)));
      renew();
    });
  }
})();
