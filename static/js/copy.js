// Gives each text marked data-copy (the id of its name) a button that copies it, and says aloud that it did.
// Without this script the texts can be selected (one click takes the whole text).
"use strict";
(() => {
  const texts = document.querySelectorAll("[data-copy]");
  if (!texts.length) return;

  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  document.querySelector("main").append(said);

  const select = (text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text.textContent.trim());
      return true;
    } catch { // no clipboard here (a page without TLS, a permission denied): the older way
      select(text);
      return document.execCommand("copy");
    }
  };

  texts.forEach((text) => {
    const name = document.getElementById(text.dataset.copy);
    const word = document.createTextNode("Copy");
    const what = document.createElement("span");
    what.className = "visually-hidden";
    what.textContent = name ? ` ${name.textContent}` : "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.append(word, what);
    let timer;
    button.addEventListener("click", async () => {
      const copied = await copy(text);
      if (!copied) select(text);
      word.data = copied ? "Copied" : "Selected";
      said.textContent = "";
      // A region that is emptied first says the same words again when they come again.
      requestAnimationFrame(() => {
        said.textContent = copied ? "Copied" : "The text is selected; copy it with your keyboard";
      });
      clearTimeout(timer);
      timer = setTimeout(() => { word.data = "Copy"; }, 2500);
    });
    text.after(button);
  });
})();
