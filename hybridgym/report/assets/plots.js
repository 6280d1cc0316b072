"use strict";
// Plots: bars beside their names, and distributions. What a plot shows can be read without seeing it.

/** A table of counts with bars; `rest` is [names left out, their count]. */
function barTable(title, bars, rest = [0, 0]) {
  const most = Math.max(...bars.map(([, count]) => count), 1);
  const rows = bars.map(([name, count]) => barRow(name || "none", count, most));
  if (rest[0]) rows.push(barRow(`${number(rest[0])} others`, rest[1], 0));
  return element(
    "table",
    { class: "bars" },
    element("caption", {}, title),
    element(
      "thead",
      { class: "unseen" },
      element(
        "tr",
        {},
        ["Name", "Share", "Count"].map((n) => element("th", { scope: "col" }, n)),
      ),
    ),
    element("tbody", {}, rows),
  );
}

function barRow(name, count, most) {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, name),
    element("td", { class: "share" }, most ? bar([["bar", count]], most) : null),
    element("td", { class: "number" }, number(count)),
  );
}

/** A bar of one or several parts ([class, count]), as long as its share of `whole`. */
function bar(parts, whole) {
  let from = 0;
  const pieces = parts.map(([kind, count]) => {
    const made = drawn("rect", { class: kind, x: from, y: 0, width: (100 * count) / whole, height: 10 });
    from += (100 * count) / whole;
    return made;
  });
  return drawn("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, pieces);
}

/** Columns over bins ([name, count]), the first and the last named below. */
function histogram(title, bins, note = "") {
  const most = Math.max(...bins.map(([, count]) => count), 1);
  const step = 240 / bins.length;
  const columns = bins.map(([name, count], n) => {
    const height = count ? Math.max((60 * count) / most, 1) : 0;
    const box = { x: n * step, y: 0, width: step, height: 61 };
    const gap = Math.min(step / 6, 3);
    return drawn(
      "g",
      {},
      drawn("rect", { class: "hit", ...box }),
      drawn("rect", { class: "bar", x: n * step + gap / 2, y: 60 - height, width: step - gap, height }),
      drawn("title", {}, `${name}: ${number(count)}`),
    );
  });
  const said = `${title}. ${bins
    .filter(([, count]) => count)
    .map(([name, count]) => `${name}: ${number(count)}`)
    .join("; ")}`;
  return element(
    "figure",
    { class: "histogram" },
    element("figcaption", {}, element("span", {}, title), element("span", { class: "note" }, note)),
    drawn(
      "svg",
      { viewBox: "0 0 240 61", preserveAspectRatio: "none", role: "img", "aria-label": said },
      columns,
      drawn("line", { class: "axis", x1: 0, y1: 60.5, x2: 240, y2: 60.5 }),
    ),
    element(
      "div",
      { class: "ends", "aria-hidden": "true" },
      element("span", {}, bins[0][0]),
      element("span", {}, bins.length > 1 ? bins.at(-1)[0] : ""),
    ),
  );
}
