// A link to a case opens it and goes there, from wherever it comes; a case that is open can have its histogram copied.
{
  const named = (place) => {
    try {
      return document.getElementById(decodeURIComponent(place));
    } catch {
      return null; // no text is encoded like that
    }
  };
  const show = (place) => {
    const found = named(place)?.closest("details.case");
    if (!found) return;
    found.open = true;
    found.scrollIntoView({ behavior: "instant" }); // from one end of a long page to the other
  };
  addEventListener("hashchange", () => show(state.place()));
  addEventListener("load", () => show(state.place()));
  // The address may name it already, and then nothing changes.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#case-"]');
    if (link) show(link.hash.slice(1).split("~")[0]);
  });

  const copy = async (area, button) => {
    try {
      await navigator.clipboard.writeText(area.value);
    } catch {
      area.select();
      document.execCommand("copy"); // where pages from files may not use the other way
    }
    button.textContent = "Copied";
  };
  // Buttons are made as cases are opened: a page may have a thousand.
  const equip = (details) => {
    const area = details.querySelector("textarea");
    if (!area || details.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-live", "polite"); // that it was copied is said as well
    button.textContent = "Copy";
    button.addEventListener("click", () => copy(area, button));
    button.addEventListener("blur", () => {
      button.textContent = "Copy";
    });
    area.after(button);
  };
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches?.("details.case[open]")) equip(event.target);
    },
    true,
  );
}
