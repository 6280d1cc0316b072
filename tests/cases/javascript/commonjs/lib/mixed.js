const extra = require("extra");
module.exports = { ...extra, one() {} };
