export class Service {
  start() {}
}

export interface Options {
  service: Service;
  run(): void;
}

export default function makeService() {
  return new Service();  //> src/lib/service.ts::Service
}
