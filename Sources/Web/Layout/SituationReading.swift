import Register

extension Situation {
  /// One consistent state for the whole banner.
  static func read(_ register: Register) throws -> Situation {
    var situation = Situation()
    situation.station = register.station
    return situation
  }
}
