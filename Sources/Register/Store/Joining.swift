import Ledger

/// How a station becomes one of a hospital that has others.
extension Register {
  /// Certifies a new station with the enrolling key that this one holds.
  /// - Parameters:
  ///   - people: what people will call it, 1 to 17 of `a-z`, `0-9` and `-`.
  ///   - key: made on the new station, which alone has its private half.
  /// - Throws: `RegisterFault.key` where the name is none, or this station holds no enrolling key.
  public func enrol(
    station people: String, key: PublicKey, environment: Environment
  ) throws(RegisterFault) -> Enrolment {
    guard let name = StationName.make(people: people, key: key) else { throw .key(Creating.nameRule(people)) }
    do {
      return try Authority(folder: folder.authority).enrol(station: name, key: key, random: environment.randomBytes)
    } catch { throw RegisterFault(error) }
  }

  /// Makes the folder of a station that was certified so, in an empty or absent folder. What the hospital has said
  /// comes from the others, through `takeIn`.
  public static func join(
    folder: String, key: SigningKey, enrolment: Enrolment, environment: Environment
  ) throws(RegisterFault) {
    do { try Creating.join(StationFolder(path: folder), key, enrolment, environment) } catch {
      throw RegisterFault(error)
    }
  }
}
