import { own } from "#own";

export function core() {
  own();  //> packages/core/src/own.js::own
}
