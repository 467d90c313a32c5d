import GRDB
import Hospital
import Ledger

/// An identity that may be the same person's: shown beside it, merged only by a person.
public struct Twin: Sendable {
  public var patient: Patient
  /// From 0 to 1, of being one person.
  public var probability: Double
  public var reasons: [MatchReason]
}

extension Reading {
  /// Identities that are likely the same person as `patient`, who may be there already or not yet; the likeliest first.
  ///
  /// Never among them: mother and child, children of one birth, patients whom nobody could name, women who gave birth
  /// under secrecy, files merged already.
  public func twins(of patient: Patient, limit: Int = 5, now: Instant) throws -> [Twin] {
    guard patient.unknown == nil, !patient.secret else { return [] }
    let own = try survivor(of: patient.id)
    let record = LinkRecord(patient)
    let population = try max(Counters.value(.identities, db), Self.populationMin)
    let shares = TwinShares(db, population: population)
    var twins: [Twin] = []
    for id in try candidates(for: patient, thisYear: PatientSearch.year(now)) {
      guard let name = try States.name(id, db), !name.sameBytes(as: patient.id), !name.sameBytes(as: own) else {
        continue
      }
      guard let other = try self.patient(name), other.mergedInto == nil, !other.secret else { continue }
      let found = Linkage.compare(
        record, LinkRecord(other), population: population, nameShare: try shares.share(ofName: patient.birthName))
      guard let found, found.probability >= Linkage.shownFrom else { continue }
      twins.append(Twin(patient: other, probability: found.probability, reasons: found.reasons))
    }
    twins.sort { left, right in
      left.probability != right.probability
        ? left.probability > right.probability : left.patient.id.precedesInBytes(right.patient.id)
    }
    return Array(twins.prefix(limit))
  }

  /// A small file says little of how common a name is.
  private static let populationMin = 10_000
  private static let comparedMax = 80

  /// Under the birth name, and under the used name.
  private func candidates(for patient: Patient, thisYear: Int) throws -> [Int] {
    var found: [SearchCandidates.Candidate] = []
    var names = [patient.birthName, patient.usedName].compactMap { $0.map { NameWords($0) } }.filter { !$0.isEmpty }
    if names.isEmpty { names = [NameWords("")] }
    for name in names {
      let given = NameWords(patient.birthGivenName ?? "")
      let query = SearchQuery(name: name, given: given, date: patient.birthDate)
      var candidates = try SearchCandidates(query, db, searchMemory, thisYear: thisYear)
      found += try candidates.alike(name: name, given: given).prefix(Self.comparedMax)
    }
    var seen: Set<Int> = []
    return found.map(\.patient).filter { seen.insert($0).inserted }
  }
}

/// How common a name is in this register.
private struct TwinShares {
  private static let countMax = 20_000
  private let db: Database
  private let population: Int

  init(_ db: Database, population: Int) {
    self.db = db
    self.population = population
  }

  func share(ofName name: String?) throws -> Double? {
    guard let name else { return nil }
    let count = try db.prepared("SELECT count(*) FROM (SELECT 1 FROM searchNames WHERE word = ? LIMIT ?)").first(
      .text(NameWords(name).joined), .integer(Self.countMax)
    ) { $0.integer(0) }
    return Double(max(1, count ?? 0)) / Double(population)
  }
}
