import { core } from "@acme/core";
import { own } from "@acme/core/tools/own";
import { built } from "@acme/core/built";
import { hidden } from "@acme/core/src/own.js";
import { left } from "left/deep/file";
import { folder } from "packages/core/src/own";
import { aliased } from "@/somewhere";
import { self as again } from "app";

export function self2() {
  core();  //> packages/core/src/index.js::core
  own();  //> packages/core/src/own.js::own
  built();  //> ?
  hidden();  //> ?
  left();  //> !left/deep/file.left
  folder();  //> ?
  aliased();  //> ?
  again();  //> packages/app/start.js::self
}

export function self() {}
