import Ledger
import Seeded

/// An authority, a station under it and a chain of its lines, all from one seed.
struct SampleChain {
  let authority: Authority
  let station: String
  let key: SigningKey
  let enrolment: Enrolment
  var chain: Chain
  var lines: [[UInt8]] = []
  var time = HybridTime("2022-08-21T01:00:00.000Z/0000")!

  init(people: String = "urg-1", seed: UInt64 = 1, authority: Authority? = nil, readsOf sample: SampleChain? = nil) {
    var random = Seeded(seed: seed)
    self.authority =
      try! authority ?? Authority.create(hospital: "Centre hospitalier", random: { random.bytes($0) }).authority
    key = try! sample?.key ?? SigningKey(random: { random.bytes($0) })
    station = sample?.station ?? StationName.make(people: people, key: key.publicKey)!
    enrolment =
      try! sample?.enrolment
      ?? self.authority.enrol(station: station, key: key.publicKey, random: { random.bytes($0) })
    chain = Chain(station: sample == nil ? station : StationName.reads(of: station), key: key)
    say([enrolment.opened(chain: chain.station, at: time.instant)])
  }

  /// Appends a line that says one admission.
  mutating func admit(_ number: Int, facts: Int = 1) {
    say(
      (0..<facts).map {
        Fact(
          kind: "stay.admitted", subject: "stay/\(number)-\($0)", at: time.instant,
          data: ["unit": "4E", "name": "LÉVÊQUE", "number": .integer(number)])
      })
  }

  mutating func say(_ facts: [Fact]) {
    time = time.successor
    let commit = try! chain.append(author: "system", command: "command-\(chain.sequence)", time: time, facts: facts)
    lines.append(commit.line)
  }

  static func of(lines count: Int, seed: UInt64 = 1) -> SampleChain {
    var sample = SampleChain(seed: seed)
    for number in 1..<count { sample.admit(number, facts: number % 3 + 1) }
    return sample
  }
}

func verify(_ chains: (name: String, lines: [[UInt8]])..., root: String? = nil, batch: Int = 7) -> VerificationReport {
  var verification = Verification(root: root)
  for chain in chains {
    verification.begin(chain.name)
    for start in stride(from: 0, to: chain.lines.count, by: batch) {
      verification.take(Array(chain.lines[start..<min(start + batch, chain.lines.count)]))
    }
  }
  return verification.finish()
}
