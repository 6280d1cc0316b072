"use strict";

exports.parse = function (text) {
  return exports.format(text) + internal();  //> lib/utils.js::format ; lib/utils.js::internal
};

exports.format = format;

function format(text) {
  return text;
}

function internal() {
  return parse();  //> !parse
}
