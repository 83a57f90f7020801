// Cores, gigabytes and money a month for what the reader enters. What is reckoned, and the words for it, are those of
// `report/price/cost.py` and `report/price/words.py`; a test holds them against each other.
if (document.getElementById("price-data")) {
  const SECONDS_A_MONTH = 2630016;
  const [RANGE, INTERVAL] = [1, 2]; // what the ends of a number are; 0: there are none
  const SHOWN = 5;
  const NO_NUMBER = "\u2013";
  const MINUS = "\u2212";
  const PER_CENT = "\u00a0%";
  const find = (name) => document.getElementById(`price-${name}`);
  const data = JSON.parse(find("data").textContent);
  const methods = data.methods.map(([name]) => name);

  // Numbers: a value, its ends, and what they are.
  const certain = (value) => ({ value, low: value, high: value, basis: INTERVAL });
  const measured = ([value, low, high, basis]) => ({ value, low, high, basis });

  const carried = (parts, total) => {
    const basis = Math.min(...parts.map((part) => part.basis));
    const at = (end) => total(...parts.map((part) => part[end]));
    const value = at("value");
    return basis < RANGE ? { value, low: value, high: value, basis } : { value, low: at("low"), high: at("high"), basis };
  };

  const apart = (one, other) =>
    one.basis === INTERVAL && other.basis === INTERVAL && (one.high < other.low || other.high < one.low);

  const difference = (one, other) => {
    const made = carried([one, other], (mine, theirs) => mine - theirs);
    return made.basis < RANGE ? made : { ...made, low: one.low - other.high, high: one.high - other.low };
  };

  const cost = ([codec, parse, serialise, packings], inputs) => {
    const packed = packings[methods.indexOf(inputs.compression)];
    const needed = [...(inputs.decoded ? [parse] : []), ...(inputs.encoded ? [serialise, packed] : [])];
    const missing = needed.filter((part) => typeof part === "string");
    if (missing.length) return { codec, reason: missing.join("; ") };
    const [size, compressNs] = inputs.encoded ? packed : [0, 0];
    const used = (step, times) => (times ? measured(step) : certain(0));
    const cores = carried([used(parse, inputs.decoded), used(serialise, inputs.encoded)], (parseNs, serialiseNs) => {
      const ns = inputs.decoded * parseNs + inputs.encoded * (serialiseNs + compressNs);
      return (inputs.rate * ns) / 1e9 / (inputs.utilisation / 100);
    });
    const gigabytes = (inputs.rate * inputs.encoded * size * SECONDS_A_MONTH) / 1e9;
    const forGigabytes = gigabytes * inputs.gigabyte;
    const priced = inputs.core ? cores : certain(0);
    const money = carried([priced], (number) => number * inputs.core + forGigabytes);
    return { codec, parse, serialise, packed, cores, gigabytes, forCores: priced.value * inputs.core, forGigabytes, money };
  };

  // Numbers as text.
  const significant = (value, digits = 3) => {
    if (value === 0) return "0";
    const rounded = Number(value.toPrecision(digits));
    const exponent = Number(rounded.toExponential().split("e")[1]);
    return rounded.toFixed(Math.min(100, Math.max(0, digits - 1 - exponent)));
  };
  const grouped = (text) => {
    const [whole, ...rest] = text.split(".");
    const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") : whole;
    return [spaced, ...rest].join(".");
  };
  const three = (value) => grouped(significant(value));
  const plain = (value) => {
    const text = significant(value, 10);
    return grouped(text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  };
  const signed = (value) => `${value < 0 ? MINUS : value > 0 ? "+" : ""}${three(Math.abs(value))}`;
  const duration = (ns) => {
    const shown = ns > 0 ? Number(ns.toPrecision(3)) : 1;
    const units = [[1e9, "s"], [1e6, "ms"], [1e3, "us"], [1, "ns"]];
    const [divisor, unit] = units.find(([size]) => shown >= size) ?? units.at(-1);
    return `${significant(ns / divisor)} ${unit}`;
  };
  const ends = (number, between) => {
    const [low, high] = [three(number.low), three(number.high)];
    const hidden = number.basis < RANGE || (low === high && high === three(number.value));
    return hidden ? "" : `${low}${between}${high}`;
  };
  const withEnds = (number) => {
    const own = ends(number, " to ");
    return own ? `${three(number.value)} (${own})` : three(number.value);
  };
  const listed = (items) => [items.slice(0, -1).join(", "), ...items.slice(-1)].filter(Boolean).join(" and ");

  // Sentences.
  const messages = (count) => `${plain(count)} message${count === 1 ? "" : "s"}`;
  const assumptions = (inputs) =>
    `${plain(inputs.rate)} requests per second, each with ${messages(inputs.decoded)} decoded and ` +
    `${messages(inputs.encoded)} encoded. A core costs ${plain(inputs.core)} a month and is used to ` +
    `${plain(inputs.utilisation)}${PER_CENT}; a GB out costs ${plain(inputs.gigabyte)}; ` +
    `${data.methods[methods.indexOf(inputs.compression)][1]}.`;

  const less = (saved, what) =>
    saved ? `${three(Math.abs(saved))} ${saved > 0 ? "less" : "more"} for ${what}` : `as much for ${what}`;
  const switching = (first, own, whole) => {
    if (first.codec === own.codec) return whole ? "No codec costs less." : "No codec that has a total costs less.";
    const saved = difference(own.money, first.money);
    const parts =
      `${less(own.forCores - first.forCores, "cores")} and ${less(own.forGigabytes - first.forGigabytes, "GB out")}`;
    const unsure = "there are too few workers to be sure of what is for cores";
    if (saved.basis < INTERVAL) return `${first.codec} has the lowest total, ${three(saved.value)} less (${parts}); ${unsure}.`;
    if (!apart(own.money, first.money))
      return `${first.codec} has the lowest total, which cannot be told apart from that of ${own.codec}.`;
    const share = three((100 * saved.value) / own.money.value);
    return `Switching to ${first.codec} saves ${withEnds(saved)} a month, ${share}${PER_CENT} of it: ${parts}.`;
  };

  const named = (pairs) =>
    pairs.length <= SHOWN ? listed(pairs.map(([one]) => one.codec)) : `${pairs.length} others`;

  const answer = (ranked, today, without, inputs) => {
    if (!ranked.length) return "No codec has all the parts that this takes; the table says what is missing.";
    const [first, ...others] = ranked;
    const own = ranked.find((one) => one.codec === today);
    if (!own) {
      const why = without.find((one) => one.codec === today)?.reason ?? "it was not measured on this payload";
      return (
        `${today} has no total here: ${why}. The cheapest with one is ${first.codec}: ` +
        `${withEnds(first.money)} a month.`
      );
    }
    const texts = [
      `At ${plain(inputs.rate)} requests per second ${today} costs ${withEnds(own.money)} a month: ` +
        `${three(own.forCores)} for cores and ${three(own.forGigabytes)} for GB out.`,
      switching(first, own, !without.length),
    ];
    const rest = others.filter((one) => one !== own).map((one) => [one, difference(one.money, first.money).basis]);
    const alike = rest.filter(([one, basis]) => basis === INTERVAL && !apart(one.money, first.money));
    const unsure = rest.filter(([, basis]) => basis < INTERVAL);
    if (alike.length) texts.push(`${named(alike)} cannot be told apart from ${first.codec}.`);
    if (unsure.length) texts.push(`There are too few workers to tell ${named(unsure)} from ${first.codec}.`);
    return texts.join(" ");
  };

  const formula = (one, inputs) => {
    const time = (step) => (typeof step === "string" ? NO_NUMBER : duration(step[0]));
    const [size, compress] =
      typeof one.packed === "string" ? [NO_NUMBER, NO_NUMBER] : [plain(one.packed[0]), duration(one.packed[1])];
    const [rate, core, gigabyte] = [inputs.rate, inputs.core, inputs.gigabyte].map(plain);
    const [decoded, encoded, utilisation] = [inputs.decoded, inputs.encoded, inputs.utilisation].map(plain);
    const [cores, gigabytes] = [three(one.cores.value), three(one.gigabytes)];
    return [
      `${rate}/s × (${decoded} × ${time(one.parse)} + ${encoded} × (${time(one.serialise)} + ${compress})) ` +
        `÷ ${utilisation}${PER_CENT} = ${cores}`,
      `${rate}/s × ${encoded} × ${size} B × 2,630,016 s ÷ 10⁹ B = ${gigabytes}`,
      `${cores} × ${core} + ${gigabytes} × ${gigabyte} = ${three(one.money.value)}`,
    ];
  };

  // Cells: text, what stands in small beneath, and the number behind it; none where words stand there.
  const against = (one, today) => {
    if (!today || one === today) return [NO_NUMBER, ""];
    const more = difference(one.money, today.money);
    if (more.basis < INTERVAL) return [signed(more.value), "too few workers to tell", more.value];
    if (more.low === 0 && more.high === 0) return ["no difference", ""];
    const [low, high] = [signed(more.low), signed(more.high)];
    if (!apart(one.money, today.money)) return ["cannot be told apart", `${low} to ${high}`];
    const text = signed(more.value);
    return [text, low === high && high === text ? "" : `${low} to ${high}`, more.value];
  };
  const entry = (number) => [three(number.value), ends(number, NO_NUMBER), number.value];

  const element = (name, text, ...classes) => {
    const made = document.createElement(name);
    made.textContent = text;
    made.classList.add(...classes);
    return made;
  };
  const head = (codec, tags) => {
    const made = element("th", codec);
    made.scope = "row";
    for (const tag of tags) made.append(" ", element("span", tag, "tag"));
    return made;
  };
  const cell = ([text, small, value], decimals) => {
    const made = element("td", text, "number");
    if (value === undefined) made.classList.add("missing");
    else {
      made.dataset.value = value;
      const own = text.split(".")[1] ?? "";
      const pad = element("span", (own || !decimals ? "" : ".") + "0".repeat(decimals - own.length), "pad");
      pad.ariaHidden = "true";
      if (pad.textContent) made.append(pad);
    }
    if (small) made.append(element("small", small));
    return made;
  };
  const row = (today, ...cells) => {
    const made = document.createElement("tr");
    if (today) made.className = "today";
    made.append(...cells);
    return made;
  };

  const rows = (ranked, without, today) => {
    const own = ranked.find((one) => one.codec === today);
    const clear = ranked.length > 1 && ranked.slice(1).every((one) => apart(one.money, ranked[0].money));
    const lines = ranked.map((one) => [
      entry(one.cores),
      [three(one.gigabytes), "", one.gigabytes],
      entry(one.money),
      against(one, own),
    ]);
    const decimals = [0, 1, 2, 3].map((n) =>
      Math.max(0, ...lines.map((line) => (line[n][2] === undefined ? 0 : (line[n][0].split(".")[1] ?? "").length))),
    );
    const made = ranked.map((one, n) => {
      const tags = [...(one === own ? ["today"] : []), ...(clear && n === 0 ? ["cheapest"] : [])];
      return row(one === own, head(one.codec, tags), ...lines[n].map((each, column) => cell(each, decimals[column])));
    });
    const missing = without.map((one) => {
      const reason = element("td", "", "reason");
      reason.colSpan = 4;
      reason.append(element("b", "no total"), ` ${one.reason}`);
      return row(one.codec === today, head(one.codec, one.codec === today ? ["today"] : []), reason);
    });
    return [...made, ...missing];
  };

  // The page.
  const fields = [...document.querySelectorAll("#price-inputs input")];
  const choices = ["payload", "today", "compression"].map(find);
  const usual = Object.fromEntries(choices.map((choice) => [choice.id, choice.value]));
  const place = find("bill");

  /** What a field says; the usual value, with a word on it, where that is no number it may be. */
  const entered = (field) => {
    const [low, high, given] = [Number(field.min), Number(field.max), field.valueAsNumber];
    const empty = field.value === "" && !field.validity.badInput;
    const bad = !empty && !(given >= low && given <= high);
    const why = empty ? "Empty" : `Not a number from ${plain(low)} to ${plain(high)}`;
    find(`${field.name}-word`).textContent = empty || bad ? `${why}: ${plain(Number(field.defaultValue))} is used.` : "";
    field.ariaInvalid = bad ? "true" : null;
    return empty || bad ? Number(field.defaultValue) : Number(given.toFixed(9));
  };

  const show = () => {
    const inputs = Object.fromEntries(fields.map((field) => [field.name, entered(field)]));
    const [payload, today, compression] = choices.map((choice) => choice.value);
    inputs.compression = compression;
    const offer = data.payloads.find((one) => one.name === payload);
    const costs = offer.figures.map((figures) => cost(figures, inputs));
    const ranked = costs.filter((one) => one.money).sort((one, other) => one.money.value - other.money.value);
    const without = costs.filter((one) => !one.money);
    const write = (selector, text) => (place.querySelector(selector).textContent = text);
    write(".price-answer", answer(ranked, today, without, inputs));
    write("caption h3", payload);
    write("caption p", assumptions(inputs));
    write(".against", `to ${today}`);
    place.querySelector(".scroll").ariaLabel = `What serialization of ${payload} costs`;
    place.querySelector("tbody").replaceChildren(...rows(ranked, without, today));
    place.querySelector(".notes").replaceChildren(...[...offer.notes, ...offer.basis].map((text) => element("li", text)));
    const example = ranked.find((one) => one.codec === today) ?? ranked[0];
    find("example").textContent = example ? `: ${example.codec}` : "";
    const numbers = example ? formula(example, inputs) : [];
    find("formula").querySelectorAll("b").forEach((line, n) => (line.textContent = numbers[n] ?? ""));
  };

  const keep = (name, value, usually) => {
    if (state.get(`cost.${name}`, usually) !== value) state.set(`cost.${name}`, value, usually); // browsers count writes
  };
  const remember = () => {
    for (const field of fields) {
      const unfit = field.value === "" || field.ariaInvalid;
      keep(field.name, unfit ? field.defaultValue : field.value, field.defaultValue);
    }
    for (const choice of choices) keep(choice.id.slice(6), choice.value, usual[choice.id]);
  };
  const rework = () => {
    show();
    remember();
  };

  for (const field of fields) field.value = state.get(`cost.${field.name}`, field.defaultValue);
  for (const choice of choices) {
    choice.value = state.get(`cost.${choice.id.slice(6)}`, usual[choice.id]);
    if (choice.selectedIndex < 0) choice.value = usual[choice.id]; // an address may ask for what is not here
  }
  find("inputs").addEventListener("input", rework);
  find("reset").addEventListener("click", () => {
    for (const field of fields) field.value = field.defaultValue;
    for (const choice of choices) choice.value = usual[choice.id];
    rework();
  });
  if (find("others")) find("others").hidden = true;
  find("inputs").hidden = false;
  show();
}
