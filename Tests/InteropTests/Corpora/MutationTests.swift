import Interop
import Ledger
import Seeded
import Spoken
import Testing

/// Bytes flipped, cut out and put in: whatever comes, it is taken, not ours, or refused, and what is taken can be
/// written in a ledger.
struct MutationTests {
  static let messages: [[String]] = [
    [Spoken.header("A28"), Spoken.evn, Spoken.pid],
    [
      Spoken.header("A01"), Spoken.evn, Spoken.pid, Spoken.pv1, Spoken.zbe(), "ZFM|8||||5", "IN1||AMO|1",
      "IN3|||||PB^1",
    ],
    [Spoken.header("A13"), Spoken.evn, Spoken.pid, Spoken.pv1, Spoken.zbe(action: "CANCEL", trigger: "A03")],
    [Spoken.header("A40"), Spoken.pid, "MRG|4712^^^CH&1.2.250.1.99.1&ISO^PI"],
    [Spoken.header("A44"), Spoken.pid, "MRG|4712^^^CH&1.2.250.1.99.1&ISO^PI"],
    [Spoken.header("A47"), Spoken.pid, "MRG|4712^^^CH&1.2.250.1.99.1&ISO^PI"],
    [Spoken.header("A31"), Spoken.pid, "ZFS|1|7|20220801||INSERT|SDRE", "NK1|1|A\\S\\B\\XE9\\^C|SPO^Conjoint"],
    [
      "MSH#*!?%#GAM#CH#PERM#CH#20220821010000##ADT*A01#7#P#2.5", "PID###1***CH%1.2.3%ISO*PI##LE?T?BON*ANNE", "PV1##I#U",
    ],
  ]

  @Test(arguments: 0..<40)
  func own(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    for message in Self.messages {
      for _ in 0..<10 { try survive(mutated(Spoken.bytes(message), &random), "seed \(seed)") }
    }
  }

  @Test(.enabled(if: Corpus.isThere), arguments: 0..<10)
  func vendor(seed: UInt64) throws {
    var random = Seeded(seed: 1000 + seed)
    for (control, bytes) in try Corpus.pam() {
      try survive(mutated(bytes, &random), "seed \(seed), \(control)")
    }
  }

  @Test func noiseAlone() throws {
    var random = Seeded(seed: 7)
    for _ in 0..<200 {
      let count = Int.random(in: 0..<400, using: &random)
      try survive((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }, "noise")
    }
  }

  private func mutated(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var bytes = bytes
    // What parts and frames messages does the most harm.
    let sharp = Array("|^~\\&\"\r\n\u{0B}\u{1C}0\u{00}ZX".utf8) + [0xFF, 0xC3, 0x80, 0xEF]
    for _ in 0..<Int.random(in: 1...12, using: &random) where !bytes.isEmpty {
      let index = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[index] = sharp.randomElement(using: &random)!
      case 2: bytes.insert(sharp.randomElement(using: &random)!, at: index)
      case 3: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...20, using: &random)))
      case 4: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + 60)], at: index)
      default: if Int.random(in: 0..<4, using: &random) == 0 { bytes.removeSubrange(index...) }
      }
    }
    return bytes
  }

  private func survive(_ bytes: [UInt8], _ name: String) throws {
    for incoming in Corpus.translated(bytes) {
      guard case .facts(let taken) = incoming.translated else { continue }
      #expect(!taken.facts.isEmpty, "\(name)")
      do {
        _ = try CommitDraft(author: "system", command: taken.command, source: taken.source, facts: taken.facts)
      } catch {
        Issue.record("\(name): a fact that no ledger takes: \(error)")
      }
    }
    _ = Known(
      Corpus.translated(bytes).compactMap { incoming in
        if case .facts(let facts) = incoming.translated { facts } else { nil }
      })
  }
}
