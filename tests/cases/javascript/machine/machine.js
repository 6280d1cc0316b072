// A function that is exported where it is written has the members that it is given later.
const Machine = module.exports = exports = function Machine() {};

Machine.make = function () {
  return 1;
};

Machine.again = () => Machine.make();  //> ?
