import Ledger

/// Something that every station must know and that no line may hold: how an account proves who it is, the key of
/// carriers. Signed by the station that made it, so that it may come from whoever has it.
///
/// Its bytes are `<signature> <body>`, as a line's are, but signed with a beginning of their own, so that neither
/// passes for the other. The body is `{"station", "time", "name", "data"}`.
struct BesideEntry: Sendable {
  static let bytesMax = 4096
  private static let nameBytesMax = 128
  private static let purpose = Array("permanence beside 1\n".utf8)
  /// What replaces an entry comes after it, so there must be room for that.
  private static let latest = Instant("9000-01-01T00:00:00.000Z") ?? .latest

  let station: String
  let time: HybridTime
  /// What it is about: `credential/account/<uuid>`. Of two with one name the later counts.
  let name: String
  let data: JSON
  let bytes: [UInt8]

  /// Makes and signs one.
  init(
    station: String, time: HybridTime, name: String, data: JSON, key: SigningKey
  ) throws {
    let body: JSON = [
      "station": .string(station), "time": .string(time.text), "name": .string(name), "data": data,
    ]
    let signature = try key.signature(for: Self.purpose + body.bytes)
    (self.station, self.time, self.name, self.data) = (station, time, name, data)
    bytes = Array("\(Base64.url(signature)) ".utf8) + body.bytes
  }

  /// nil for what is none. Who signed it is for `isSigned`.
  init?(reading bytes: [UInt8]) {
    guard bytes.count <= Self.bytesMax, bytes.count > Line.signatureCharacters + 1,
      let json = try? JSON(parsing: bytes[(Line.signatureCharacters + 1)...]),
      let station = json["station"]?.string, StationName.isValid(station),
      StationName.station(ofChain: station).sameBytes(as: station),
      let time = json["time"]?.string.flatMap(HybridTime.init), time.instant < Self.latest,
      let name = json["name"]?.string, (1...Self.nameBytesMax).contains(name.utf8.count),
      let data = json["data"], case .object = data
    else { return nil }
    (self.station, self.time, self.name, self.data, self.bytes) = (station, time, name, data, bytes)
  }

  func isSigned(by key: PublicKey) -> Bool {
    guard bytes[Line.signatureCharacters] == UInt8(ascii: " "),
      let signature = Base64.bytes(url: bytes[..<Line.signatureCharacters])
    else { return false }
    return key.isValid(signature: signature, for: Self.purpose + bytes[(Line.signatureCharacters + 1)...])
  }

  /// In (time, station, bytes): total, so that every station keeps the same one.
  func isAfter(_ other: BesideEntry) -> Bool {
    if time != other.time { return time > other.time }
    if !station.sameBytes(as: other.station) { return other.station.precedesInBytes(station) }
    return other.bytes.lexicographicallyPrecedes(bytes)
  }
}
