import Hospital
import Ledger

/// Which fold makes the state of which subject. A subject whose type is not here is kept, passed on and folded into
/// nothing.
enum FoldedKinds {
  /// Subjects of care: what the digest covers, in the order of their bytes.
  static let digested = [
    "announcement", "appointment", "bed", "care", "emergency", "partner", "patient", "stay", "transfer", "unit",
  ]

  static func type(of subject: String) -> (any Folded.Type)? {
    switch prefix(of: subject) {
    case "patient": Patient.self
    case "stay": Stay.self
    case "bed": Bed.self
    case "appointment": Appointment.self
    case "emergency": EmergencyVisit.self
    case "announcement": Announcement.self
    case "account": Account.self
    case "unit": DeclaredUnit.self
    case "structure": DeclaredStructure.self
    case "mode": ModeDeclaration.self
    case "range": NumberSlices.self
    case "vault": Vault.self
    case "exchange": Handback.self
    case "link": LinkProposal.self
    case "recovered": Recovered.self
    case "recovery": Recovery.self
    case "reentry": Reentry.self
    case "care": CareLine.self
    case "partner": Partner.self
    case "transfer": PatientTransfer.self
    case "notice": Notice.self
    case "request": BedRequest.self
    case "round": Round.self
    case "rpu": RPUDelivery.self
    case "sheets": SheetBlock.self
    default: nil
    }
  }

  /// `stay` of `stay/<uuid>`.
  static func prefix(of subject: String) -> Substring {
    subject.prefix { $0 != "/" }
  }

  /// The state that these bytes hold; nil where this program has no fold for them.
  static func state(_ subject: String, stored: UnsafeBufferPointer<UInt8>) throws(RegisterFault) -> (any Folded)? {
    guard let type = type(of: subject) else { return nil }
    // They were written by this version of the folds, so anything else is damage.
    guard let json = try? JSON(parsing: stored), let state = type.init(stored: json) else {
      throw .store("the state of a subject cannot be read: rebuild the read models")
    }
    return state
  }
}
