import { Service } from "./service.js";

export class Client {
  constructor(protected readonly service = new Service()) {}  //> src/lib/service.ts::Service

  connect() {
    this.service.start();  //> src/lib/service.ts::Service.start
  }
}
