class Thread {
  length = 1

  cut() {
    return this.length--
  }
}

class Shuttle extends Thread {
  #passes = 0
  speed

  constructor(width) {
    super()
    this.width = width
  }

  static fast() {
    const shuttle = new Shuttle(2)
    shuttle.speed = 10
    return shuttle
  }

  /**
   * Goes through.
   */
  pass(cloth) {
    this.#passes += cloth.length
    return this.#count()
  }

  #count() { return this.#passes }

  get tired() {
    return this.#passes > 100
  }

  rest = () => {
    this.#passes = 0
  }
}

exports.Shuttle = Shuttle
exports.Thread = Thread
