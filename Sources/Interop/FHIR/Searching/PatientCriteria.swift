import Hospital
import Ledger

/// What a search for patients asks of each of them.
public struct PatientCriteria: Sendable {
  public static let parameters: [(name: String, type: String)] = [
    ("_id", "token"), ("_lastUpdated", "date"), ("active", "token"), ("address", "string"), ("address-city", "string"),
    ("address-postalcode", "string"), ("birthdate", "date"), ("email", "token"), ("family", "string"),
    ("gender", "token"), ("given", "string"), ("identifier", "token"), ("name", "string"), ("phone", "token"),
    ("telecom", "token"),
  ]
  /// No index knows these: they are looked for among those whom another parameter finds at once.
  public static let unindexed = ["address", "address-city", "address-postalcode", "email", "phone", "telecom"]
  public static let indexed = ["_id", "birthdate", "family", "identifier"]

  private let search: FHIRSearch
  private let births: [[(comparison: FHIRDateBound.Comparison, from: Int, until: Int)]]

  private let updated: [[FHIRDateBound]]
  private let genders: [[String]]

  public init(_ search: FHIRSearch, _ zone: LocalTime) throws(FHIRSearch.Fault) {
    self.search = search
    updated = try search.bounds("_lastUpdated", zone)
    var births: [[(FHIRDateBound.Comparison, Int, Int)]] = []
    for parameter in search.all("birthdate") {
      var bounds: [(FHIRDateBound.Comparison, Int, Int)] = []
      for value in parameter.values {
        // Birth dates are days of no time zone.
        guard !value.contains("T"), let bound = FHIRDateBound(value, .utc) else { throw .value("birthdate") }
        let (from, until) = (LocalTime.utc.day(bound.from), LocalTime.utc.day(bound.until))
        bounds.append((bound.comparison, from.daysSince1970, until.daysSince1970))
      }
      births.append(bounds)
    }
    self.births = births
    genders = try search.codes("gender", of: .gender)
    guard search.all("active").allSatisfy({ $0.tokens.allSatisfy { ["true", "false"].contains($0.value) } }) else {
      throw .value("active")
    }
    let unindexed = search.parameters.first { PatientCriteria.unindexed.contains($0.name) }?.name
    if let unindexed, key == nil { throw .unbounded(unindexed, among: PatientCriteria.indexed) }
  }

  /// Something that few answer to and that is looked up at once; nil where all must be looked at.
  public enum Key: Sendable {
    case ids([String])
    /// The authority is nil where any will do.
    case identifier([(authority: String?, value: String)])
    /// Days as `yyyymmdd`, with 0 for what is not known.
    case born(ClosedRange<Int>)
    /// The beginnings of names, folded.
    case family([String])
  }

  public var key: Key? {
    if let ids = search.all("_id").first { return .ids(ids.values) }
    if let tokens = search.all("identifier").first?.tokens {
      let numbers = tokens.compactMap { token in token.value.map { (token.authority, $0) } }
      if numbers.count == tokens.count { return .identifier(numbers) }
    }
    if let born = births.first(where: { $0.count == 1 && $0[0].comparison == .equal })?.first {
      let first = CivilDate(daysSince1970: born.from)
      let last = CivilDate(daysSince1970: born.until - 1)
      // A year or a month alone begins before its days.
      return .born(
        first.year * 10_000...last.year * 10_000 + last.month * 100 + last.day)
    }
    if let family = search.all("family").first, family.modifier != "contains" {
      let names = family.values.map { NameWords($0).joined }
      if names.allSatisfy({ !$0.isEmpty }) { return .family(names) }
    }
    return nil
  }

