// A little help on top of pages that work without it: word counts, saving while one writes, focus on the errors.
(function () {
  "use strict";

  const EVERY = 10000;

  function countWords(line) {
    const field = document.getElementById(line.dataset.wordsOf);
    if (!field) return;
    const words = (field.value.match(/\S+/g) || []).length;
    line.textContent = line.textContent.replace(/\d+/, words); // the first number of the sentence is the count
    line.classList.toggle("is-over", words > Number(line.dataset.most));
  }

  document.querySelectorAll("[data-words-of]").forEach((line) => {
    const field = document.getElementById(line.dataset.wordsOf);
    if (field) field.addEventListener("input", () => countWords(line));
  });

  // A form or a textarea with data-autosave-url is posted there every ten seconds while it changes. The server answers
  // with the sentence to show, its own words and its own clock: {"saved": "Saved at 2:41 p.m. Central"}, or {"sentence": …}
  // with an error status. "version" goes into the form's hidden field of that name; "url" makes the sentence a link.
  function keepSaving(holder) {
    const form = holder.closest("form");
    const line = liveLine(holder);
    let sent = snapshot(form);
    let isBusy = false;

    async function save() {
      const now = snapshot(form);
      if (isBusy || now === sent) return;
      if (!navigator.onLine) return say(line, holder.dataset.offline || "You are not online. Keep writing. We save it when you are back.");
      isBusy = true;
      try {
        const answer = await fetch(holder.dataset.autosaveUrl, {
          method: "POST",
          body: written(form),
          headers: { Accept: "application/json" },
          redirect: "error",
        });
        const told = await answer.json();
        if (told.version !== undefined && form.elements.version) form.elements.version.value = told.version;
        if (answer.ok) sent = now;
        say(line, told.saved || told.sentence, told.url);
      } catch (_) {
        say(line, holder.dataset.notSaved || "We could not save just now. Keep writing. Use the button when you are done.");
      }
      isBusy = false;
    }

    window.setInterval(save, EVERY);
    window.addEventListener("online", save);
  }

  function say(line, sentence, url) {
    line.textContent = url ? "" : sentence || "";
    if (!url) return;
    const link = document.createElement("a");
    link.href = url;
    link.textContent = sentence;
    line.append(link);
  }

  function snapshot(form) {
    return JSON.stringify([...written(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "version"));
  }

  function written(form) {
    const words = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach((input) => words.delete(input.name)); // files go with the button
    return words;
  }

  function liveLine(holder) {
    const given = holder.closest("form").querySelector("[data-saved]");
    if (given) return given;
    const line = document.createElement("p");
    line.className = "cp-small cp-quiet";
    line.setAttribute("role", "status");
    (holder.tagName === "FORM" ? holder.querySelector(".cp-actions") || holder.lastElementChild : holder).after(line);
    return line;
  }

  document.querySelectorAll("[data-autosave-url]").forEach(keepSaving);

  const errors = document.querySelector("[data-error-summary]");
  if (errors) errors.focus();
})();
