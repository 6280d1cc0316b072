export * from "./barrel.js";
export function star2() {}
