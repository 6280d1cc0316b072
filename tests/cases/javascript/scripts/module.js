import x from "x";

shared();  //> ?
window.shared();  //> ?
window.alert();  //> !alert
