function dos(x) {
  return x
}

function dosAll(xs) {
  return xs.map((x) => dos(x))
}

module.exports = { dos, dosAll }
