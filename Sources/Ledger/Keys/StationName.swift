/// Names of chains: `urg-1-3fa9c2d1` is a name for people, then eight digits that bind it to its key.
public enum StationName {
  /// A chain's longest name, its reads' included.
  public static let lengthMax = 32
  public static let peopleLengthMax = 17
  static let readsPrefix = "reads-"
  private static let digits = 8

  /// The name of the station that people call `people` and that holds `key`; nil unless `people` is 1 to 17 of
  /// `a-z`, `0-9` and `-`, and does not begin as a chain of reads does.
  public static func make(people: String, key: PublicKey) -> String? {
    isForPeople(people) ? "\(people)-\(key.fingerprint.prefix(digits))" : nil
  }

  /// Whether people may call a station so.
  public static func isForPeople(_ name: String) -> Bool {
    name.utf8.count <= peopleLengthMax && isValid(name) && !name.hasPrefix(readsPrefix)
  }

  /// `[a-z0-9-]{1,32}`
  public static func isValid(_ name: String) -> Bool {
    let utf8 = name.utf8
    return (1...lengthMax).contains(utf8.count)
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
      }
  }

  /// The chain in which a station records who read which file.
  public static func reads(of station: String) -> String { readsPrefix + station }

  /// The station that a chain belongs to: itself, unless it is a chain of reads.
  public static func station(ofChain name: String) -> String {
    name.hasPrefix(readsPrefix) ? String(name.dropFirst(readsPrefix.utf8.count)) : name
  }

  /// Whether the digits at the end of this chain's name are those of `key`.
  public static func isName(_ chain: String, of key: PublicKey) -> Bool {
    let station = station(ofChain: chain)
    return station.utf8.count > digits + 1 && station.hasSuffix("-\(key.fingerprint.prefix(digits))")
  }

  /// What screens show: `urg-1` for `urg-1-3fa9c2d1`.
  public static func shown(_ name: String) -> String {
    let station = station(ofChain: name)
    guard let dash = station.lastIndex(of: "-"), dash > station.startIndex,
      station[station.index(after: dash)...].utf8.count == digits
    else { return station }
    return String(station[..<dash])
  }

  /// The same; the whole name where another of these is shown so.
  public static func shown(_ name: String, among all: [String]) -> String {
    let short = shown(name)
    return all.contains { !$0.sameBytes(as: name) && shown($0).sameBytes(as: short) } ? name : short
  }
}
