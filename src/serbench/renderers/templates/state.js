"use strict";
// What was chosen on the page, kept in the address behind a `~`, so that a link shows the same again:
// `index.html#case-7~metric=p99&op=read`. What is not there is as the page came.
const state = {
  values: new URLSearchParams(location.hash.split("~")[1] ?? ""),

  /** What was chosen under that name; `usual` where nothing was. */
  get(name, usual) {
    return this.values.get(name) ?? usual;
  },

  /** Remembers a choice, and forgets it where it is the usual one. */
  set(name, value, usual) {
    if (String(value) === String(usual)) this.values.delete(name);
    else this.values.set(name, value);
    this.write();
  },

  /** Puts all choices behind the place that the address names. */
  write() {
    const chosen = this.values.toString();
    history.replaceState(null, "", `#${this.place()}${chosen ? `~${chosen}` : ""}`);
  },

  /** The id that the address names, as it stands there. */
  place() {
    return location.hash.slice(1).split("~")[0];
  },
};
// A link within the page names its place alone; the choices stay. A place with choices behind it is gone to by hand.
addEventListener("hashchange", () => {
  if (!location.hash.includes("~")) state.write();
});
addEventListener("load", () => {
  if (location.hash.includes("~")) document.getElementById(state.place())?.scrollIntoView();
});
