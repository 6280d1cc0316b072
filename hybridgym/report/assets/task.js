"use strict";
// One task: what an agent reads, what it starts from, what is right, and why the checker is believed.

const SHOWN = new Set([
  "p",
  "ul",
  "ol",
  "li",
  "blockquote",
  "em",
  "strong",
  "s",
  "code",
  "br",
  "hr",
  "h3",
  "h4",
  "h5",
  "h6",
  "table",
  "thead",
  "tbody",
  "tr",
  "th",
  "td",
]);

/** Nodes of `markdown.py`: texts, and lists of a name and nodes. */
function markdown(nodes) {
  return nodes.map((node) => {
    if (typeof node === "string") return node;
    const [name, ...inside] = node;
    if (name === "code-block") return codeBlock("Code of the statement", runsOf(inside));
    return SHOWN.has(name) ? element(name, {}, markdown(inside)) : element("span", {}, markdown(inside));
  });
}

function showTask(row, details) {
  const { name, path } = nameOf(row);
  const made = [
    element("h1", { id: "task-title", tabindex: "-1" }, name),
    element("p", { class: "note" }, [path, row.kind, row.repository, row.language].filter(Boolean).join(" · ")),
    element("p", { class: "id" }, element("code", {}, row.id)),
    details.missing
      ? element("p", { class: "warning" }, `Code and call graph are not shown: ${details.missing}`)
      : null,
  ];
  const side = element(
    "aside",
    { "aria-labelledby": "facts-title" },
    element("h2", { id: "facts-title" }, "Facts"),
    factsOf(row, details),
  );
  const main = element("div", { class: "body" }, sectionsOf(details));
  byId("view-task").replaceChildren(...made.filter(Boolean), element("div", { class: "columns" }, main, side));
}

function sectionsOf(details) {
  const { statement, code, patch, neighbourhoods, evidence, answer } = details;
  return [
    details.outcomes.length ? section("Verdicts", verdictsOf(details)) : null,
    statement.length ? section("Statement", element("div", { class: "statement" }, markdown(statement))) : null,
    code.length ? section("Start state", code.map(excerptOf)) : null,
    patch ? section("Gold", diffOf(patch)) : null,
    neighbourhoods.length ? section("Call graph", neighbourhoods.map(neighbourhood)) : null,
    evidence ? section("Evidence", evidenceOf(details)) : null,
    answer
      ? section(
          "Answer",
          folded("What the checker reads", [codeBlock("Answer", answer.text), leftOut(answer.left_out)]),
        )
      : null,
  ];
}

function section(title, ...children) {
  return element("section", {}, element("h2", {}, title), ...children);
}

function folded(title, children) {
  return element("details", {}, element("summary", {}, title), children);
}

function factsOf(row, details) {
  const numbers = [...row.numbers].map(([name, value]) => [words(name), number(value), "number"]);
  const facts = [...numbers, ["Tags", row.tags.filter((tag) => tag !== row.kind).join(", ")], ...details.facts];
  const shown = facts.filter(([, value]) => value);
  return element(
    "dl",
    {},
    shown.map(([name, value, kind]) =>
      element("div", { class: kind ?? null }, element("dt", {}, name), element("dd", {}, value)),
    ),
  );
}

function excerptOf(excerpt) {
  const lines = excerpt.runs
    .filter((part, n) => n % 2)
    .join("")
    .split("\n").length;
  const numbers = Array.from({ length: lines }, (_, n) => excerpt.line + n);
  const title = `${excerpt.title}, line ${excerpt.line}`;
  const parts = [codeBlock(title, runsOf(excerpt.runs), numbers), leftOut(excerpt.left_out)];
  if (!excerpt.target)
    return element("details", { class: "excerpt" }, element("summary", {}, element("code", {}, excerpt.title)), parts);
  return element("div", { class: "excerpt" }, element("h3", {}, element("code", {}, excerpt.title)), parts);
}

/** A unified diff: a block for each file, with the numbers of the lines after it. */
function diffOf({ text, left_out }) {
  const files = [];
  let line = 0;
  for (const shown of text.split("\n")) {
    if (shown.startsWith("diff --git ")) files.push({ name: "", numbers: [], lines: [] });
    const file = files.at(-1);
    if (!file) continue;
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(shown);
    if (hunk) line = Number(hunk[1]);
    else if (!line || !/^[ +\-\\]/.test(shown)) {
      line = 0;
      if (shown.startsWith("+++ ")) file.name = shown.slice(4).replace(/^b\//, "");
      else if (!file.name && shown.startsWith("--- ")) file.name = shown.slice(4).replace(/^a\//, "");
      else if (!/^(diff|index|---) /.test(shown) && shown) add(file, "", "head", shown);
      continue;
    }
    if (hunk) add(file, "", "head", shown);
    else if (shown[0] === "+") add(file, line++, "added", shown);
    else if (shown[0] === "-") add(file, "", "removed", shown);
    else add(file, shown[0] === " " ? line++ : "", null, shown);
  }
  return [
    ...files.map((file) =>
      element(
        "div",
        { class: "excerpt" },
        element("h3", {}, element("code", {}, file.name || "file")),
        codeBlock(`Diff of ${file.name}`, file.lines, file.numbers),
      ),
    ),
    files.length ? null : element("p", { class: "note" }, "It changes nothing."),
    leftOut(left_out),
  ];

  function add(file, place, kind, shown) {
    file.numbers.push(place);
    file.lines.push(element("span", { class: kind ? `diff diff-${kind}` : "diff" }, shown || " "));
  }
}

function evidenceOf({ evidence, fail_to_pass, pass_to_pass }) {
  const rows = [
    ["gold", statusOf(evidence.gold), shares.format(1)],
    ["empty patch", statusOf(evidence.empty), "–"],
    ...evidence.near_misses.map((miss) => [miss.name, statusOf(miss.status), shares.format(miss.reward)]),
  ];
  const { mutants, mutants_killed: killed } = evidence.measured;
  return [
    scrolling(
      "Answers that were tried",
      tableOf(
        "Answers that the checker was shown before the task was written",
        ["Answer", "Verdict", "Reward"],
        rows,
        [0, 1],
      ),
    ),
    mutants
      ? element(
          "p",
          {},
          `Of ${counted(mutants, "wrong version")} of the right code, its tests find ${number(killed)} wrong.`,
        )
      : null,
    testsOf("Tests that fail in the start state and have to pass", fail_to_pass),
    testsOf("Tests that pass and have to go on passing", pass_to_pass),
  ];
}

function testsOf(title, tests) {
  if (!tests) return null;
  const names = element(
    "ul",
    { class: "tests" },
    tests.names.map((name) => element("li", {}, element("code", {}, name))),
  );
  return folded(`${title} (${number(tests.count)})`, [names, leftOut(tests.count - tests.names.length, "test")]);
}

function verdictsOf({ outcomes, more_outcomes }) {
  const rows = outcomes.map((one) => [
    one.model || "no name",
    String(one.sample),
    statusOf(one.status),
    shares.format(one.reward),
    [
      one.reason,
      one.details.text
        ? folded("Details", [codeBlock("Details of the verdict", one.details.text), leftOut(one.details.left_out)])
        : null,
    ],
  ]);
  return [
    scrolling(
      "Verdicts",
      tableOf(
        "What the checker said of each answer",
        ["Model", "Sample", "Status", "Reward", "Reason"],
        rows,
        [0, 2, 4],
      ),
    ),
    leftOut(more_outcomes, "result"),
  ];
}
