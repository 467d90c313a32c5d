import Ledger
import Testing

/// What a draft refuses is what a reader would refuse, for the same reason.
struct DraftTests {
  static func nested(_ levels: Int) -> JSON {
    (0..<levels).reduce(JSON.null) { inner, level in level.isMultiple(of: 2) ? [inner] : ["a": inner] }
  }

  static let keys = JSONObject((0..<40).map { (key: "k\($0 % 39)", value: JSON.null) })

  /// The levels of `data`: three lie around it.
  @Test(
    arguments: [
      (JSON.object(JSONObject([("a", nested(12))])), nil),
      (.object(JSONObject([("a", nested(13))])), .tooDeep),
      (.object(JSONObject([("a", 1), ("a", 2)])), .duplicateKey),
      (.object(JSONObject([("é", 1), ("e\u{301}", 2)])), nil),
      (["a": [.object(keys)]], .duplicateKey),
      (["a": .integer(1 << 53)], nil),
      (["a": .integer(-(1 << 53) - 1)], .integerOutOfRange),
      (["a": .integer(.min)], .integerOutOfRange),
      (["a": [nil, true, "\u{0}\u{1F}\"\\ é 👩‍⚕️"]], nil),
    ] as [(JSON, JSONFailure.Reason?)])
  func aDraftIsReadable(data: JSON, reason: JSONFailure.Reason?) throws {
    let fact = Fact(kind: "patient.registered", subject: "patient/a", at: .earliest, data: data)
    let key = try #require(SigningKey(seed: [UInt8](repeating: 7, count: 32)))
    var chain = Chain(station: "urg-1-3fa9c2d1", key: key)
    let time = HybridTime(instant: .earliest, counter: 0)
    let written = Result { try chain.append(author: "system", command: "c", time: time, facts: [fact]) }
    switch written {
    case .success(let commit):
      let readBack = try Commit(reading: commit.line).facts
      #expect(reason == nil && readBack == [fact])
    case .failure(let error):
      guard case LineFailure.json(let failure) = error else { throw error }
      #expect(failure.reason == reason)
    }
  }

  @Test func nothingToSayAndNoObject() {
    let key = SigningKey(seed: [UInt8](repeating: 7, count: 32))
    let time = HybridTime(instant: .earliest, counter: 0)
    for facts in [[], [Fact(kind: "a", subject: "b", at: .earliest, data: [])]] {
      #expect(throws: LineFailure.malformed(key: "facts")) {
        var chain = Chain(station: "urg-1-3fa9c2d1", key: try #require(key))
        _ = try chain.append(author: "system", command: "c", time: time, facts: facts)
      }
    }
  }
}
