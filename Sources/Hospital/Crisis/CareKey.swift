import Ledger

/// The kinds of care of which the crisis room says whether they can be given. Raw values are stored for ever; their
/// names are the texts `care.line.<key>`. One that a newer station declares is kept under its own key.
public enum CareKey: String, Sendable, CaseIterable {
  case emergency
  case paediatricEmergency = "paediatric-emergency"
  case obstetricEmergency = "obstetric-emergency"
  case ct, mri
  case xRay = "x-ray"
  case ultrasound
  case interventionalRadiology = "interventional-radiology"
  case laboratory
  case bloodBank = "blood-bank"
  case pharmacy, theatre
  case intensiveCare = "intensive-care"
  case cardiacCare = "cardiac-care"
  case cathLab = "cath-lab"
  case stroke, endoscopy, maternity, neonatology, paediatrics, medicine, surgery, psychiatry, dialysis
  case chemotherapy, radiotherapy, outpatients

  /// `care/<uuid>`, the same on every station.
  /// - Parameter finess: the legal entity's.
  public func subject(finess: String) -> String { "care/\(Name.subject("care", finess, rawValue))" }
}

/// Whether a line of care is given.
public enum CareState: String, Sendable, CaseIterable, Comparable {
  case open, limited, closed

  /// The less is given, the greater.
  public static func < (one: CareState, other: CareState) -> Bool { one.rank < other.rank }

  private var rank: Int {
    switch self {
    case .open: 0
    case .limited: 1
    case .closed: 2
    }
  }
}

/// Why a line is not open. A code, for it is told outside, in both languages: the texts `care.reason.<code>`.
public enum CareReason: String, Sendable, CaseIterable {
  case system, equipment, staff, full, supplies, premises, hygiene, other
}
