const Machine = require("./machine");  //> builtin

const made = Machine.make();  //> ?
const bound = Machine.bind(null);  //> builtin
