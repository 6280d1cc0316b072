// Modules of a project: paths, base folder, suffixes, types of other files, JavaScript beside it.

import { Service, type Options } from "@lib/service";
import type { Client } from "../lib/client.js";
import { kit } from "@kit";
import { lost } from "@gone/x";
import { based } from "lib/based";
import { plain } from "../lib/plain.js";
import legacy = require("../lib/legacy");
import * as shapes from "../lib/shapes";
import { Panel } from "./panel";
import { Readable } from "stream";
import type { Ambient } from "../types/ambient";
import def, { viaDefault } from "../lib/reexports";

export function main(service: Service, client: Client, options: Options) {
  service.start();  //> src/lib/service.ts::Service.start [annotation]
  client.connect();  //> src/lib/client.ts::Client.connect
  options.service.start();  //> src/lib/service.ts::Service.start
  options.run();  //> ?
  kit();  //> packages/kit/src/index.ts::kit
  lost();  //> ?
  based();  //> src/lib/based.mts::based
  plain();  //> src/lib/plain.js::plain
  legacy.go();  //> src/lib/legacy.js::go
  new shapes.Circle().area();  //> src/lib/shapes.ts::Circle ; src/lib/shapes.ts::Circle.area
  Panel({});  //> src/app/panel.tsx::Panel
  def();  //> src/lib/service.ts::makeService
  viaDefault().start();  //> src/lib/service.ts::makeService ; src/lib/service.ts::Service.start
}

export function more(circle: shapes.Circle, stream: Readable, ambient: Ambient, inline: import("../lib/client").Client) {
  circle.area();  //> src/lib/shapes.ts::Circle.area
  stream.pipe();  //> !stream.Readable.pipe
  stream.read();  //> ?
  ambient.connect();  //> ?
  inline.connect();  //> src/lib/client.ts::Client.connect
}

class Source extends Readable {
  read() {
    this.push();  //> !stream.Readable.push
    return super.read();  //> !stream.Readable.read
  }
}
