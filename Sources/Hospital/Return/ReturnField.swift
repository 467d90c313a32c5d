import Ledger

/// What is compared of an identity and of a stay once the main system is back.
public enum ReturnField: String, Sendable, CaseIterable {
  case birthName, birthGivenName, birthDate, sex, birthPlace, usedName
  /// PROV, RECUP, VALI or QUAL.
  case identityStatus
  /// The matricule of a qualified one.
  case ins
  /// Line, postcode and city where they live, with `separator` between.
  case addresses
  /// With `separator` between.
  case phones
  /// Non-divulgation de présence: `yes` or `no`.
  case protected
  /// `no`, `yes`, or the hour of the death, as those of a stay.
  case death
  /// Admitted, discharged, cancelled or preadmitted.
  case stayStatus
  /// Unit and bed, by their codes, with a blank between.
  case place
  case stayClass
  /// Hours, as `Instant.text`; of a day that is said alone: when it begins and ends, with `/` between.
  case admittedAt, dischargedAt
  /// Their name, with their RPPS behind it where that is known.
  case attending

  public static let identity: [ReturnField] = [
    .birthName, .birthGivenName, .birthDate, .sex, .birthPlace, .usedName, .identityStatus, .ins, .addresses, .phones,
    .protected, .death,
  ]
  public static let stay: [ReturnField] = [.stayStatus, .place] + movement
  /// What movements say beside a place.
  public static let movement: [ReturnField] = [.stayClass, .admittedAt, .dischargedAt, .attending]
  /// Where a stay is.
  public static let presence: [ReturnField] = [.stayStatus, .place]
  /// Nobody errs in two of these: where two differ, a number names somebody else.
  public static let telling: [ReturnField] = [.birthName, .birthGivenName, .birthDate]
  /// As far as the RNIV compares people: two who agree on all of these are one person.
  public static let person: [ReturnField] = telling + [.sex]
  /// What every file here says, asked or not: of the main system, only where it says so.
  public static let assumed: [ReturnField] = [.protected, .death]

  public static let separator: Character = "|"
  public static let yes = "yes"
  public static let no = "no"

  /// Whether a decision itself makes a file say this; anything else has its own form: a discharge needs its mode, a
  /// transfer its bed, a death its wristband, a physician the movement whose hour is said with them.
  public func isPutRight(to text: String) -> Bool {
    switch self {
    case .birthName, .birthGivenName, .birthDate, .sex, .birthPlace, .usedName, .addresses, .phones, .protected: true
    case .admittedAt, .dischargedAt: Instant(text) != nil
    case .death: text == Self.no
    case .identityStatus, .ins, .stayStatus, .place, .stayClass, .attending: false
    }
  }

  /// Of `assumed`: whether a fact says it.
  public func isSaid(by fact: Fact) -> Bool {
    switch self {
    case .protected: fact.data["protected"] != nil
    case .death:
      fact.data["deceased"] != nil || fact.data["deathAt"] != nil || fact.kind == "patient.died"
        || fact.kind == "patient.death-withdrawn"
    default: true
    }
  }

  /// The traits by which people are told apart, which are asked of many.
  public static func traits(_ patient: Patient) -> [ReturnField: String] {
    var values: [ReturnField: String] = [:]
    values[.birthName] = patient.birthName
    values[.birthGivenName] = patient.birthGivenName
    values[.birthDate] = patient.birthDate?.text
    values[.sex] = patient.sex?.rawValue
    values[.birthPlace] = patient.birthPlace
    values[.usedName] = patient.usedName
    return values
  }

  public static func values(_ patient: Patient) -> [ReturnField: String] {
    var values = traits(patient)
    if patient.statusSaid != nil { values[.identityStatus] = patient.identityStatus.rawValue }
    values[.ins] = QualifiedINS(of: patient)?.ins.matricule
    values[.addresses] = patient.addresses.home.flatMap { home in
      address(home.lines.joined(separator: " "), home.postcode, home.city)
    }
    if !patient.phones.isEmpty { values[.phones] = patient.phones.joined(separator: String(separator)) }
    values[.protected] = patient.protected ? yes : no
    values[.death] =
      patient.deathAt.map { at in
        patient.deathBefore.map { "\(at.text)/\($0.text)" } ?? at.text
      } ?? (patient.deceased ? yes : no)
    return values
  }

