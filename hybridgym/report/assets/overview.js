"use strict";
// The views of the suite as a whole, and of the results as a whole.

function showOverview(suite) {
  const view = byId("view-overview");
  const title = byId("overview-title");
  if (suite.repositories === undefined) {
    title.textContent = `Results of ${counted(suite.tasks, "task")}`;
    view.append(
      element("p", {}, "This report was made without the suite: it has verdicts, and nothing of the tasks themselves."),
    );
    return;
  }
  title.textContent = `${counted(suite.tasks, "task")} from ${counted(suite.repositories, "repository", "repositories")}`;
  const several = suite.counts.filter(([, { bars }]) => bars.length > 1);
  const single = suite.counts
    .filter(([, { bars }]) => bars.length === 1)
    .map(([name, { bars }]) => `${name.toLowerCase()} ${bars[0][0] || "none"}`);
  const made = [`made by hybridgym ${suite.hybridgym}`, `seed ${suite.seed}`, ...single];
  view.append(
    element(
      "p",
      { class: "note" },
      made.join(" · "),
      element("br"),
      "SHA-256 of the tasks ",
      element("code", {}, suite.sha256),
    ),
    element(
      "div",
      { class: "plots" },
      several.map(([name, found]) => barTable(name, found.bars, [found.others, found.others_count])),
    ),
  );
  for (const [kind, distributions] of suite.distributions) {
    if (!distributions.length) continue;
    const spread = distributions.filter((found) => found.least < found.most);
    const same = distributions.filter((found) => found.least === found.most);
    fill(view, {}, [
      element("h2", {}, `Numbers of ${kind}`),
      element(
        "div",
        { class: "plots small" },
        spread.map((found) => histogram(words(found.name), found.bins, `median ${number(found.median)}`)),
      ),
      same.length
        ? element(
            "p",
            { class: "note" },
            `The same for all: ${same.map((found) => `${words(found.name)} ${number(found.most)}`).join(", ")}`,
          )
        : null,
    ]);
  }
  if (suite.nearMisses.length) view.append(element("h2", {}, "Evidence"), nearMissesOf(suite.nearMisses));
  const rejections = suite.rejections.slice(0, 20);
  const rest = suite.rejections.slice(20);
  const columns = element("div", { class: "plots wide" });
  if (rejections.length) {
    columns.append(
      barTable("Left out, and why", rejections, [rest.length, rest.reduce((sum, [, count]) => sum + count, 0)]),
    );
  }
  if (suite.graph.length) {
    const rows = suite.graph.map(([name, count]) => [words(name), number(count)]);
    columns.append(tableOf("All repositories that were read", ["What", "Count"], rows));
  }
  if (columns.childElementCount) view.append(element("h2", {}, "How it was made"), columns);
  for (const gap of suite.shortfalls) {
    const subject = gap.subject ? ` with ${gap.subject}` : "";
    view.append(
      element("p", { class: "note" }, `Fewer than asked for: ${gap.kind}${subject}: ${gap.found} of ${gap.wanted}`),
    );
  }
}

function nearMissesOf(nearMisses) {
  const rows = nearMisses.map((miss) => [
    miss.name,
    miss.kind,
    number(miss.tried),
    miss.statuses.map(([status, count]) => `${words(status)} ${number(count)}`).join(", "),
    shares.format(miss.mean_reward),
    shares.format(miss.most),
  ]);
  return scrolling(
    "Near misses",
    tableOf(
      "Wrong answers that were tried on every task, and what its checker said",
      ["Near miss", "Kind", "Tasks", "Verdicts", "Mean reward", "Highest"],
      rows,
      [0, 1, 3],
    ),
  );
}

function showResults(suite) {
  const results = suite.results;
  if (!results) return;
  document.querySelector('nav a[href="#results"]').hidden = false;
  const view = byId("view-results");
  const notes = [`${counted(results.count, "result")}`];
  if (results.unknown) notes.push(`${number(results.unknown)} of tasks that this suite does not have`);
  if (results.withoutTask) notes.push(`${number(results.withoutTask)} of predictions that could not be read`);
  const statuses = results.statuses;
  const rows = results.models.map(([model, kind, count, found, reward, tasks, solved]) => [
    model || "no name",
    kind,
    number(count),
    `${number(solved)} / ${number(tasks)}`,
    ...found.map(number),
    shares.format(reward),
    bar(
      found.map((n, place) => [`status-${statuses[place]}`, n]),
      count,
    ),
  ]);
  view.append(
    element("p", { class: "note" }, notes.join(" · ")),
    scrolling(
      "Models",
      tableOf(
        "Verdicts by model and kind",
        ["Model", "Kind", "Results", "Tasks solved", ...statuses.map(words), "Mean reward", "Shares"],
        rows,
        [0, 1],
      ),
    ),
    element(
      "p",
      { class: "legend" },
      statuses.map((status) => statusOf(status)),
    ),
    element("h2", {}, "Rewards"),
    element(
      "div",
      { class: "plots small" },
      results.rewards.map(([kind, bins]) =>
        histogram(
          kind,
          bins.map((count, n) => [results.rewardBins[n], count]),
          `${counted(
            bins.reduce((a, b) => a + b),
            "result",
          )}`,
        ),
      ),
    ),
  );
  if (results.reasons.length) {
    fill(view, {}, [
      element("h2", {}, "Why not resolved"),
      scrolling(
        "Reasons",
        tableOf(
          "Reasons that checkers gave; … stands for what differs from task to task",
          ["Reason", "Status", "Results"],
          results.reasons.map(([status, reason, count]) => [reason, statusOf(status), number(count)]),
          [0, 1],
        ),
      ),
      leftOut(results.moreReasons, "reason"),
    ]);
  }
}

function statusOf(status) {
  return element(
    "span",
    { class: "status" },
    drawn(
      "svg",
      { viewBox: "0 0 8 8", "aria-hidden": "true" },
      drawn("rect", { class: `status-${status}`, width: 8, height: 8 }),
    ),
    words(status),
  );
}
