"use strict";
// Data lie beside the page as scripts: a page that was opened from disk can load nothing else.

const KEPT = 24; // chunks in memory
const arriving = new Map(); // name → what to do with its data
const loaded = new Map(); // name → promise of its data, the latest last

const addresses = (window.trustedTypes ?? { createPolicy: (name, rules) => rules }).createPolicy("data", {
  createScriptURL(address) {
    if (!/^data\/[a-z0-9]+\.js$/.test(address)) throw new TypeError(address);
    return address;
  },
});

/** Called by the scripts in data/. */
function receive(name, text) {
  arriving.get(name)?.(JSON.parse(text));
  arriving.delete(name);
}

/** Promise the data of a name, or of a chunk's number. */
function load(name) {
  const known = loaded.get(name);
  if (known) return known;
  const promise = new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const file = typeof name === "number" ? String(name).padStart(4, "0") : name;
    arriving.set(name, resolve);
    script.src = addresses.createScriptURL(`data/${file}.js`);
    script.onload = () => script.remove();
    script.onerror = () => {
      script.remove();
      arriving.delete(name);
      loaded.delete(name);
      reject(new Error(`data/${file}.js cannot be loaded`));
    };
    document.head.append(script);
  });
  loaded.set(name, promise);
  if (loaded.size > KEPT) loaded.delete(loaded.keys().next().value);
  return promise;
}
