// Codecs are shown and hidden in all drawings of the page, and percentile curves say their values: under the pointer, or
// at the percentile that is chosen with a slider; their panels are shown and hidden by operation and by conditions.
// Drawings of other kinds keep all their panels: they hold operations against each other, their captions name findings of
// every panel, and they have no values to be read off one by one, for which few panels are drawn larger.
// Everything is read from the drawings: `data-codec` and `data-curve` say whose an element is, `data-panel` where a panel
// of percentiles lies and what its axes say.
{
  const figures = [...document.querySelectorAll("figure")].filter((f) => f.querySelector("[data-codec], [data-curve]"));
  const SVG = "http://www.w3.org/2000/svg";
  const owner = (element) => element.dataset.codec ?? element.dataset.curve;
  const marked = figures.flatMap((figure) => [...figure.querySelectorAll("[data-codec], [data-curve]")]);
  const make = (name, attributes = {}, ...inside) => {
    const element = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...inside);
    return element;
  };

  /**
   * What is left out, by name: kept in the address under that key, names between commas. `show` is called when it has
   * changed.
   */
  const choice = (key, show) => {
    const away = new Set(state.get(key, "").split(",").filter(Boolean).map(decodeURIComponent));
    const boxes = [];
    const buttons = [];
    const refresh = () => {
      for (const box of boxes) box.checked = !away.has(box.value);
      for (const button of buttons) button.hidden = away.size === 0;
      show();
    };
    const change = () => {
      state.set(key, [...away].map(encodeURIComponent).join(","), "");
      refresh();
    };

    /** A row of boxes: of each name what stands before it. */
    const row = (look, legend, names) => {
      const labels = [...names].map(([name, before]) => {
        const box = make("input", { type: "checkbox", value: name });
        box.addEventListener("change", () => {
          if (box.checked) away.delete(name);
          else away.add(name);
          change();
        });
        boxes.push(box);
        return make("label", {}, box, before, name);
      });
      const all = make("button", { type: "button", class: "curves-all" }, "show all");
      all.addEventListener("click", () => {
        away.clear();
        change();
        labels[0].control.focus(); // the button is gone now
      });
      buttons.push(all);
      return make("fieldset", { class: `curves ${look}` }, make("legend", {}, legend), ...labels, all);
    };
    return { away, refresh, row };
  };

  const readers = []; // of figures with percentile curves
  const arrange = () => readers.forEach((one) => one.arrange());
  const codecs = choice("curves.hide", () => {
    for (const element of marked) element.toggleAttribute("hidden", codecs.away.has(owner(element)));
  });
  const operations = choice("curves.operations", arrange);
  const conditions = choice("curves.conditions", arrange);

  /** The name of a codec's colour, if this element has it: `blue`. */
  const colour = (element) => {
    const words = [...(element.closest("svg [class]") ?? element.querySelector("[class]"))?.classList ?? []];
    return words.map((word) => word.match(/^[fs]-(?!paper|muted|ink|shade)(\w+)$/)?.[1]).find(Boolean);
  };

  /** A dot of that colour. */
  const dot = (tint) => {
    const drawn = document.createElementNS(SVG, "svg");
    const disc = document.createElementNS(SVG, "circle");
    Object.entries({ class: "dot", viewBox: "0 0 8 8", "aria-hidden": "true" }).forEach(([k, v]) => drawn.setAttribute(k, v));
    Object.entries({ class: `f-${tint}`, cx: "4", cy: "4", r: "4" }).forEach(([k, v]) => disc.setAttribute(k, v));
    drawn.append(disc);
    return drawn;
  };

  const controls = (own) => {
    const tints = new Map();
    for (const figure of own) {
      for (const element of figure.querySelectorAll("[data-codec], [data-curve]")) {
        if (!tints.get(owner(element))) tints.set(owner(element), colour(element));
      }
    }
    return codecs.row("curves-codecs", "Codecs in the drawings", [...tints].map(([name, tint]) => [name, dot(tint)]));
  };

  // One row of boxes above all figures of a payload.
  const sections = new Map();
  for (const figure of figures) {
    const own = sections.get(figure.parentElement) ?? [];
    sections.set(figure.parentElement, [...own, figure]);
  }
  for (const own of sections.values()) own[0].before(controls(own));

  // What the curves say.
  const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(2));
  const time = (ns) => {
    const [divisor, unit] = [[1e9, "s"], [1e6, "ms"], [1e3, "us"]].find(([most]) => ns >= most) ?? [1, "ns"];
    return `${digits(ns / divisor)} ${unit}`;
  };
  const percentile = (x) => `p${Number((100 - 100 / x).toFixed(Math.max(0, Math.ceil(Math.log10(x)) - 1)))}`;

  /** Pixels of a curve's points: `M1 2 3 4 5 6`. */
  const points = (path) => {
    const numbers = path.getAttribute("d").match(/-?[\d.]+/g).map(Number);
    return numbers.flatMap((x, n) => (n % 2 ? [] : [[x, numbers[n + 1]]]));
  };

  /** How high a curve is at that place across; nothing beyond its ends. */
  const height = (line, x) => {
    const after = line.findIndex(([place]) => place >= x);
    if (after < 0 || x < line[0][0]) return undefined;
    const [[x1, y1], [x2, y2]] = [line[Math.max(0, after - 1)], line[after]];
    return x2 > x1 ? y1 + ((x - x1) / (x2 - x1)) * (y2 - y1) : y2;
  };

  const MOST = 8; // lines of a tip

  const HEAD = 34; // pixels above a plot, for its title

  /** The panel that this place of the drawing belongs to, title and foot included; none for the key above all. */
  const panelAt = (panels, x, y) => panels.findLast((panel) => x > panel.left - 1 && y > panel.top - HEAD);

  /** The panels of a figure; what sets their conditions apart stands beside their titles: `gc on, us` says `gc on`. */
  const panelsOf = (figure) => {
    const panels = [...figure.querySelectorAll("[data-panel]")].map((group) => {
      const [operation, ...numbers] = group.dataset.panel.split(" ");
      const [left, right, top, bottom, last, low, high] = numbers.map(Number);
      return { group, operation, conditions: [], parts: [], left, right, top, bottom, last, low, high, across: 0, down: 0 };
    });
    const free = [...figure.querySelectorAll("svg text")].filter((text) => !text.closest("[data-panel]"));
    for (const text of free) {
      const [x, y] = ["x", "y"].map((name) => Number(text.getAttribute(name)));
      const panel = panelAt(panels, x, y);
      panel?.parts.push(text);
      if (panel && y < panel.top && text.textContent !== panel.operation) {
        panel.conditions = text.textContent.split(", ").slice(0, -1);
      }
    }
    return panels;
  };

  /**
   * Lets a figure's panels be shown and hidden; those that are shown close up, and few are drawn larger. The numbers of
   * the axis up are the same in all of them and stand before the first of each line, whichever that is.
   */
  const arranger = (figure, panels) => {
    const drawing = figure.querySelector("svg");
    const places = panels.map(({ left, top }) => ({ left, top }));
    const columns = places.filter(({ top }) => top === places[0].top).length;
    const numbers = panels.map(() => []);
    panels.forEach((panel, n) => {
      for (const part of panel.group.querySelectorAll("path, use, text")) {
        const axis = part.matches("text") && Number(part.getAttribute("x")) < panel.left;
        if (!part.closest("defs")) (axis ? numbers[n] : panel.parts).push(part);
      }
    });
    const { width, height } = drawing.viewBox.baseVal;
    const off = (parts, hidden) => parts.forEach((part) => part.classList.toggle("curves-off", hidden));
    return (shown) => {
      panels.forEach((panel) => {
        const place = places[shown.indexOf(panel)] ?? panel;
        [panel.across, panel.down] = [place.left - panel.left, place.top - panel.top];
        off(panel.parts, !shown.includes(panel));
        for (const part of panel.parts) part.setAttribute("transform", `translate(${panel.across} ${panel.down})`);
      });
      numbers.forEach((parts, n) => off(parts, n >= shown.length));
      const lines = Math.ceil(panels.length / columns) - Math.max(1, Math.ceil(shown.length / columns));
      const wide = columns - Math.min(columns, Math.max(2, shown.length)); // the key above takes two columns
      const [w, h] = [width - wide * ((places[1]?.left ?? 0) - places[0].left), height];
      const tall = h - lines * ((places[columns]?.top ?? 0) - places[0].top);
      drawing.setAttribute("viewBox", `0 0 ${w} ${tall}`);
      drawing.setAttribute("height", (width * tall) / w);
    };
  };

  const reader = (figure, panels) => {
    const drawing = figure.querySelector("svg");
    const frame = drawing.parentElement;
    for (const panel of panels) {
      panel.curves = [...panel.group.querySelectorAll("[data-curve]")].map((path) => [path.dataset.curve, points(path)]);
      panel.tip = make("div", { class: "curves-tip", hidden: "" });
      panel.line = document.createElementNS(SVG, "path");
      panel.line.setAttribute("class", "curves-line");
      drawing.append(panel.line);
      frame.append(panel.tip);
    }

    /** Codec and ns of each curve of a panel that is shown, at that share of its width, the least time first. */
    const values = (panel, share) => {
      const x = panel.left + share * (panel.right - panel.left);
      return panel.curves
        .filter(([name]) => !codecs.away.has(name))
        .map(([name, line]) => [name, height(line, x)])
        .filter(([, y]) => y !== undefined)
        .map(([name, y]) => {
          const up = (panel.bottom - y) / (panel.bottom - panel.top);
          return [name, panel.low * (panel.high / panel.low) ** up, y];
        })
        .sort(([, one], [, other]) => one - other);
    };

    /** Shows the values at that share; where a tip cannot have all, those nearest to that height. Returns words. */
    const say = (panel, share, near) => {
      const x = panel.left + panel.across + share * (panel.right - panel.left);
      const top = panel.top + panel.down;
      const found = values(panel, share);
      const kept = new Set(
        [...found].sort(([, , a], [, , b]) => Math.abs(a - near) - Math.abs(b - near)).slice(0, MOST).map(([name]) => name),
      );
      const rows = found
        .filter(([name]) => kept.has(name))
        .map(([name, ns]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, time(ns))));
      const label = percentile(panel.last ** share);
      panel.tip.replaceChildren(make("table", {}, make("caption", {}, label), ...rows));
      panel.tip.hidden = rows.length === 0;
      const scale = drawing.clientWidth / drawing.viewBox.baseVal.width;
      const beside = share > 0.5 ? x * scale - panel.tip.offsetWidth - 10 : x * scale + 10;
      panel.tip.style.left = `${Math.max(0, beside)}px`;
      panel.tip.style.top = `${top * scale}px`;
      panel.line.setAttribute("d", `M${x} ${top}V${panel.bottom + panel.down}`);
      return found.map(([name, ns]) => `${name} ${time(ns)}`).join(", ");
    };

    const clear = (among) => {
      for (const panel of among) {
        panel.tip.hidden = true;
        panel.line.removeAttribute("d");
      }
    };
    return { say, clear };
  };

  /** Rows of boxes for what a figure's panels differ in. */
  const panelRows = (panels) => {
    const row = (what, legend, words) => {
      const apart = [...new Set(words)].filter((word) => words.filter((one) => one === word).length < panels.length);
      return apart.length ? [what.row("curves-panels", legend, apart.map((word) => [word, ""]))] : [];
    };
    const kinds = panels[0].conditions; // a word for each condition that differs
    return [
      ...row(operations, "Operations", panels.map((panel) => panel.operation)),
      ...row(conditions, "Conditions", kinds.flatMap((_, n) => panels.map((panel) => panel.conditions[n]))),
    ];
  };

  /** Which of these panels the pointer is over: at what share of its width, at what height of the drawing as it came. */
  const pointedAt = (drawing, panels, event) => {
    const box = drawing.getBoundingClientRect();
    const scale = drawing.viewBox.baseVal.width / box.width;
    const [left, top] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    for (const panel of panels) {
      const [x, y] = [left - panel.across, top - panel.down];
      if (x >= panel.left && x <= panel.right && y >= panel.top && y <= panel.bottom) {
        return { panel, share: (x - panel.left) / (panel.right - panel.left), height: y };
      }
    }
    return undefined;
  };

  const readable = (figure) => {
    const panels = panelsOf(figure);
    const kept = (panel) =>
      !operations.away.has(panel.operation) && !panel.conditions.some((word) => conditions.away.has(word));
    let shown = panels;
    let made;
    let place;
    const get = () => (made ??= reader(figure, panels)); // a page of a thousand cases is read where it is looked at
    const drawing = figure.querySelector("svg");
    const frame = drawing.parentElement;
    const slider = make("input", { type: "range", min: "0", max: "1000", value: "500" });
    const told = make("output", { class: "curves-told" });
    const none = make("output", { class: "curves-none" });

    const arrange = (whole = false) => {
      const now = panels.filter((panel) => whole || kept(panel));
      if (now.length === shown.length && now.every((panel, n) => panel === shown[n])) return;
      shown = now;
      place ??= arranger(figure, panels);
      place(shown);
      none.textContent = shown.length ? "" : "No panel is chosen.";
      frame.hidden = label.hidden = shown.length === 0;
    };
    readers.push({ arrange });

    frame.addEventListener("pointermove", (event) => {
      const { say, clear } = get();
      const over = pointedAt(drawing, shown, event);
      clear(panels.filter((panel) => panel !== over?.panel));
      if (over) say(over.panel, over.share, over.height);
    });
    frame.addEventListener("pointerleave", () => get().clear(panels));

    const read = () => {
      const share = slider.value / 1000;
      const percent = percentile(panels[0].last ** share);
      slider.setAttribute("aria-valuetext", percent);
      const words = shown.map((panel) => {
        const said = get().say(panel, share, (panel.top + panel.bottom) / 2);
        return `${[panel.operation, ...panel.conditions].join(", ")}: ${said}`;
      });
      told.textContent = `${percent}. ${words.join("; ")}`;
    };
    slider.addEventListener("input", read);
    slider.addEventListener("focus", read);
    slider.addEventListener("blur", () => get().clear(panels));
    const label = make("label", { class: "curves-slider" }, make("span", {}, "Read at a percentile"), slider);
    frame.before(...panelRows(panels), none, label, told);
  };
  for (const figure of figures) {
    if (figure.querySelector("[data-panel]")) readable(figure);
  }
  for (const what of [codecs, operations, conditions]) what.refresh();

  // On paper everything is there.
  addEventListener("beforeprint", () => readers.forEach((one) => one.arrange(true)));
  addEventListener("afterprint", arrange);
}
