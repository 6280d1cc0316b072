#!/usr/bin/env node
function main() {
  return 0
}

main()
