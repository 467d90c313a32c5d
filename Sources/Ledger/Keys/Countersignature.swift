/// What an enrolling key says of a station, whoever carries it: certificates and a signature in the fact's data. What
/// makes it true is the signature alone, over the kind, the station, the hour and what each kind adds.
enum Countersignature {
  /// Lines of text, each ended by a newline.
  static func text(_ kind: String, _ station: String, _ at: Instant, _ lines: [String] = []) -> [UInt8] {
    Array((["permanence \(kind) 1", station, at.text] + lines).map { "\($0)\n" }.joined().utf8)
  }

  /// The station that a fact of this kind is about; nil for another kind, or no station.
  static func station(_ fact: Fact, _ kind: String) -> String? {
    guard fact.kind == kind, fact.subject.hasPrefix("station/") else { return nil }
    let station = String(fact.subject.dropFirst("station/".utf8.count))
    return StationName.isValid(station) ? station : nil
  }

  /// Whether an enrolling key of this root signed it.
  static func holds(_ fact: Fact, _ text: [UInt8], root: String) -> Bool {
    guard
      let ders = fact.data["certificates"]?.array?.compactMap({ $0.string.flatMap { Base64.bytes(standard: $0.utf8) } }
      ),
      let key = try? AuthorityCertificates(checking: ders), key.rootFingerprint.sameBytes(as: root),
      let signature = fact.data["signature"]?.string.flatMap({ Base64.bytes(url: $0.utf8) })
    else { return false }
    return key.publicKey.isValid(signature: signature, for: text)
  }
}

extension Authority {
  /// A fact about a station with this key's signature over `text`.
  func fact(
    _ kind: String, station: String, at: Instant, _ data: JSONObject = JSONObject(), signing text: [UInt8]
  ) throws(KeyFault) -> Fact {
    var data = data
    data["certificates"] = .array(try certificates().map { .string(Base64.standard($0)) })
    data["signature"] = .string(Base64.url(try sign(text)))
    return Fact(kind: kind, subject: "station/\(station)", at: at, data: .object(data))
  }
}
