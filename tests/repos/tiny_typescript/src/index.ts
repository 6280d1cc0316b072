export * from "@signals";
export { default as Keeper } from "./keeper";
export type { Weather } from "./weather";
