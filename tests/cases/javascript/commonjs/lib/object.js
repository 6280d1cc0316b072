module.exports = {
  run() {
    return stop();  //> lib/object.js::stop
  },
  stop,
};

function stop() {}
