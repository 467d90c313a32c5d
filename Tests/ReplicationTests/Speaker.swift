import Ledger
import Replication
import Seeded

/// A station under an authority, and what it says. A value: a copy that goes on is a fork.
struct Speaker {
  let key: SigningKey
  let enrolment: Enrolment
  let station: String
  private(set) var chain: Chain
  private(set) var lines: [[UInt8]] = []
  private var time = HybridTime("2022-08-21T01:00:00.000Z/0000")!

  init(_ people: String, seed: UInt64, under authority: Authority, saying count: Int = 1) throws {
    var random = Seeded(seed: seed)
    key = try SigningKey(random: { random.bytes($0) })
    station = try StationName.make(people: people, key: key.publicKey).orThrow()
    enrolment = try authority.enrol(station: station, key: key.publicKey, random: { random.bytes($0) })
    chain = Chain(station: station, key: key)
    try say([enrolment.opened(chain: station, at: time.instant)])
    try say(count - 1)
  }

  /// Two of one hospital: what both have said is 160 lines, the second's a quarter of them.
  static func two() throws -> (authority: Authority, one: Speaker, two: Speaker) {
    let authority = try Authority.seeded(1)
    return (
      authority, try Speaker("urg-1", seed: 2, under: authority, saying: 120),
      try Speaker("lits-2", seed: 3, under: authority, saying: 40)
    )
  }

  /// Its chain of reads, with as many lines.
  init(readsOf speaker: Speaker, saying count: Int = 1) throws {
    (key, enrolment, station) = (speaker.key, speaker.enrolment, speaker.station)
    chain = Chain(station: StationName.reads(of: station), key: key)
    try say([enrolment.opened(chain: chain.station, at: time.instant)])
    try say(count - 1)
  }

  /// - Parameter what: in each line, so that two copies do not say the same.
  @discardableResult
  mutating func say(_ count: Int, _ what: String = "admission") throws -> [[UInt8]] {
    let before = lines.count
    for _ in 0..<count {
      try say([
        Fact(
          kind: "stay.admitted", subject: "stay/\(chain.sequence)", at: time.instant,
          data: ["name": "LÉVÊQUE", "what": .string(what)])
      ])
    }
    return Array(lines[before...])
  }

  private mutating func say(_ facts: [Fact]) throws {
    time = time.successor
    lines.append(
      try chain.append(author: "system", command: "c-\(chain.sequence)", time: time, facts: facts).line)
  }

  var tip: Tip { Tip(sequence: chain.sequence, hash: chain.head) }
}

extension Authority {
  static func seeded(_ seed: UInt64) throws -> Authority {
    var random = Seeded(seed: seed)
    return try Authority.create(hospital: "Centre hospitalier", random: { random.bytes($0) }).authority
  }
}

extension Optional {
  struct Absent: Error {}

  func orThrow() throws -> Wrapped {
    guard let self else { throw Absent() }
    return self
  }
}
