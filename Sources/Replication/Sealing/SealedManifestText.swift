import Ledger

extension SealedManifest {
  static let bytesMax = 1 << 20

  /// Compact UTF-8, one JSON object.
  var bytes: [UInt8] {
    var object: JSONObject = JSONObject([
      ("kind", .string(kind.rawValue)), ("station", .string(station)), ("publicKey", .string(publicKey.text)),
      ("certificates", .array(certificates.map { .string(Base64.standard($0)) })),
      ("sealedAt", .string(sealedAt.text)),
      ("ranges", .array(ranges.map(\.json))), ("heads", .array(heads.map(\.json))),
      (
        "counts",
        .object(
          JSONObject(
            counts.sorted { $0.key.precedesInBytes($1.key) }.map { (key: $0.key, value: .integer($0.value)) }))
      ),
    ])
    if let digest { object.append("digest", .string(digest)) }
    return JSON.object(object).bytes
  }

  /// Whether the station is one of this hospital's is for the caller to check, with its certificates and the root's
  /// fingerprint: here its name must only end with the digits of its key. Unknown keys are ignored.
  init(parsing bytes: [UInt8]) throws(SealFailure) {
    guard let json = try? JSON(parsing: bytes), let name = json["kind"]?.string, let station = json["station"]?.string,
      let key = json["publicKey"]?.string.flatMap(PublicKey.init(text:)), StationName.isName(station, of: key),
      let certificates = json["certificates"]?.array?.all({ $0.string.flatMap { Base64.bytes(standard: $0.utf8) } }),
      let sealedAt = json["sealedAt"]?.string.flatMap(Instant.init(_:)),
      let ranges = json["ranges"]?.array?.all(Range.init(json:)),
      let heads = json["heads"]?.array?.all(Head.init(json:)),
      let counts = json["counts"]?.object?.members.all({ member in member.value.integer.map { (member.key, $0) } })
    else { throw .malformed("its manifest cannot be read") }
    guard let kind = Kind(rawValue: name) else { throw .malformed("it holds a kind that this version does not know") }
    self.init(
      kind: kind, station: station, publicKey: key, certificates: certificates, sealedAt: sealedAt, ranges: ranges,
      heads: heads, counts: Dictionary(counts) { _, last in last }, digest: json["digest"]?.string)
  }
}

extension SealedManifest.Range {
  fileprivate var json: JSON {
    ["chain": .string(chain), "first": .integer(first), "last": .integer(last), "hash": .string(hash.hex)]
  }

  fileprivate init?(json: JSON) {
    guard let chain = json["chain"]?.string, StationName.isValid(chain), let first = json["first"]?.integer,
      let last = json["last"]?.integer, first >= 1, last >= first,
      let hash = json["hash"]?.string.flatMap(LineHash.init(hex:))
    else { return nil }
    self.init(chain: chain, first: first, last: last, hash: hash)
  }
}

extension SealedManifest.Head {
  fileprivate var json: JSON {
    ["chain": .string(chain), "sequence": .integer(sequence), "hash": .string(hash.hex)]
  }

  fileprivate init?(json: JSON) {
    guard let chain = json["chain"]?.string, StationName.isValid(chain), let sequence = json["sequence"]?.integer,
      sequence >= 1, let hash = json["hash"]?.string.flatMap(LineHash.init(hex:))
    else { return nil }
    self.init(chain: chain, sequence: sequence, hash: hash)
  }
}

extension Sequence {
  /// Every element made into another; nil where one cannot be.
  fileprivate func all<Made>(_ make: (Element) -> Made?) -> [Made]? {
    var made: [Made] = []
    for element in self {
      guard let one = make(element) else { return nil }
      made.append(one)
    }
    return made
  }
}
