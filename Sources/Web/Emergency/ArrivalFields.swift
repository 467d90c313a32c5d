import Hospital
import Ledger

/// How somebody came to emergency, in every form that admits them there.
struct ArrivalFields {
  let make: FieldMaker
  let settings: EmergencySettings

  init(_ make: FieldMaker, _ settings: EmergencySettings) {
    self.make = make
    self.settings = settings
  }

  static let fields: [Field] = [
    Field("complaint", "Code of the complaint (RPU, MOTIF)"), Field("complaintText"),
    Field("transport", .choice(EmergencyTransport.allCases.map(\.rawValue)), "RPU"),
    Field("transportCare", .choice(TransportCare.allCases.map(\.rawValue)), "RPU"),
    Field("accompaniedBy", "Who came with them, and may take a minor away"),
    Field("victimNumber", "SINUS or SI-VIC, as scanned"),
    Field("announcement", .uuid, "Of whoever told of them"),
  ]

  /// - Parameter visit: what was said before; nil on arrival.
  func fields(_ visit: EmergencyVisit? = nil, focus: Bool = false) -> [FormField] {
    let wording = make.wording
    let complaints = settings.complaints.map {
      FormField.Choice($0.code, wording.language == .fr ? $0.fr : $0.en)
    }
    let none = FormField.Choice("", wording("field.choose"))
    var number = make.field("victimNumber", proposed: visit?.victimNumber)
    number.isDigits = true
    return [
      make.field("complaint", .select([none] + complaints), proposed: visit?.complaint, focus: focus),
      make.field("complaintText", proposed: visit?.complaintText),
      make.choice(
        "transport", "transport", EmergencyTransport.allCases.map(\.rawValue), proposed: visit?.transport, empty: true),
      make.choice(
        "transportCare", "transport-care", TransportCare.allCases.map(\.rawValue), proposed: visit?.transportCare,
        empty: true), make.field("accompaniedBy", proposed: visit?.accompaniedBy), number,
    ]
  }

  /// Under the stay's fields: open where somebody is admitted to emergency.
  func section(_ stayClass: String) -> FormSection {
    var section = FormSection(
      make.wording("arrival.section"), fields(), folded: stayClass != StayClass.emergency.rawValue)
    if case let announcement = make.filling.value("announcement", proposed: nil), !announcement.isEmpty {
      section.below = "<input type=\"hidden\" name=\"announcement\" value=\"\(escaped(announcement))\">"
    }
    return section
  }

  /// What the form of an admission says of it; nil where it says nothing.
  static func arrival(_ form: Form, _ settings: EmergencySettings) -> NoteArrival? {
    guard fields.contains(where: { form[$0.name] != nil }) else { return nil }
    return command(stay: "", announcement: form.subject("announcement"), settings) { form[$0] }
  }

  /// - Parameter said: what is said of each field; nil says nothing, an empty text erases.
  static func command(
    stay: String, announcement: String?, _ settings: EmergencySettings, said: (String) -> String?
  ) -> NoteArrival {
    NoteArrival(
      stay: stay, transport: said("transport"), transportCare: said("transportCare"),
      accompaniedBy: said("accompaniedBy"), complaint: said("complaint"), complaintText: said("complaintText"),
      victimNumber: said("victimNumber"), announcement: announcement, settings: settings)
  }
}
