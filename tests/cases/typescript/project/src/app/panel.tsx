import { Service } from "@lib/service";

export const Panel = ({ service }: { service: Service }) => {
  service.start();  //> src/lib/service.ts::Service.start
  return <Row onClick={() => service.start()}>{label<string>("x")}</Row>;  //> src/lib/service.ts::Service.start ; src/app/panel.tsx::label
};

const label = <T,>(text: T) => text;

function Row() {
  return <></>;
}
