import { renamed } from "../main.js";

export function first() {
  renamed();  //> main.js::named
}

export const second = () => third();  //> lib/index.js::third

function third() {}

function make() {}

export { make as default, third };
export * as inner from "./deep.js";
