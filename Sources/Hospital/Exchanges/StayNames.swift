import Ledger

/// The main system may give a stay that it was told of a number of its own. What it still says of ours tells that the two
/// are one.
extension Stay {
  /// The names from here that a feed gives with this stay: movements under our numbers (ZBE-1, also beside numbers of its
  /// own), and the alternate number of the visit (PV1-50).
  public func namesFromHere(_ structure: Structure?) -> Set<String> {
    guard let structure else { return [] }
    let own = "\(structure.movementOID)|"
    let keys = movements.flatMap { [$0.key] + $0.otherKeys }
    var names = Set(keys.filter { $0.hasPrefix(own) }.map { String($0.dropFirst(own.count)) })
    if let alternate = HL7FieldText(other["PV1-50"])?[1] { names.insert(alternate) }
    return names
  }

  /// Whether this stay, as it was made here, bears one of those names.
  public func isNamed(_ names: Set<String>) -> Bool {
    number.map(names.contains) ?? false || movements.contains { !$0.isForeign && names.contains($0.key) }
  }
}

extension Structure {
  /// The arc of UUIDs.
  static let movementArc = "2.25."

  /// The OID under which this hospital's movements have their numbers: the arc of UUIDs (2.25), of one made of the
  /// FINESS. Nobody need be asked for it, and no two hospitals share one.
  public var movementOID: String {
    let hex = Name.subject("movements", finess, finess).utf8.filter { $0 != UInt8(ascii: "-") }
    return "\(Self.movementArc)\(UInt128(String(decoding: hex, as: UTF8.self), radix: 16) ?? 0)"
  }
}
