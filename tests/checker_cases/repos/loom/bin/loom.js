#!/usr/bin/env node
function main() {
  return 0
}

function start() {
  return main()
}

start()
