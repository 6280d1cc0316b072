export { deep as nested, rebound as twice } from "./deep.js";
export { first as viaStar } from "./index.js";
export * from "./second.js";
export * from "elsewhere";
