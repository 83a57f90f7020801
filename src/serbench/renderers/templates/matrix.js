// Makes the matrix anew for every choice. Without this script a table stands there for each headline operation.
// Data: codecs are [name, format, model]; metrics [key, words, kind, whether they are counted]; the cells of a block
// [place of the codec, of the payload, case id, numbers]. There is a number for each metric: a plain one, or
// [value, low, high] with its interval, or [place among the reasons] where there is none.
{
  const STEPS = [1.1, 1.5, 2, 4, 8];
  const UNITS = {
    time: [[1e9, "s"], [1e6, "ms"], [1e3, "us"], [1, "ns"]],
    rate: [[1e6, "M/s"], [1e3, "k/s"], [1, "/s"]],
    size: [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"], [1, "B"]],
  };
  const WIDEST = 1e4; // from here on in the unit of the whole table, each column has its own
  const FROM_NOTHING = { short: "from nothing", reason: "the other is 0, and nothing is a multiple of that" };

  // Numbers as Python writes them: three significant digits, exact halves to the even one.
  const rounded = (value) => {
    const [digits, exponent] = value.toExponential(24).split("e");
    const even = /^.\..[02468]50*$/.test(digits);
    return even ? Number(`${digits.slice(0, 4)}e${exponent}`) : Number(value.toPrecision(3));
  };
  const significant = (value) => {
    if (value === 0) return "0";
    const shown = rounded(value);
    return shown.toFixed(Math.max(0, 2 - Number(shown.toExponential().split("e")[1])));
  };
  const grouped = (digits) => {
    const [whole, ...rest] = digits.split(".");
    const thin = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") : whole;
    return [thin, ...rest].join(".");
  };
  const written = (value, [divisor, name]) => grouped(name === "B" ? String(value) : significant(value / divisor));
  const unitOf = (values, kind) => {
    const positive = values.filter((value) => value > 0);
    const smallest = positive.length ? rounded(Math.min(...positive)) : 1;
    return UNITS[kind].find(([divisor]) => smallest >= divisor) ?? UNITS[kind].at(-1);
  };
  const inWords = ({ value, low, high }, kind) => {
    const unit = unitOf([value], kind);
    const ends = low === undefined ? "" : ` (${written(low, unit)}\u2013${written(high, unit)})`;
    return `${written(value, unit)} ${unit[1]}${ends}`;
  };

  // A number has a `value`, or `short` words and a `reason` in its place.
  const isThere = (number) => number.value !== undefined;
  const goodness = ({ value }, kind) => (kind === "rate" ? -value : value);
  const multiple = (number, base) => {
    if (!isThere(number)) return number;
    if (!isThere(base)) return { short: "no base", reason: `what it is to be over is ${base.short}: ${base.reason}` };
    if (number.value === base.value) return { value: 1 };
    return base.value > 0 ? { value: number.value / base.value } : FROM_NOTHING;
  };
  const stepOf = (number, best, kind) => {
    const over = multiple(number, best).value ?? Infinity;
    const worse = kind === "rate" ? 1 / over : over;
    return STEPS.filter((end) => (worse < Infinity ? rounded(worse) : worse) > end).length;
  };

  // How a number is told from the best: nothing where it is apart.
  const told = (one, best, exact) => {
    if (exact) return one.value === best.value ? "tie" : "";
    if (one.low === undefined || best.low === undefined) return "unsure";
    return one.high < best.low || best.high < one.low ? "" : "tie";
  };
  const toldBest = (others) => {
    if (others.every((mark) => mark === "")) return others.length ? "best" : "";
    return others.includes("tie") ? "tie" : "unsure";
  };

  // A column of cells ({ id, number }), each with what is shown of it: over `base`, over the best without one, or in
  // `unit` where there is one.
  const shaded = (column, { kind, exact }, base, unit) => {
    const some = column.map(({ number }) => number).filter(isThere);
    const best = some.reduce((a, b) => (goodness(b, kind) < goodness(a, kind) ? b : a), some[0]);
    const mark = (number) =>
      number === best
        ? toldBest(some.filter((other) => other !== best).map((other) => told(other, best, exact)))
        : told(number, best, exact);
    const shown = (number) => {
      if (!isThere(number)) return { text: number.short, title: number.reason };
      const over = unit ? number : multiple(number, base ?? best);
      if (!isThere(over)) return { text: over.short, title: `${inWords(number, kind)}; ${over.reason}` };
      const text = unit ? written(number.value, unit) : over.value === 1 ? "1" : grouped(significant(over.value));
      return { text, title: inWords(number, kind), mark: mark(number), step: stepOf(number, best, kind) };
    };
    const cells = column.map((cell) => ({ ...cell, ...shown(cell.number) }));
    const decimals = ({ text, step }) => (step === undefined ? 0 : (text.split(".")[1] ?? "").length);
    const most = Math.max(0, ...cells.map(decimals));
    const pad = (cell) => (decimals(cell) || !most ? "" : ".") + "0".repeat(most - decimals(cell));
    return cells.map((cell) => (cell.step === undefined ? cell : { ...cell, pad: pad(cell) }));
  };

  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const anchor = (text) =>
    [...text].map((c) => (/[A-Za-z0-9-]/.test(c) ? c : `_${c.codePointAt(0).toString(16)}_`)).join("");
  const cellElement = ({ id, text, pad, mark, title, step }) => {
    const inside = id ? element("a", { href: `#case-${anchor(id)}`, title }) : element("span", { title });
    if (mark === "best" || mark === "tie") inside.append(element("small", {}, mark), " ");
    const number = element("span", {}, (mark === "unsure" ? "~" : "") + text);
    if (pad) number.append(element("span", { class: "pad", "aria-hidden": "true" }, pad));
    inside.append(number);
    const shade = step === undefined ? "words" : `number heat-${step}`;
    return element("td", { class: mark === "best" ? `${shade} heat-best` : shade }, inside);
  };

  class Matrix {
    constructor(form, place) {
      this.form = form;
      this.place = place;
      this.data = JSON.parse(document.getElementById("matrix-data").textContent);
      this.selects = [...form.querySelectorAll("select")];
      for (const select of this.selects) {
        const wanted = state.get(`matrix.${select.name}`, this.usual(select));
        select.value = [...select.options].some(({ value }) => value === wanted) ? wanted : this.usual(select);
        select.addEventListener("change", () => this.choose(select, select.value));
      }
      form.addEventListener("reset", (event) => {
        event.preventDefault();
        this.selects.forEach((select) => this.choose(select, this.usual(select)));
        this.sort("", "");
      });
      form.hidden = false;
      this.show();
    }

    usual(select) {
      return ([...select.options].find((option) => option.defaultSelected) ?? select.options[0]).value;
    }

    chosen(name) {
      return this.form.elements[name].value;
    }

    choose(select, value) {
      select.value = value;
      state.set(`matrix.${select.name}`, value, this.usual(select));
      this.show();
    }

    sort(by, usual) {
      state.set("matrix.sort", by, usual);
      this.show();
    }

    number(packed) {
      if (typeof packed === "number") return { value: packed };
      if (packed.length > 1) return { value: packed[0], low: packed[1], high: packed[2] };
      const [short, reason] = this.data.reasons[packed[0]];
      return { short, reason };
    }

    /** What was chosen: the metric, the operation, its codecs and payloads as places, and a cell for each two of them. */
    content() {
      const { metrics, blocks, codecs, payloads } = this.data;
      const place = metrics.findIndex(([key]) => key === this.chosen("metric"));
      const [, words, kind, exact] = metrics[place];
      const operation = this.chosen("op");
      const setting = Number(this.chosen("conditions"));
      const nothing = { operation, words: "", ranks: false, cells: [] };
      const block = blocks.find((one) => one.operation === operation && one.setting === setting) ?? nothing;
      const cells = new Map();
      for (const [codec, payload, id, numbers] of block.cells) {
        cells.set(`${codec} ${payload}`, { id, number: this.number(numbers[place]) });
      }
      const having = (all, n) => [...all.keys()].filter((one) => block.cells.some((cell) => cell[n] === one));
      return {
        block,
        metric: { words, kind, exact },
        codecs: having(codecs, 0),
        payloads: having(payloads, 1),
        at: (codec, payload) => cells.get(`${codec} ${payload}`) ?? { id: "", number: this.number([0]) },
      };
    }

    /** Places of those codecs that are not filtered away. */
    filtered(codecs) {
      const chosen = ["format", "model"].map((name) => this.chosen(name));
      return codecs.filter((n) => chosen.every((value, by) => value === "" || value === this.data.codecs[n][by + 1]));
    }

    /** The columns with what is shown in their cells, and in words what that is. */
    columns({ metric, payloads, at }, codecs) {
      const chosen = this.chosen("base");
      const base = this.data.codecs.findIndex(([name]) => chosen === `codec:${name}`);
      const numbers = payloads.map((payload) => codecs.map((codec) => at(codec, payload)));
      const values = numbers.map((column) => column.map((cell) => cell.number.value).filter((value) => value !== undefined));
      const whole = unitOf(values.flat(), metric.kind);
      const own = values.map((some) => (some.length ? unitOf(some, metric.kind) : whole));
      const wide = Math.max(0, ...values.flat()) >= WIDEST * whole[0] && new Set(own).size > 1;
      const unit = (n) => (chosen !== "absolute" ? null : wide ? own[n] : whole);
      const columns = payloads.map((payload, n) => ({
        name: this.data.payloads[payload],
        unit: wide && unit(n) ? unit(n)[1] : "",
        cells: shaded(numbers[n], metric, base < 0 ? null : at(base, payload).number, unit(n)),
      }));
      let over = "as multiples of the best of each column";
      if (chosen === "absolute") over = wide ? "in the unit of each column" : `in ${whole[1]}`;
      else if (base >= 0) over = `as multiples of ${chosen.slice("codec:".length)} on the same payload`;
      return { columns, over };
    }

    /** Which column the lines stand by (-1: the names of codecs), and whether worst first. */
    sorting(columns) {
      const [, down, by] = state.get("matrix.sort", "").match(/^(-?)(.*)$/s);
      const column = columns.findIndex(({ name }) => by === `payload:${name}`);
      return { by: by === "name" ? -1 : Math.max(0, column), sign: down ? -1 : 1 };
    }

    /** Lines in their order; what has no number stands last. */
    ordered(codecs, columns, kind, { by, sign }) {
      const name = (n) => this.data.codecs[codecs[n]][0];
      const names = (a, b) => (name(a) < name(b) ? -1 : 1);
      const compare = (a, b) => {
        if (by < 0) return sign * names(a, b);
        const [one, other] = [a, b].map((n) => columns[by].cells[n].number);
        if (!isThere(one) || !isThere(other)) return isThere(other) - isThere(one) || names(a, b);
        return sign * (goodness(one, kind) - goodness(other, kind)) || names(a, b);
      };
      return [...codecs.keys()].sort(compare);
    }

    head(name, unit, place, { by, sign }, kind) {
      const key = place < 0 ? "name" : `payload:${name}`;
      const button = element("button", { type: "button" }, name);
      button.addEventListener("click", () => {
        this.sort(by === place && sign > 0 ? `-${key}` : key, place === 0 ? key : "");
        this.place.querySelector("thead tr").cells[place + 1].firstChild.focus();
      });
      const rises = sign > 0 === (place < 0 || kind !== "rate");
      const sort = by === place ? (rises ? "ascending" : "descending") : null;
      const made = element("th", { scope: "col", class: place < 0 ? null : "number", "aria-sort": sort }, button);
      if (unit) made.append(" ", element("small", {}, unit));
      return made;
    }

    line(codec, cells) {
      const [name, format] = this.data.codecs[codec];
      const first = element("th", { scope: "row" }, name);
      if (format !== name) first.append(" ", element("small", {}, format));
      return element("tr", {}, first, ...cells.map(cellElement));
    }

    table(content) {
      const { block, metric } = content;
      const codecs = this.filtered(content.codecs);
      const { columns, over } = this.columns(content, codecs);
      const by = this.sorting(columns);
      const heads = columns.map(({ name, unit }, n) => this.head(name, unit, n, by, metric.kind));
      const lines = this.ordered(codecs, columns, metric.kind, by).map((n) =>
        this.line(codecs[n], columns.map(({ cells }) => cells[n])));
      const id = `matrix-${block.operation}`;
      const table = element(
        "table",
        { class: codecs.length === 1 ? "matrix lone" : "matrix", "aria-labelledby": id, "aria-describedby": `${id}-words` },
        element("thead", {}, element("tr", {}, this.head("codec", "", -1, by, metric.kind), ...heads)),
        element("tbody", {}, ...lines),
      );
      return { table, over, shown: codecs.length };
    }

    show() {
      const content = this.content();
      const { table, over, shown } = this.table(content);
      const { operation, words, ranks } = content.block;
      const id = `matrix-${operation}`;
      const title = element("h3", { id }, operation);
      const parses = ["decode", "load", "read"].includes(operation);
      if (ranks) title.append(" ", element("span", { class: "tag" }, `ranks ${parses ? "parsing" : "serialising"}`));
      const setting = this.data.settings[this.chosen("conditions")];
      const what = [`${content.metric.words}, ${over}`, setting].filter(Boolean).join(" \u00b7 ");
      const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": id }, table);
      const scrolled = this.place.querySelector(".scroll").scrollLeft;
      const told = [element("p", {}, words), element("p", { id: `${id}-words` }, what)];
      this.place.replaceChildren(element("div", { class: "matrix-map" }, title, ...told, scroll));
      scroll.scrollLeft = scrolled;
      const all = content.codecs.length;
      this.form.querySelector("[role=status]").textContent = shown === all ? "" : `${shown} of ${all} codecs; the best is that of these`;
    }
  }

  const form = document.getElementById("matrix-choices");
  if (form) new Matrix(form, document.getElementById("matrix-tables"));
}
