"use strict";
// The table of tasks: searched and sorted in memory, a page of rows in the document.

const PAGE_ROWS = 50;
const MOST_CHOICES = 500; // in one list to choose from
const NO_NUMBERS = new Map();

const table = { rows: [], found: [], page: 0, sort: null, down: false, keys: new Map(), columns: [] };

/** Take data/tasks.js, in which names are numbers. */
function takeTasks(data, statuses) {
  table.data = data;
  table.statuses = statuses;
  table.rows = data.rows.map(([id, kind, repository, language, tags, targets, numbers, place, verdicts], order) => {
    const row = {
      id,
      order,
      kind: data.kinds[kind],
      repository: data.repositories[repository],
      language: data.languages[language],
      tags: tags.map((tag) => data.tags[tag]),
      targets,
      numbers: numbers.length ? new Map() : NO_NUMBERS,
      place,
      results: 0,
    };
    for (let n = 0; n < numbers.length; n += 2) row.numbers.set(data.numbers[numbers[n]], numbers[n + 1]);
    if (verdicts) {
      [row.verdicts, row.reward] = verdicts;
      row.results = row.verdicts.reduce((a, b) => a + b, 0);
    }
    row.words = [id, row.kind, row.repository, row.language, ...row.tags, ...targets].join("\n").toLowerCase();
    return row;
  });
  table.byId = new Map(table.rows.map((row) => [row.id, row]));
  for (const row of table.rows) {
    if (!table.keys.has(row.kind)) table.keys.set(row.kind, new Set());
    for (const key of row.numbers.keys()) table.keys.get(row.kind).add(key);
  }
}

/** What a row is called: the target's name, and where it is. */
function nameOf(row) {
  const [path, name] = (row.targets[0] ?? "").split("::");
  const more = row.targets.length > 1 ? ` and ${row.targets.length - 1} more` : "";
  return { name: name ? name + more : row.id, path: name ? path : "" };
}

// Filters

const filters = {};

function addFilters() {
  const box = element("div");
  const more = element(
    "details",
    { class: "more", open: matchMedia("(min-width: 40rem)").matches },
    element("summary", {}, "Filters"),
    box,
  );
  const { kinds, repositories, languages, tags } = table.data;
  addChoice(box, "kind", "Kind", kinds, (row, value) => row.kind === value);
  addChoice(box, "repository", "Repository", repositories, (row, value) => row.repository === value);
  addChoice(box, "language", "Language", languages, (row, value) => row.language === value);
  const own = tags.filter((tag) => !kinds.includes(tag));
  addChoice(box, "tag", "Tag", own, (row, value) => row.tags.includes(value), 1);
  if (table.statuses) addVerdicts(box);
  addRange(box);
  const form = byId("filters");
  const reset = element("button", { type: "button", id: "clear" }, "Clear");
  reset.addEventListener("click", () => {
    form.reset();
    update();
    byId("search").focus();
  });
  box.append(reset);
  form.append(more);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", update);
}

function addChoice(form, id, label, values, test, least = 2) {
  const known = [...new Set(values)].filter(Boolean).sort();
  if (known.length < least || known.length > MOST_CHOICES) return;
  addSelect(
    form,
    id,
    label,
    known.map((value) => [value, value]),
    test,
  );
}

function addSelect(form, id, label, options, test) {
  const select = element(
    "select",
    { id },
    element("option", { value: "" }, "all"),
    options.map(([value, text]) => element("option", { value }, text)),
  );
  form.append(element("label", {}, label, select));
  filters[id] = () => select.value && ((row) => test(row, select.value));
}

function addVerdicts(form) {
  const resolved = table.statuses.indexOf("resolved");
  const tests = {
    always: ["always resolved", (row) => row.results && row.verdicts[resolved] === row.results],
    sometimes: ["sometimes resolved", (row) => row.verdicts[resolved] && row.verdicts[resolved] < row.results],
    never: ["never resolved", (row) => row.results && !row.verdicts[resolved]],
    none: ["without a result", (row) => !row.results],
  };
  table.statuses.forEach((status, place) => {
    if (place !== resolved) tests[status] = [`some ${words(status)}`, (row) => row.verdicts[place]];
  });
  addSelect(
    form,
    "verdict",
    "Verdicts",
    Object.entries(tests).map(([value, [text]]) => [value, text]),
    (row, value) => tests[value][1](row),
  );
}

function addRange(form) {
  const keys = [...new Set([...table.keys.values()].flatMap((found) => [...found]))];
  if (!keys.length) return;
  const select = element(
    "select",
    { id: "number" },
    element("option", { value: "" }, "any"),
    keys.map((key) => element("option", { value: key }, words(key))),
  );
  const limit = (id, label) =>
    element("input", { id, type: "number", step: "any", "aria-label": label, placeholder: label });
  const [least, most] = [limit("least", "from"), limit("most", "to")];
  form.append(
    element(
      "fieldset",
      {},
      element("legend", {}, "Number"),
      element("label", { class: "unseen", for: "number" }, "Which number"),
      select,
      least,
      most,
    ),
  );
  filters.number = () =>
    select.value &&
    ((row) => {
      const value = row.numbers.get(select.value);
      return value !== undefined && !(value < parseFloat(least.value)) && !(value > parseFloat(most.value));
    });
}

// Finding and sorting