  /// - Parameter written: when the present version was written.
  public func holds(_ patient: Patient, updated written: () throws -> Instant) throws -> Bool {
    if !updated.isEmpty {
      let at = try written()
      guard updated.allSatisfy({ $0.contains { $0.holds(at, at) } }) else { return false }
    }
    for parameter in search.parameters {
      let isSo: Bool
      switch parameter.name {
      case "_id": isSo = parameter.values.contains { patient.id.afterSlash == $0.lowercased() }
      case "active": isSo = parameter.tokens.contains { ($0.value == "true") == (patient.mergedInto == nil) }
      case "identifier": isSo = parameter.tokens.contains { bears(patient, $0) }
      case "family": isSo = matches([patient.birthName, patient.usedName], parameter)
      case "given": isSo = matches(given(patient), parameter)
      case "name": isSo = matches([patient.birthName, patient.usedName] + given(patient), parameter)
      case "address", "address-city", "address-postalcode": isSo = lives(patient, parameter)
      case "email", "phone", "telecom": isSo = isReached(patient, parameter)
      default: continue
      }
      if !isSo { return false }
    }
    let gender = (patient.sex ?? .unknown).gender
    guard genders.allSatisfy({ $0.contains(gender) }) else { return false }
    return births.allSatisfy { bounds in bounds.contains { isBorn(patient.birthDate, $0) } }
  }

  private func given(_ patient: Patient) -> [String?] {
    [patient.birthGivenName, patient.usedGivenName]
      + (patient.birthGivenNames ?? "").split(separator: " ").map(String.init)
  }

  /// Of the addresses that their resource tells.
  private func lives(_ patient: Patient, _ parameter: FHIRSearch.Parameter) -> Bool {
    let told = patient.addresses.filter { $0.use != "BDL" }
    switch parameter.name {
    case "address-city": return matches(told.map(\.city), parameter)
    case "address-postalcode": return matches(told.map(\.postcode), parameter)
    default: return matches(told.flatMap { $0.lines + [$0.postcode, $0.city, $0.country] }, parameter)
    }
  }

  private func isReached(_ patient: Patient, _ parameter: FHIRSearch.Parameter) -> Bool {
    let phones = parameter.name == "email" ? [] : patient.phones
    let emails = parameter.name == "phone" ? [] : patient.emails
    return parameter.values.contains { value in
      let asked = Self.digits(value)
      return !asked.isEmpty && phones.contains { Self.digits($0) == asked }
        || emails.contains { $0.lowercased() == value.lowercased() }
    }
  }

  /// However it is parted; +33 and 0033 are the nought before a number of France.
  private static func digits(_ phone: String) -> String {
    let text = phone.filter { $0.isASCII && ($0.isNumber || $0 == "+") }
    for prefix in ["+33", "0033"] where text.hasPrefix(prefix) && text.count == prefix.count + 9 {
      return "0" + text.dropFirst(prefix.count)
    }
    return text
  }

  private func bears(_ patient: Patient, _ token: FHIRToken) -> Bool {
    if let ins = QualifiedINS(of: patient)?.ins, token.holds(ins.matricule, ofAuthority: ins.oid) { return true }
    return patient.identifiers.contains { !$0.isINS && token.holds($0.value, ofAuthority: $0.authority) }
  }

  /// A string begins so, whatever its case and accents (FHIR 3.1.1.4.3); `exact` and `contains` say otherwise.
  private func matches(_ names: [String?], _ parameter: FHIRSearch.Parameter) -> Bool {
    names.compactMap(\.self).contains { name in
      parameter.values.contains { value in
        // Of marks alone nothing is left, which every name would contain.
        let asked = NameWords(value).joined
        switch parameter.modifier {
        case "exact": return name.sameBytes(as: value)
        case "contains": return !asked.isEmpty && NameWords(name).joined.contains(asked)
        default: return !asked.isEmpty && NameWords(name).findable.contains { $0.hasPrefix(asked) }
        }
      }
    }
  }

  private func isBorn(
    _ date: PartialDate?, _ bound: (comparison: FHIRDateBound.Comparison, from: Int, until: Int)
  ) -> Bool {
    guard let date, let earliest = date.earliest?.daysSince1970 else { return false }
    let last =
      date.civil?.daysSince1970
      ?? earliest + (date.month.map { CivilDate.length(ofMonth: $0, year: date.year) } ?? 365) - 1
    switch bound.comparison {
    case .equal: return earliest >= bound.from && last < bound.until
    case .notEqual: return !(earliest >= bound.from && last < bound.until)
    case .after, .startsAfter: return last >= bound.until
    case .before, .endsBefore: return earliest < bound.from
    case .atOrAfter: return last >= bound.from
    case .atOrBefore: return earliest < bound.until
    }
  }
}
