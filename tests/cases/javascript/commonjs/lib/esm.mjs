import utils, { parse } from "./utils.js";

export function three() {
  parse();  //> lib/utils.js::parse
  utils.format();  //> lib/utils.js::format
}

export default function main() {}
