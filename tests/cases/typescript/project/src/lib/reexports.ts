export { default, default as viaDefault } from "./service";