function update() {
  const wanted = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = Object.values(filters)
    .map((filter) => filter())
    .filter(Boolean);
  table.found = table.rows.filter(
    (row) => wanted.every((word) => row.words.includes(word)) && tests.every((test) => test(row)),
  );
  table.columns = columnsNow();
  if (!table.columns.some((column) => column.id === table.sort)) table.sort = null;
  order();
  table.page = 0;
  showRows();
}

function columnsNow() {
  const columns = [{ id: "task", label: "Task", value: (row) => nameOf(row).name.toLowerCase() }];
  // What all rows have alike needs no column.
  for (const [id, label] of [
    ["kind", "Kind"],
    ["repository", "Repository"],
    ["language", "Language"],
  ]) {
    const choice = byId(id);
    if (choice ? choice.value : new Set(table.rows.map((row) => row[id])).size < 2) continue;
    columns.push({ id, label, value: (row) => row[id], text: (row) => breakable(row[id]), hideable: true, short: true });
  }
  if (table.statuses) {
    const resolved = table.statuses.indexOf("resolved");
    columns.push(
      {
        id: "resolved",
        label: "Resolved",
        numeric: true,
        value: (row) => (row.results ? row.verdicts[resolved] / row.results : undefined),
        text: (row) => (row.results ? `${row.verdicts[resolved]} / ${row.results}` : "–"),
      },
      {
        id: "reward",
        label: "Reward",
        numeric: true,
        value: (row) => (row.results ? row.reward : undefined),
        text: (row) => (row.results ? shares.format(row.reward) : "–"),
      },
    );
  }
  const kind = byId("kind")?.value;
  const sets = kind ? [table.keys.get(kind)] : [...table.keys.values()];
  for (const key of sets[0] ?? []) {
    if (!sets.every((found) => found.has(key))) continue;
    columns.push({
      id: `number:${key}`,
      label: words(key),
      numeric: true,
      hideable: true,
      value: (row) => row.numbers.get(key),
      text: (row) => (row.numbers.has(key) ? number(row.numbers.get(key)) : "–"),
    });
  }
  return columns;
}

function order() {
  const column = table.columns.find(({ id }) => id === table.sort);
  if (!column) return;
  const sign = table.down ? -1 : 1;
  const values = new Map(table.found.map((row) => [row, column.value(row)]));
  table.found.sort((one, other) => {
    const [a, b] = [values.get(one), values.get(other)];
    if (a === b) return one.order - other.order;
    if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
    return a < b ? -sign : sign;
  });
}

function sortBy(column) {
  if (table.sort !== column.id) [table.sort, table.down] = [column.id, false];
  else if (!table.down) table.down = true;
  else table.sort = null;
  update();
  byId("table")
    .querySelector(`button[data-column="${CSS.escape(column.id)}"]`)
    ?.focus();
}

// Showing

function showRows() {
  const first = table.page * PAGE_ROWS;
  const rows = table.found.slice(first, first + PAGE_ROWS);
  byId("table").replaceChildren(
    element("thead", {}, element("tr", {}, table.columns.map(headerOf))),
    element("tbody", {}, rows.map(rowOf)),
  );
  const pages = Math.max(Math.ceil(table.found.length / PAGE_ROWS), 1);
  const all = table.rows.length;
  byId("status").textContent =
    table.found.length === all ? counted(all, "task") : `${number(table.found.length)} of ${counted(all, "task")}`;
  byId("page-number").textContent = `${number(table.page + 1)} of ${number(pages)}`;
  byId("previous-page").disabled = table.page === 0;
  byId("next-page").disabled = table.page >= pages - 1;
  document.querySelector(".pages").hidden = pages === 1;
}

function headerOf(column) {
  const sorted = table.sort === column.id ? (table.down ? "descending" : "ascending") : null;
  const button = element("button", { type: "button", "data-column": column.id }, column.label);
  button.addEventListener("click", () => sortBy(column));
  return element("th", { scope: "col", "aria-sort": sorted, class: classOf(column) }, button);
}

function rowOf(row) {
  const { name, path } = nameOf(row);
  const link = element("a", { href: `#${encodeURIComponent(row.id)}` }, name);
  const under = element(
    "span",
    { class: "under" },
    path,
    element("span", { class: "narrow" }, [path ? element("br") : null, `${words(row.kind)} · ${row.repository}`]),
  );
  const cells = table.columns
    .slice(1)
    .map((column) => element("td", { class: classOf(column) }, (column.text ?? column.value)(row)));
  return element("tr", {}, element("th", { scope: "row" }, link, under), cells);
}

function classOf(column) {
  const { numeric, hideable, short } = column;
  return [numeric && "number", hideable && "hideable", short && "short"].filter(Boolean).join(" ") || null;
}

function turnPage(by) {
  table.page += by;
  showRows();
  byId("table").scrollIntoView({ block: "start" });
  byId("table").querySelector("tbody a")?.focus({ preventScroll: true });
}

/** Show the page of the table that has a row, if the filters let it through, and return its link. */
function linkTo(id) {
  const place = table.found.findIndex((row) => row.id === id);
  if (place < 0) return null;
  if (Math.floor(place / PAGE_ROWS) !== table.page) {
    table.page = Math.floor(place / PAGE_ROWS);
    showRows();
  }
  return byId("table").querySelectorAll("tbody a")[place % PAGE_ROWS];
}
