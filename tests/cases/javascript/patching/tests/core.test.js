const core = require("../core");

core.tested = () => 3;
core.Service.prototype.kept = () => 4;
