import Ledger

/// What is compared of an identity and of a stay once the main system is back.
public enum ReturnField: String, Sendable, CaseIterable {
  case birthName, birthGivenName, birthDate, sex, birthPlace, usedName
  /// PROV, RECUP, VALI or QUAL.
  case identityStatus
  /// Admitted, discharged, cancelled or preadmitted.
  case stayStatus
  /// Unit and bed, by their codes, with a blank between.
  case place

  public static let identity: [ReturnField] = [
    .birthName, .birthGivenName, .birthDate, .sex, .birthPlace, .usedName, .identityStatus,
  ]
  public static let stay: [ReturnField] = [.stayStatus, .place]
  /// Nobody errs in two of these: where two differ, a number names somebody else.
  public static let telling: [ReturnField] = [.birthName, .birthGivenName, .birthDate]
  /// As far as the RNIV compares people: two who agree on all of these are one person.
  public static let person: [ReturnField] = telling + [.sex]

  /// Whether two words say the same: accents, case, hyphens and apostrophes are no difference (RNIV), nor is a bed or
  /// a part of a date that one of the two does not say.
  public func isSame(_ one: String, _ other: String) -> Bool {
    switch self {
    case .birthName, .birthGivenName, .usedName: LatinLetters.fold(one) == LatinLetters.fold(other)
    case .birthDate:
      one.utf8.elementsEqual(other.utf8) || one.hasPrefix("\(other)-") || other.hasPrefix("\(one)-")
    case .place:
      zip(one.split(separator: " "), other.split(separator: " ")).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    case .sex, .birthPlace, .identityStatus, .stayStatus: one.utf8.elementsEqual(other.utf8)
    }
  }

  public static func values(_ patient: Patient) -> [ReturnField: String] {
    var values: [ReturnField: String] = [:]
    values[.birthName] = patient.birthName
    values[.birthGivenName] = patient.birthGivenName
    values[.birthDate] = patient.birthDate?.text
    values[.sex] = patient.sex?.rawValue
    values[.birthPlace] = patient.birthPlace
    values[.usedName] = patient.usedName
    if patient.statusSaid != nil { values[.identityStatus] = patient.identityStatus.rawValue }
    return values
  }

  /// - Parameter instant: what is yet to come has not happened.
  public static func values(_ stay: Stay, at instant: Instant) -> [ReturnField: String] {
    guard stay.hasKnownMovement else { return [:] }
    let status = stay.status(at: instant)
    var values: [ReturnField: String] = [.stayStatus: status.rawValue]
    // Where somebody lay who has left is nobody's bed any more.
    if status == .admitted {
      let place = stay.presence(at: instant)?.place ?? stay.place
      values[.place] = place.unit.map { unit in [unit, place.bed].compactMap(\.self).joined(separator: " ") }
    }
    return values
  }
}

/// What one of the three states says of a subject, field by field, each with what said it first as it still stands: the
/// same words again are nothing new.
public struct ReturnState: Sendable {
  public struct Value: Sendable {
    public var text: String
    public var said: Said

    public init(text: String, said: Said) {
      self.text = text
      self.said = said
    }
  }

  public private(set) var values: [ReturnField: Value] = [:]
  /// The first fact of it; nil where nothing was said.
  public private(set) var first: Said?

  public init() {}

  /// Notes what holds once a fact was heard.
  public mutating func note(_ now: [ReturnField: String], after said: Said) {
    if first == nil { first = said }
    for field in ReturnField.allCases {
      guard let text = now[field], !text.isEmpty else {
        values[field] = nil
        continue
      }
      if values[field].map({ field.isSame($0.text, text) && $0.text.utf8.count >= text.utf8.count }) ?? false {
        continue
      }
      values[field] = Value(text: text, said: said)
    }
  }

  /// With what another name of the same says where this one says nothing.
  public func completed(by other: ReturnState) -> ReturnState {
    var whole = self
    for (field, value) in other.values where whole.values[field] == nil { whole.values[field] = value }
    whole.first = first ?? other.first
    return whole
  }

  /// With what was said later in place of what was said before.
  public func corrected(by later: ReturnState) -> ReturnState { later.completed(by: self) }

  public var isEmpty: Bool { first == nil }
  /// What it says of `ReturnField.person`, folded; nil unless it says all of it.
  public var person: [[UInt8]]? {
    let parts = ReturnField.person.compactMap { field in values[field].map { LatinLetters.fold($0.text) } }
    return parts.count == ReturnField.person.count ? parts : nil
  }
}
