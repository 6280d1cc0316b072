"use strict";
// Which view is shown: the fragment of the address says it, so that every task has an address, and Back goes back.

const VIEWS = ["overview", "results", "tasks"];
const places = new Map(); // view → how far it was scrolled
let shown = null; // view, or id of a task
let isFollowed = false; // a link of the table was
let cameFromTable = false;

history.scrollRestoration = "manual";

function wanted() {
  const fragment = location.hash.slice(1);
  try {
    return decodeURIComponent(fragment) || "overview";
  } catch {
    return fragment;
  }
}

function isTask(name) {
  return name !== null && !VIEWS.includes(name);
}

async function show() {
  const name = wanted();
  if (shown !== null && !isTask(shown)) places.set(shown, window.scrollY);
  const before = shown;
  shown = name;
  const view = isTask(name) ? "task" : name;
  if (view === "task") await openTask(name);
  if (shown !== name) return; // another one was asked for meanwhile
  for (const other of [...VIEWS, "task"]) byId(`view-${other}`).hidden = other !== view;
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.hash === `#${view === "task" ? "tasks" : view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = view === "task" ? `${name} – hybridgym report` : "hybridgym report";
  window.scrollTo(0, view === "task" ? 0 : (places.get(name) ?? 0));
  if (before === null) return;
  const link = view === "tasks" && isTask(before) ? linkTo(before) : null;
  (link ?? byId(`${view}-title`)).focus({ preventScroll: !link });
}

async function openTask(id) {
  const row = table.byId.get(id);
  if (!row) return fail(`No task ${id}`);
  try {
    const [chunk, place] = row.place;
    const found = await load(chunk);
    if (shown !== id) return;
    showTask(row, found[place]);
    addSteps(row);
  } catch (error) {
    fail(error.message);
  }
}

function fail(message) {
  byId("view-task").replaceChildren(
    element("h1", { id: "task-title", tabindex: "-1" }, message),
    element("p", {}, element("a", { href: "#tasks" }, "All tasks")),
  );
}

/** Links to the tasks before and after, in the order of the table. */
function addSteps(row) {
  const place = table.found.indexOf(row);
  const step = (label, other, relation) =>
    other ? element("a", { href: `#${encodeURIComponent(other.id)}`, rel: relation }, label) : null;
  const close = element("a", { href: "#tasks", class: "close" }, "All tasks");
  close.addEventListener("click", (event) => {
    event.preventDefault();
    closeTask();
  });
  const steps =
    place < 0 ? [] : [step("Previous", table.found[place - 1], "prev"), step("Next", table.found[place + 1], "next")];
  byId("view-task").prepend(element("nav", { class: "steps", "aria-label": "Tasks" }, close, steps));
}

function closeTask() {
  if (cameFromTable) history.back();
  else location.hash = "#tasks";
}

// Keys

function onKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const field = event.target.closest("input, select, textarea");
  if (event.key === "/" && !field) {
    event.preventDefault();
    search();
  } else if (event.key === "Escape") {
    if (isTask(shown)) closeTask();
    else if (field?.id === "search" && field.value) {
      event.preventDefault();
      field.value = "";
      update();
    }
  } else if (shown === "tasks" && ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
    moveInTable(event, field);
  }
}

async function search() {
  if (shown !== "tasks") {
    location.hash = "#tasks";
    await new Promise((done) => window.addEventListener("hashchange", () => setTimeout(done), { once: true }));
  }
  byId("search").focus();
  byId("search").select();
}

function moveInTable(event, field) {
  const links = [...byId("table").querySelectorAll("tbody a")];
  const place = links.indexOf(event.target);
  if (place < 0 && !(event.key === "ArrowDown" && (field?.id === "search" || event.target === document.body))) return;
  const aims = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: links.length - 1 };
  const aim = aims[event.key];
  event.preventDefault();
  if (aim < 0) byId("search").focus();
  else links[Math.min(aim, links.length - 1)]?.focus();
}

async function start() {
  try {
    const [suite, tasks] = await Promise.all([load("suite"), load("tasks")]);
    showOverview(suite);
    showResults(suite);
    takeTasks(tasks, suite.results?.statuses);
  } catch (error) {
    byId("overview-title").textContent = error.message;
    byId("view-overview").hidden = false;
    return;
  }
  addFilters();
  update();
  byId("previous-page").addEventListener("click", () => turnPage(-1));
  byId("next-page").addEventListener("click", () => turnPage(1));
  byId("table").addEventListener("click", (event) => {
    const link = event.target.closest("tbody tr")?.querySelector("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target === link) isFollowed = true;
    else if (getSelection().isCollapsed) link.click();
  });
  window.addEventListener("hashchange", () => {
    cameFromTable = isFollowed;
    isFollowed = false;
    show();
  });
  document.addEventListener("keydown", onKey);
  if (!location.hash && suiteIsUnknown()) location.replace("#results");
  show();
}

/** A report of results alone begins with them. */
function suiteIsUnknown() {
  return table.rows.every((row) => !row.targets.length && !row.numbers.size) && table.statuses;
}

start();
