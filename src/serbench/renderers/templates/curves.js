// Codecs are shown and hidden in all drawings of the page, and percentile curves say their values: under the pointer, or
// at the percentile that is chosen with a slider. Everything is read from the drawings: `data-codec` and `data-curve` say
// whose an element is, `data-panel` where a panel of percentiles lies and what its axes say.
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

  // Which codecs are hidden: names between commas, in the address.
  const hidden = new Set(state.get("curves.hide", "").split(",").filter(Boolean).map(decodeURIComponent));
  const boxes = [];
  const show = () => {
    for (const element of marked) element.toggleAttribute("hidden", hidden.has(owner(element)));
    for (const box of boxes) box.checked = !hidden.has(box.value);
    for (const button of document.querySelectorAll(".curves-all")) button.hidden = hidden.size === 0;
  };
  const choose = () => {
    state.set("curves.hide", [...hidden].map(encodeURIComponent).join(","), "");
    show();
  };

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
    const codecs = new Map();
    for (const figure of own) {
      for (const element of figure.querySelectorAll("[data-codec], [data-curve]")) {
        if (!codecs.get(owner(element))) codecs.set(owner(element), colour(element));
      }
    }
    const labels = [...codecs].map(([name, tint]) => {
      const box = make("input", { type: "checkbox", value: name });
      box.addEventListener("change", () => {
        if (box.checked) hidden.delete(name);
        else hidden.add(name);
        choose();
      });
      boxes.push(box);
      return make("label", {}, box, dot(tint), name);
    });
    const all = make("button", { type: "button", class: "curves-all" }, "show all");
    all.addEventListener("click", () => {
      hidden.clear();
      choose();
      labels[0].control.focus(); // the button is gone now
    });
    return make("fieldset", { class: "curves" }, make("legend", {}, "Codecs in the drawings"), ...labels, all);
  };

  // One row of boxes above all figures of a payload.
  const sections = new Map();
  for (const figure of figures) {
    const own = sections.get(figure.parentElement) ?? [];
    sections.set(figure.parentElement, [...own, figure]);
  }
  for (const own of sections.values()) own[0].before(controls(own));
  show();

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

  const reader = (figure) => {
    const drawing = figure.querySelector("svg");
    const frame = drawing.parentElement;
    const panels = [...figure.querySelectorAll("[data-panel]")].map((group) => {
      const [title, ...numbers] = group.dataset.panel.split(" ");
      const [left, right, top, bottom, last, low, high] = numbers.map(Number);
      const curves = [...group.querySelectorAll("[data-curve]")].map((path) => [path.dataset.curve, points(path)]);
      const tip = make("div", { class: "curves-tip", hidden: "" });
      const line = document.createElementNS(SVG, "path");
      line.setAttribute("class", "curves-line");
      drawing.append(line);
      frame.append(tip);
      return { title, left, right, top, bottom, last, low, high, curves, tip, line };
    });

    /** Codec and ns of each curve of a panel that is shown, at that share of its width, the least time first. */
    const values = (panel, share) => {
      const x = panel.left + share * (panel.right - panel.left);
      return panel.curves
        .filter(([name]) => !hidden.has(name))
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
      const x = panel.left + share * (panel.right - panel.left);
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
      panel.tip.style.top = `${panel.top * scale}px`;
      panel.line.setAttribute("d", `M${x} ${panel.top}V${panel.bottom}`);
      return found.map(([name, ns]) => `${name} ${time(ns)}`).join(", ");
    };

    const clear = (among) => {
      for (const panel of among) {
        panel.tip.hidden = true;
        panel.line.removeAttribute("d");
      }
    };
    return { drawing, panels, say, clear };
  };

  const readable = (figure) => {
    let made;
    const get = () => (made ??= reader(figure)); // a page of a thousand cases is read where it is looked at
    const frame = figure.querySelector("svg").parentElement;
    const slider = make("input", { type: "range", min: "0", max: "1000", value: "500" });
    const told = make("output", { class: "curves-told" });

    frame.addEventListener("pointermove", (event) => {
      const { drawing, panels, say, clear } = get();
      const box = drawing.getBoundingClientRect();
      const scale = drawing.viewBox.baseVal.width / box.width;
      const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
      const over = panels.find((p) => x >= p.left && x <= p.right && y >= p.top && y <= p.bottom);
      clear(panels.filter((panel) => panel !== over));
      if (over) say(over, (x - over.left) / (over.right - over.left), y);
    });
    frame.addEventListener("pointerleave", () => get().clear(get().panels));

    const read = () => {
      const { panels, say } = get();
      const label = percentile(panels[0].last ** (slider.value / 1000));
      slider.setAttribute("aria-valuetext", label);
      const words = panels.map((panel) => {
        const said = say(panel, slider.value / 1000, (panel.top + panel.bottom) / 2);
        return `${panel.title}: ${said}`;
      });
      told.textContent = `${label}. ${words.join("; ")}`;
    };
    slider.addEventListener("input", read);
    slider.addEventListener("focus", read);
    slider.addEventListener("blur", () => get().clear(get().panels));
    const label = make("label", { class: "curves-slider" }, make("span", {}, "Read at a percentile"), slider);
    frame.before(label, told);
  };
  for (const figure of figures) {
    if (figure.querySelector("[data-panel]")) readable(figure);
  }
}
