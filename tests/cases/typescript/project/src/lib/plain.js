import { Service } from "./service";

export function plain() {
  new Service().start();  //> src/lib/service.ts::Service ; src/lib/service.ts::Service.start
}
