import Hospital
import Ledger

/// An entry of the directory as a form has it: what it leaves out, or left as it was shown, is as it is known when it
/// is decided.
struct TypedPartner: Command {
  /// nil for a new one.
  var partner: String?
  var form: Form
  var capabilities: [CareKey]
  var kilometres: Int?
  var minutes: Int?

  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    let finess = form["finess"] ?? ""
    let known = world.partner(partner ?? Partner.subject(finess: finess)).flatMap { $0.isWithdrawn ? nil : $0 }
    if partner == nil, known != nil { throw Refusal("partner-known", field: "finess") }
    var entry = DeclarePartners.Entry(finess: known?.finess ?? finess, name: known?.name ?? "")
    if let known {
      (entry.phone, entry.units, entry.fhir) = (known.phone, known.units, known.fhir)
      entry.capabilities = known.capabilities.compactMap(CareKey.init)
      (entry.kilometres, entry.minutes, entry.destination) = (known.kilometres, known.minutes, known.destination)
    }
    if let name = form.said("name") { entry.name = name }
    if let phone = form.said("phone") { entry.phone = phone }
    if let units = form.said("units") {
      entry.units = units.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    }
    if form.saidList("capability") != nil {
      entry.capabilities = CareKey.allCases.filter { capabilities.contains($0) }
    }
    if form.said("kilometres") != nil { entry.kilometres = kilometres }
    if form.said("minutes") != nil { entry.minutes = minutes }
    if let destination = form.said("destination") {
      entry.destination = destination.isEmpty ? Partner.usualDestination : destination
    }
    if let fhir = form.said("fhir") { entry.fhir = fhir }
    return try DeclarePartners([entry]).decide(world, moment)
  }
}
