// Object literals: their methods, what is put into them later, and destructuring.

const api = {
  run() {
    return this.helper();  //> objects.js::api.helper
  },
  helper: () => start(),  //> objects.js::start
  go: function () {
    return api.run();  //> objects.js::api.run [attribute]
  },
  start,
  alias: start,
  nested: {
    deep() {
      return api.nested.deeper();  //> objects.js::api.nested.deeper
    },
    deeper() {},
  },
  get lazy() {
    return start;
  },
  ["computed"]: start,
};

function start() {
  return 1;
}

function stop() {}

function uses() {  //= objects.js::api.run, objects.js::start, objects.js::api.nested.deep
  api.run();  //> objects.js::api.run
  api.start();  //> objects.js::start
  api.alias();  //> objects.js::start
  api.nested.deep();  //> objects.js::api.nested.deep
}

function others(name) {
  api.missing();  //> !?.missing
  api[name]();  //> ?
  api["run"]();  //> objects.js::api.run
  api.lazy();  //> ?
  const { run, start: begin, nested: { deep } } = api;
  run();  //> objects.js::api.run
  begin();  //> objects.js::start
  deep();  //> objects.js::api.nested.deep
  const { stop: end = stop, ...rest } = api;
  end();  //> ?
  rest.run();  //> ?
  const [first] = [start];
  first();  //> ?
}

const registry = {};
registry.open = start;
registry.close = function () {
  return stop();  //> objects.js::stop
};
registry.both = start;

function later(flag) {
  registry.open();  //> objects.js::start
  registry.close();  //> objects.js::registry.close
  registry.both();  //> ?
  registry.never();  //> !?.never
}

function patch() {
  registry.both = stop;
}

const computed = { run() {} };
computed[later] = stop;

const spread = { ...api, stop };
const overridden = { run: stop, ...api };

function usesComputed() {
  computed.run();  //> ?
  spread.stop();  //> objects.js::stop
  spread.run();  //> objects.js::api.run
  overridden.run();  //> ?
}

function factory() {
  function send() {}
  const receive = () => send();  //> objects.js::factory.send
  return { send, receive, inline() {}, value: 1 };
}

function usesFactory() {
  const made = factory();  //> objects.js::factory
  made.send();  //> objects.js::factory.send
  made.receive();  //> objects.js::factory.receive
  made.inline();  //> ?
  const { send } = factory();  //> objects.js::factory
  send();  //> objects.js::factory.send
}

const frozen = Object.freeze({  //> builtin
  run() {
    return stop();  //> objects.js::stop
  },
});

frozen.run();  //> objects.js::frozen.run

function passes(consume) {
  consume({  //> ?
    onDone() {
      stop();  //> objects.js::stop
    },
  });
  consume.onDone();  //> ?
}
