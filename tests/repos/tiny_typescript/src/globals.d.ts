declare module "*.svg";

/** Rings the bell in the harbour office over the copper wire below the sea. */
declare function ring(times: number): void;
