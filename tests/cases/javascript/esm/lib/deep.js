export function deep() {}
export let rebound = deep;
rebound = () => 1;
