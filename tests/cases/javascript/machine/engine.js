class Runner {
  run(step) {
    Runner.soon(step);  //> ?
    Runner.later(step);  //> builtin
  }
}

Runner.soon = setImmediate;
Runner.later = setTimeout;

module.exports = build();  //> engine.js::build

function build() {
  return { Runner };
}
