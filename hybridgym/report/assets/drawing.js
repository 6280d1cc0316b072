"use strict";
// A definition between those that call it and those that it calls.

const NODE = { height: 42, gap: 8, letter: 7.3, small: 6.2 };
const NARROW = 640;

function neighbourhood(found) {
  const { target, callers, callees } = found;
  const holder = element("div", { class: "drawing" });
  const said = `${target.name} has ${counted(callers.length + found.more_callers, "known caller")} and calls ${counted(callees.length + found.more_callees, "definition")} of the repository`;
  let width = 0;
  new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    if (!now || now === width) return;
    width = now;
    holder.replaceChildren(now < NARROW ? stacked(found, now, said) : sideBySide(found, now, said));
  }).observe(holder);
  return element(
    "figure",
    { class: "neighbourhood" },
    holder,
    element(
      "figcaption",
      {},
      `${said}.`,
      unresolvedOf(found.unresolved),
      element(
        "details",
        {},
        element("summary", {}, "As a list"),
        listOf("Called by", callers, found.more_callers),
        listOf("Calls", callees, found.more_callees),
      ),
    ),
  );
}

function unresolvedOf(unresolved) {
  if (!unresolved.length) return " Every call in it is resolved.";
  const count = unresolved.reduce((sum, [, n]) => sum + n, 0);
  return ` ${counted(count, "call")} in it ${count === 1 ? "is" : "are"} not resolved: ${unresolved.map(([why, n]) => (n > 1 ? `${why} (${n})` : why)).join("; ")}.`;
}

function listOf(title, neighbours, more) {
  const items = neighbours.map((one) =>
    element(
      "li",
      {},
      element("code", {}, one.name),
      ` ${one.path}:${one.line}${one.how ? `, ${one.how}` : ""}${one.test ? ", a test" : ""}`,
    ),
  );
  if (more) items.push(element("li", {}, `${number(more)} more`));
  return element(
    "div",
    {},
    element("p", {}, title),
    items.length ? element("ul", {}, items) : element("p", { class: "note" }, "none in the repository"),
  );
}

function sideBySide(found, width, said) {
  const gap = Math.min(Math.max(width * 0.08, 40), 90);
  const box = (width - 2 * gap) / 3;
  const left = withMore(found.callers, found.more_callers);
  const right = withMore(found.callees, found.more_callees);
  const rows = Math.max(left.length, right.length, 1);
  const height = rows * (NODE.height + NODE.gap) - NODE.gap;
  const top = (count, n) => (height - (count * (NODE.height + NODE.gap) - NODE.gap)) / 2 + n * (NODE.height + NODE.gap);
  const middle = height / 2;
  const edges = [
    ...left.map((one, n) => edge(box, top(left.length, n) + NODE.height / 2, box + gap, middle)),
    ...right.map((one, n) => edge(2 * box + gap, middle, 2 * (box + gap), top(right.length, n) + NODE.height / 2)),
  ];
  return picture(width, height, said, [
    ...edges,
    ...left.map((one, n) => nodeOf(one, 0, top(left.length, n), box)),
    nodeOf(found.target, box + gap, top(1, 0), box, "target"),
    ...right.map((one, n) => nodeOf(one, 2 * (box + gap), top(right.length, n), box)),
  ]);
}

/** For a phone: the callers above, the callees below, all on one line that runs down the side. */
function stacked(found, width, said) {
  const indent = 22;
  const above = withMore(found.callers, found.more_callers);
  const all = [...above, { ...found.target, isTarget: true }, ...withMore(found.callees, found.more_callees)];
  const top = (n) => n * (NODE.height + NODE.gap);
  const center = (n) => top(n) + NODE.height / 2;
  const parts = all.flatMap((one, n) => {
    if (one.isTarget) return [];
    const isCaller = n < above.length;
    const line = isCaller
      ? `M${indent} ${center(n)}H8V${center(above.length)}`
      : `M8 ${center(above.length)}V${center(n)}H${indent}`;
    return [drawn("path", { class: "edge", d: line }), isCaller ? null : arrow(indent, center(n))];
  });
  parts.push(drawn("path", { class: "edge", d: `M8 ${center(above.length)}H12` }));
  if (above.length) parts.push(arrow(12, center(above.length)));
  const nodes = all.map((one, n) =>
    one.isTarget ? nodeOf(one, 12, top(n), width - 12, "target") : nodeOf(one, indent, top(n), width - indent),
  );
  return picture(width, top(all.length) - NODE.gap, said, [...parts, ...nodes]);
}

function withMore(neighbours, more) {
  return more ? [...neighbours, { name: `${number(more)} more`, path: "", more: true }] : neighbours;
}

function picture(width, height, said, parts) {
  return drawn(
    "svg",
    { width, height: height + 2, viewBox: `0 -1 ${width} ${height + 2}`, role: "img", "aria-label": said },
    parts.filter(Boolean),
  );
}

function nodeOf(one, x, y, width, kind = "") {
  const room = width - 20;
  const where = one.path ? `${one.path}:${one.line}` : "";
  const how = one.how ? ` · ${one.how}` : "";
  return drawn(
    "g",
    { class: `node ${kind}${one.test ? " test" : ""}${one.more ? " more" : ""}` },
    drawn("rect", { x: x + 0.5, y: y + 0.5, width: width - 1, height: NODE.height - 1, rx: 4 }),
    drawn("text", { class: "name", x: x + 10, y: y + (where ? 18 : 25) }, cut(one.name, room / NODE.letter, "end")),
    where
      ? drawn(
          "text",
          { class: "where", x: x + 10, y: y + 33 },
          cut(where, room / NODE.small - how.length, "start") + how,
        )
      : null,
    drawn("title", {}, `${one.name}${where ? `\n${where}` : ""}`),
  );
}

/** Shorten a text where it says least: names at their end, paths at their beginning. */
function cut(text, letters, at) {
  const most = Math.max(Math.floor(letters), 6);
  if (text.length <= most) return text;
  return at === "end" ? `${text.slice(0, most - 1)}…` : `…${text.slice(text.length - most + 1)}`;
}

function edge(x1, y1, x2, y2) {
  const half = (x1 + x2) / 2;
  return drawn(
    "g",
    {},
    drawn("path", { class: "edge", d: `M${x1} ${y1}C${half} ${y1} ${half} ${y2} ${x2 - 6} ${y2}` }),
    arrow(x2, y2),
  );
}

function arrow(x, y) {
  return drawn("path", { class: "arrow", d: `M${x} ${y}l-7 -3.5v7z` });
}
