exports.go = function () {};
