import Crypto
import Hospital
import Ledger

/// A message on its way to another system. What it is about gives it its number (MSH-10), whatever else is told beside,
/// so that sending it again is a repeat.
public struct OutgoingMessage: Sendable, Equatable {
  /// MSH-10: 20 characters that sort as what they tell was said.
  public var control: String
  /// Its number where messages were counted in each commit: acknowledgements of then are still on the ledger.
  public var former: String
  /// `A28`.
  public var trigger: String
  /// The commit that it tells of.
  public var commit: CommitPlace
  /// The identities that it speaks of, whom PID names first: what follows for one of them waits for it.
  public var patients: [String]
  /// `patient/<uuid>` or `stay/<uuid>`.
  public var subject: String
  public var segments: [String]
  /// Places in that commit of the facts that it tells; none where it tells what other commits said.
  public internal(set) var facts: [Int] = []
  /// The main system has spoken of the first of them, or said a number of its own for them.
  public internal(set) var isNumberedThere = true
  /// What the main system itself calls them today, as PID-3 has it.
  var named: [String] = []

  package init(
    control: String, former: String, trigger: String, commit: CommitPlace, patients: [String], subject: String,
    segments: [String]
  ) {
    (self.control, self.former, self.trigger, self.commit) = (control, former, trigger, commit)
    (self.patients, self.subject, self.segments) = (patients, subject, segments)
  }

  /// Segments ended by CR, without MLLP's framing; `lost` counts characters that the set lacks and that were
  /// transliterated.
  public func bytes(in charset: Charset) -> (bytes: [UInt8], lost: Int) {
    charset.encode(text)
  }

  /// Each segment ended by CR.
  public var text: String { segments.map { $0 + "\r" }.joined() }

  /// Says again what went before, byte for byte: whether a later movement is known (ZBE-5) is decided once, and so is
  /// which commit tells what is told once. Whoever may have been created is so once: what came late of them is told by
  /// what follows. A number that the main system gave somebody since waits for a message that never went. Where a mark
  /// that hides, what came late otherwise, another charset or receiver changed the words, they are those of today, under a
  /// number of their own: a receiver that remembers the first would answer without reading.
  public mutating func repeats(_ text: String, isRefused: Bool = false) {
    let before = text.split(separator: "\r").map(String.init)
    let isCreation = trigger == "A28" && !isRefused
    let named = isRefused ? [] : named
    func words(_ segments: [String]) -> [String] { Self.words(segments, isCreation, without: named) }
    if words(before) == words(segments) { segments = before } else { renumber() }
  }

  /// Somebody is called by that number, whoever gave it.
  package func names(_ number: Identifier) -> Bool {
    let value = SegmentText.escaped(number.value)
    return segments.contains { segment in
      segment.hasPrefix("PID|") && Self.fields(segment)[3].split(separator: "~").contains { $0.hasPrefix("\(value)^") }
    }
  }

  /// The stay is called by that number, whoever gave it.
  package func names(stay number: String) -> Bool {
    let value = SegmentText.escaped(number)
    return [("PID", 18), ("PV1", 19)].contains { name, place in
      segments.contains {
        $0.hasPrefix("\(name)|") && Self.fields($0).dropFirst(place).first?.hasPrefix("\(value)^") == true
      }
    }
  }

  /// Of these segments, what makes another message of them.
  private static func words(_ segments: [String], _ isCreation: Bool, without named: [String]) -> [String] {
    func nameless(_ segment: String, _ place: Int) -> String {
      let numbers = fields(segment).dropFirst(place).first?.split(separator: "~").map(String.init) ?? []
      return setting([place], to: numbers.filter { !named.contains($0) }.joined(separator: "~"), segment)
    }
    return segments.compactMap { segment -> String? in
      switch segment.prefix(3) {
      case "MSH": setting([6, 9], to: "", segment)
      case "PD1": segment
      case _ where isCreation: nil
      case "EVN": setting([2], to: "", segment)
      case "PID" where !named.isEmpty: nameless(segment, 3)
      case "MRG" where !named.isEmpty: nameless(segment, 1)
      case "ZBE": setting([5], to: "", segment)
      default: segment
      }
    }
  }

  /// Takes a number that its words give, the same on every station.
  private mutating func renumber() {
    segments[0] = Self.setting([9], to: control, segments[0])
    let words = SHA256.hash(data: Array(text.utf8)).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    segments[0] = Self.setting([9], to: String(control.prefix(15)) + Self.base36(words, 5), segments[0])
  }

  /// A segment with something else at some places between its bars.
  private static func setting(_ places: [Int], to text: String, _ segment: String) -> String {
    var parts = fields(segment)
    for place in places where place < parts.count { parts[place] = text }
    return parts.joined(separator: "|")
  }

  /// The number of what one fact comes to; identities go before the rest of their commit.
  /// - Parameter fact: its place in the commit.
  static func control(_ commit: CommitPlace, at time: HybridTime, fact: Int, isIdentity: Bool) -> String {
    let about = digest("\(commit.hash.hex)|\(fact)|\(isIdentity ? "identity" : "fact")")
    return hour(time) + base36(min(fact, factsMax - 1) + (isIdentity ? 0 : factsMax), 2) + base36(about, 5)
  }

  /// The number of a movement that is told again, since what the commit says of another changed where it leads: these go
  /// behind the rest of their commit.
  static func control(_ commit: CommitPlace, at time: HybridTime, later movement: String) -> String {
    hour(time) + "ZZ" + base36(digest("\(commit.hash.hex)|later|\(movement)"), 5)
  }

  /// Half of what two digits hold.
  private static let factsMax = 648

  /// The number of what is told once, whichever commit comes to tell it: a person's creation, by `patient/<uuid>`, and
  /// a movement of before, by its stay and key. It sorts before all hours.
  package static func control(once name: String) -> String {
    "00" + base36(digest("once|\(name)"), 9) + base36(digest("\(name)|once"), 9)
  }

  /// The number of the message at `place` of those of its commit, as it was once given.
  static func former(_ commit: CommitPlace, at time: HybridTime, place: Int) -> String {
    hour(time) + base36(place, 2) + base36(commit.hash.bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }, 5)
  }

  private static func hour(_ time: HybridTime) -> String {
    base36(Int(time.instant.milliseconds), 9) + base36(Int(time.counter), 4)
  }

  /// 56 bits.
  private static func digest(_ text: String) -> Int {
    SHA256.hash(data: Array(text.utf8)).prefix(7).reduce(0) { $0 << 8 | Int($1) }
  }

  /// The last `width` digits.
  static func base36(_ value: Int, _ width: Int) -> String {
    let digits = String(value, radix: 36, uppercase: true).suffix(width)
    return String(repeating: "0", count: width - digits.count) + digits
  }
}
