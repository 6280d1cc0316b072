// Scripts share their names.

function shared() {}

var counter = function () {};

shared();  //> one.js::shared
