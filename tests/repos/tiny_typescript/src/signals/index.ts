export { Lamp, FogLamp as Horn } from "./lamp";
export * as codes from "./codes";
