import GRDB
import Hospital
import Ledger

/// A message that went to the main system, or was done there by hand, for whoever has it sent once more.
public struct SentBack: Sendable {
  /// `exchange/<uuid>`.
  public var handback: String
  public var message: Handback.Message
  /// NDA of the stay that its commit speaks of, else IPP of the person.
  public var number: String?
  /// `patient/<uuid>`.
  public var patient: String?
}

extension Reading {
  /// Of whom that number is, an IPP's person or an NDA's stay, or of anybody where it is nil; those said last first.
  /// A commit that people typed or carried as well is told: nothing of it would go again.
  public func sentBack(of number: String?, limit: Int) throws -> [SentBack] {
    let begun = try number.map(handbacks(called:)) ?? lastHandbacks(limit: limit)
    let handbacks = try begun.filter { handback in
      try handback.commit.map { try entered(.blob($0.hash.bytes)).isEmpty } ?? true
    }
    let found = try handbacks.flatMap { handback in
      let (number, patient) = try handback.commit.map(about) ?? (nil, nil)
      return handback.messages.filter { $0.isDone || $0.status == .again }.map {
        SentBack(handback: handback.id, message: $0, number: number, patient: patient)
      }
    }
    return Array(found.sorted { $1.message.control.precedesInBytes($0.message.control) }.prefix(limit))
  }

  /// Those begun last.
  private func lastHandbacks(limit: Int) throws -> [Handback] {
    try db.prepared(
      """
      SELECT states.stored FROM handbacks JOIN states ON states.subject = handbacks.subject
      ORDER BY handbacks.subject DESC LIMIT ?
      """
    ).all(.integer(limit)) { try FoldedKinds.state("exchange/", stored: $0.bytes(0)) }.compactMap { $0 as? Handback }
  }

  /// Of a person, under whichever of their identities, with their stays; or of a stay, also by its number there.
  private func handbacks(called number: String) throws -> [Handback] {
    var names = Set(try stays(withNumber: number) + ReentryRows.stays(enteredAs: number, db))
    for bearer in try patients(withIdentifier: number) {
      let person = try survivor(of: bearer)
      for file in try [person] + absorbed(by: person) { names.formUnion(try [file] + stays(ofPatient: file)) }
    }
    guard !names.isEmpty else { return [] }
    return try commitsToHandBack().filter { !names.isDisjoint(with: $0.subjects) }.compactMap {
      try handback(of: $0.place)
    }
  }

  private func about(_ commit: CommitPlace) throws -> (number: String?, patient: String?) {
    let subjects = try facts(of: commit).map(\.subject)
    let stay = try subjects.first { $0.hasPrefix("stay/") }.flatMap { try self.stay($0) }
    guard let patient = subjects.first(where: { $0.hasPrefix("patient/") }) ?? stay?.patient else {
      return (stay?.number, nil)
    }
    return (try stay?.number ?? self.patient(patient)?.ipp(of: structure?.ippAuthority), patient)
  }
}
