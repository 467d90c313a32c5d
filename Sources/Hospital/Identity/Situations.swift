import Ledger

/// What everybody who meets the patient must know before letting them go.
public enum SituationKind: String, Sendable, CaseIterable {
  case minor
  case protectedAdult = "protected-adult"
  case prisoner, custody, psychiatric
}

/// Legal ground of psychiatric care (CSP L3211 to L3213).
public enum PsychiatricCare: String, Sendable, CaseIterable {
  case free = "SL"
  /// At the request of a third party; the same in an emergency.
  case thirdParty = "SDT"
  case thirdPartyUrgent = "SDTU"
  case imminentDanger = "SPI"
  /// Decided by the prefect.
  case state = "SDRE"

  public var isWithoutConsent: Bool { self != .free }
}

/// What falls if it is not done in time.
public struct SituationDeadline: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case certificate24 = "certificate-24h"
    case certificate72 = "certificate-72h"
    case judge = "judge-12d"

    /// From the beginning of the measure, hour to hour (CSP L3211-2-2); the judge's twelve days are L3211-12-1's.
    var hours: Int {
      switch self {
      case .certificate24: 24
      case .certificate72: 72
      case .judge: 12 * 24
      }
    }
  }

  public var kind: Kind
  public var at: Instant
}

extension LegalSituation {
  /// In order; none without a measure, or without its hour.
  public var deadlines: [SituationDeadline] {
    guard kind.sameBytes(as: SituationKind.psychiatric.rawValue), let since,
      let care = code.flatMap(PsychiatricCare.init), care.isWithoutConsent
    else { return [] }
    return [.certificate24, .certificate72, .judge].map { kind in
      SituationDeadline(kind: kind, at: since.adding(seconds: kind.hours * 3600))
    }
  }

  /// As it is kept, or why not.
  func checked(_ moment: Moment) throws(Refusal) -> LegalSituation {
    guard let kind = SituationKind(rawValue: kind) else { throw Refusal("situation-unknown", field: "kind") }
    var checked = self
    checked.code = try FreeText.tidied(code, field: "code")
    checked.note = try FreeText.tidied(note, field: "note")
    checked.since = since ?? moment.now
    if kind == .psychiatric, checked.code.flatMap(PsychiatricCare.init) == nil {
      throw Refusal("psychiatric-care-unknown", field: "code")
    }
    guard checked.since.map({ $0 <= moment.now.adding(seconds: EventHour.aheadMinutes * 60) }) ?? true else {
      throw Refusal("at-future", field: "since")
    }
    return checked
  }
}

extension Fact {
  /// What it says of legal situations that no message carries, as kinds of facts: psychiatric care alone has a segment
  /// in IHE PAM. A registration says each of its own as if it were set then.
  public var situationsUntold: [String] {
    func isUntold(_ said: JSON) -> Bool { said["kind"]?.string != SituationKind.psychiatric.rawValue }
    switch kind {
    case "patient.situation-set", "patient.situation-ended": return isUntold(data) ? [kind] : []
    case _ where subject.hasPrefix("patient/"):
      return (data["situations"]?.array ?? []).filter(isUntold).map { _ in "patient.situation-set" }
    default: return []
    }
  }
}

extension Patient {
  public func situation(_ kind: SituationKind) -> LegalSituation? {
    situations.first { $0.kind.sameBytes(as: kind.rawValue) }
  }
}