  /// nil where nothing of it is said.
  static func address(_ line: String?, _ postcode: String?, _ city: String?) -> String? {
    let parts = [line, postcode, city].map { $0 ?? "" }
    if parts.allSatisfy(\.isEmpty) { return nil }
    return parts.map { $0.replacing("\(separator)", with: " ") }.joined(separator: String(separator))
  }

  /// - Parameter instant: what is yet to come has not happened.
  public static func values(_ stay: Stay, at instant: Instant) -> [ReturnField: String] {
    guard stay.hasKnownMovement else { return [:] }
    let status = stay.status(at: instant)
    var values: [ReturnField: String] = [.stayStatus: status.rawValue]
    guard status == .admitted || status == .discharged else { return values }
    let outline = stay.outline
    // Where somebody lay who has left is nobody's bed any more.
    if status == .admitted {
      let place = outline.presences.last { $0.covers(instant) }?.place ?? outline.place
      values[.place] = place.unit.map { unit in [unit, place.bed].compactMap(\.self).joined(separator: " ") }
    } else {
      values[.dischargedAt] = stay.discharge?.at.text
    }
    values[.stayClass] = outline.stayClass.flatMap { $0 == .none ? nil : $0.rawValue }
    values[.admittedAt] = (stay.beginning?.at ?? stay.admittedAtSaid)?.text
    values[.attending] = attending(outline.attending, stay.other["attending"])
    return values
  }

  /// - Parameters:
  ///   - name: as a movement says it.
  ///   - said: the numbers of whoever the feed named last: `{name, RPPS?, ADELI?, id?}`; another name has none.
  private static func attending(_ name: String?, _ said: JSON?) -> String? {
    guard let said, let known = said["name"]?.string, let rpps = said["RPPS"]?.string,
      name.map({ $0.sameBytes(as: known) }) ?? true
    else { return name ?? said?["name"]?.string }
    return "\(known) \(rpps)"
  }
}

extension [Address] {
  /// Where somebody lives, and not where they were born.
  var home: Address? { homeIndex.map { self[$0] } }
  var homeIndex: Int? { firstIndex { $0.use == "H" } ?? firstIndex { $0.use != "BDL" } }
}

extension Stay {
  /// What opened it.
  var beginning: Movement? { movements.first { $0.acts && $0.isBeginning } }
  /// What ended it.
  var discharge: Movement? { movements.last { $0.acts && $0.isDischarge } }
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
      if let known = values[field]?.text {
        // A list that lost an entry says less, and means it.
        let isList = field == .phones || field == .addresses
        let isAgain = !isList && field.isSame(known, text) && field.detail(of: known) >= field.detail(of: text)
        if isAgain || known.sameBytes(as: text) { continue }
      }
      values[field] = Value(text: text, said: said)
    }
  }

  /// With what another name of the same says where this one says nothing. Who is protected or dead under one name is
  /// so.
  public func completed(by other: ReturnState) -> ReturnState {
    var whole = self
    for (field, value) in other.values {
      let own = whole.values[field]?.text
      let isAssumed = ReturnField.assumed.contains(field) && own == ReturnField.no && value.text != ReturnField.no
      if own == nil || isAssumed { whole.values[field] = value }
    }
    whole.first = first ?? other.first
    return whole
  }

  /// With what was said later in place of what was said before.
  public func corrected(by later: ReturnState) -> ReturnState {
    var whole = later
    for (field, value) in values where whole.values[field] == nil { whole.values[field] = value }
    whole.first = later.first ?? first
    return whole
  }

  public var isEmpty: Bool { first == nil }
  /// What it says of `ReturnField.person`, folded; nil unless it says all of it.
  public var person: [[UInt8]]? {
    let parts = ReturnField.person.compactMap { field in values[field].map { LatinLetters.fold($0.text) } }
    return parts.count == ReturnField.person.count ? parts : nil
  }
}
