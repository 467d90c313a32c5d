import GRDB
import Hospital
import Ledger

/// A patient who answers to what was typed or scanned.
public struct PatientHit: Sendable {
  public var patient: Patient
  /// Why this patient is here.
  public var reasons: [MatchReason]
  /// Another one here bears the same name and first given name, or the file says so: look twice.
  public var isHomonym: Bool
}

extension Reading {
  /// Patients who answer to what somebody typed, in any order and with a slip of the finger: birth date, names or their
  /// beginnings, IPP, INS, NDA, the label of an unknown patient. The likeliest first; merged files as the one they live
  /// on in.
  ///
  /// - Parameter includingSecret: For the maternity alone: women who gave birth under secrecy.
  public func search(
    _ text: String, limit: Int = 20, now: Instant, includingSecret: Bool = false
  ) throws -> [PatientHit] {
    let thisYear = PatientSearch.year(now)
    let query = SearchQuery(text, thisYear: thisYear)
    var found: [PatientSearch.Found] = []
    for number in query.numbers where query.words.isEmpty {
      found += try patients(bearing: number).map { PatientSearch.Found(id: $0, reasons: [.sameNumber]) }
    }
    var candidates = try SearchCandidates(query, db, searchMemory, thisYear: thisYear)
    // Some of them are one file by now, or are not to be shown.
    for candidate in try candidates.found().prefix(limit * 2 + 5) {
      guard let id = try States.name(candidate.patient, db) else { continue }
      found.append(PatientSearch.Found(id: id, reasons: candidate.reasons))
    }
    return PatientSearch.hits(try shown(found, limit: limit, includingSecret: includingSecret))
  }

  /// The patient who bears this very number (IPP, INS, NDA, visit), or nobody. Several only if a number was given twice.
  public func scan(_ number: String, includingSecret: Bool = false) throws -> [PatientHit] {
    let number = String(number.filter { !$0.isWhitespace })
    let found = try patients(bearing: number).map { PatientSearch.Found(id: $0, reasons: [.sameNumber]) }
    return PatientSearch.hits(try shown(found, limit: found.count, includingSecret: includingSecret))
  }

  private func patients(bearing number: String) throws -> [String] {
    guard !number.isEmpty else { return [] }
    var ids = try patients(withIdentifier: number)
    ids += try patients(withINS: number)
    for id in try stays(withNumber: number) {
      if let patient = try stay(id)?.patient { ids.append(patient) }
    }
    return ids
  }

  private func shown(_ found: [PatientSearch.Found], limit: Int, includingSecret: Bool) throws -> [PatientHit] {
    var hits: [PatientHit] = []
    var seen: Set<ExactText> = []
    for one in found where hits.count < limit {
      guard let patient = try patient(try survivor(of: one.id)), seen.insert(ExactText(patient.id)).inserted else {
        continue
      }
      if patient.secret && !includingSecret { continue }
      hits.append(PatientHit(patient: try whole(patient), reasons: one.reasons, isHomonym: patient.isHomonym))
    }
    return hits
  }
}

enum PatientSearch {
  struct Found {
    var id: String
    var reasons: [MatchReason]
  }

  /// A birth date may be tomorrow's in another time zone; nobody is born next year.
  static func year(_ now: Instant) -> Int {
    CivilDate(daysSince1970: Int(now.milliseconds / 86_400_000)).year
  }

  /// With those of one name and given name marked.
  static func hits(_ hits: [PatientHit]) -> [PatientHit] {
    let names = hits.map {
      NameWords($0.patient.birthName ?? "").joined + "/" + NameWords($0.patient.birthGivenName ?? "").joined
    }
    var counts: [String: Int] = [:]
    for name in names where name.utf8.count > 1 { counts[name, default: 0] += 1 }
    var hits = hits
    for (place, name) in names.enumerated() where counts[name] ?? 0 > 1 { hits[place].isHomonym = true }
    return hits
  }
}
