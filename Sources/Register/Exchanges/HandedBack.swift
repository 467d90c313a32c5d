import GRDB
import Hospital
import Ledger

/// What was registered here, went back to the main system, and is spoken of by its feed.
extension Reading {
  /// Subjects made here and handed back that are the same as this one of the main system's: they bear its number. Of a
  /// stay that places nobody, those too that are linked to it. Empty for a subject that is no feed's own.
  public func handedBack(as there: String) throws -> [String] {
    if there.hasPrefix("patient/") {
      guard let patient = try patient(there), patient.mergedInto == nil else { return [] }
      var found: [String] = []
      for number in patient.identifiers where !number.withdrawn {
        let bearers = try PatientQueries(db).patients(withIdentifier: number.value, authority: number.authority)
        for id in bearers where !id.sameBytes(as: there) && !found.contains(id) {
          guard try self.patient(id)?.mergedInto == nil, try isHandedBack(id) else { continue }
          found.append(id)
        }
      }
      return try found.isEmpty || !isHeard(there) ? [] : found
    }
    guard there.hasPrefix("stay/"), let stay = try stay(there), stay.continuedAs == nil, let number = stay.number else {
      return []
    }
    let noted = try ReentryRows.stays(enteredAs: number, db) + staysNamed(by: stay)
    let found = try Set(StayQueries(db).stays(withNumber: number) + noted).sorted().filter { id in
      guard !id.sameBytes(as: there), let other = try self.stay(id),
        other.continuedAs.map({ !stay.placesSomebody && $0.sameBytes(as: there) }) ?? true,
        noted.contains(id) || (other.numberAuthority ?? "").sameBytes(as: stay.numberAuthority ?? "")
      else { return false }
      return try isHandedBack(id)
    }
    return try found.isEmpty || !isHeard(there) ? [] : found
  }

  /// Stays of the same person that a feed's stay, under a number of its own, names as they are named here.
  private func staysNamed(by there: Stay) throws -> [String] {
    let names = try there.namesFromHere(structure)
    guard !names.isEmpty, let patient = there.patient else { return [] }
    return try stays(ofPatient: survivor(of: patient)).filter { try stay($0)?.isNamed(names) ?? false }
  }

  /// Subjects of the main system's own that bear a number of one of these, and stays of whose they are.
  public func subjectsAlike(_ names: Set<String>) throws -> Set<String> {
    var found: Set<String> = []
    for name in names {
      for number in try name.hasPrefix("stay/") ? [stay(name)?.number, reentry(name)?.number].compactMap(\.self) : [] {
        found.formUnion(try StayQueries(db).stays(withNumber: number))
      }
      if name.hasPrefix("stay/"), let patient = try stay(name)?.patient {
        found.formUnion(try stays(ofPatient: survivor(of: patient)))
      }
      for number in try name.hasPrefix("patient/") ? patient(name)?.identifiers ?? [] : [] where !number.withdrawn {
        found.formUnion(
          try PatientQueries(db).patients(withIdentifier: number.value, authority: number.authority))
      }
    }
    return found.filter(Name.isGivenOutside)
  }

  /// Whether the main system acknowledged something of it or was told by hand, no feed ever spoke of it under this
  /// name, and nobody said that the two are not one.
  private func isHandedBack(_ subject: String) throws -> Bool {
    let told = try db.prepared(
      """
      SELECT 1 FROM facts JOIN commits ON commits.id = facts.commitID
      WHERE facts.subject = (SELECT id FROM subjects WHERE name = ?) AND (
        EXISTS (SELECT 1 FROM handbacks WHERE handbacks.hash = commits.hash AND handbacks.acknowledged > 0)
        OR EXISTS (SELECT 1 FROM reentryCommits WHERE reentryCommits.hash = commits.hash)) LIMIT 1
      """
    ).first(.text(subject)) { _ in true }
    guard told == true else { return false }
    return try history(of: subject).allSatisfy { said in
      let fact = said.heard.fact
      let parts =
        fact.kind == "patient.unmerged"
        || fact.kind == "stay.continued" && fact.data["as"]?.isNull != false && fact.data["waits"]?.bool != true
      return said.heard.source == nil && !parts
    }
  }

  private func isHeard(_ subject: String) throws -> Bool {
    try history(of: subject).contains(where: \.heard.isOfMainSystem)
  }
}
