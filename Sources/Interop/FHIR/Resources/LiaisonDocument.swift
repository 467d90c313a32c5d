import Hospital
import Ledger

/// The liaison sheet of a transfer as a FHIR document (Bundle of type document, whose first entry is the Composition):
/// what the partner needs to take the patient over.
public struct LiaisonDocument {
  /// A heading and what is said under it, in words.
  public struct Section {
    public var title: String
    public var lines: [String]

    public init(_ title: String, _ lines: [String]) { (self.title, self.lines) = (title, lines) }
  }

  public var transfer: PatientTransfer
  public var stay: Stay
  public var patient: Patient
  /// Of a newborn.
  public var mother: Patient?
  /// Where the stay goes next.
  public var underway: Underway?
  public var partner: Partner
  public var structure: Structure
  public var title: String
  public var sections: [Section]
  public var now: Instant

  public init(
    _ transfer: PatientTransfer, stay: Stay, patient: Patient, mother: Patient? = nil, underway: Underway? = nil,
    partner: Partner, structure: Structure, title: String, sections: [Section], at now: Instant
  ) {
    (self.transfer, self.stay, self.patient, self.partner) = (transfer, stay, patient, partner)
    (self.mother, self.underway) = (mother, underway)
    (self.structure, self.title, self.sections, self.now) = (structure, title, sections, now)
  }

  public var json: JSON {
    let entries: [(String, JSON)] = [
      (transfer.id.afterSlash, composition),
      (
        patient.id.afterSlash,
        PatientResource(patient, structure).json(FHIRMeta(), mothers: [mother].compactMap(\.self))
      ),
      (
        stay.id.afterSlash,
        EncounterResource(stay, structure, at: now, underway).json(FHIRMeta(), patient: patient, mother: mother)
      ),
      (Self.uuid(structure.finess), OrganizationResource.json(structure)),
      (partner.id.afterSlash, organization),
    ]
    var out = FHIRObject()
    out.put("resourceType", "Bundle")
    out.put(
      "identifier", ["system": "urn:ietf:rfc:3986", "value": .string("urn:uuid:\(documentID)")] as JSON)
    out.put("type", "document")
    out.put("timestamp", now)
    out.put(
      "entry", entries.map { ["fullUrl": .string("urn:uuid:\($0.0)"), "resource": $0.1] as JSON })
    return out.json
  }

  /// Another one for each state of what it tells.
  private var documentID: String { Name.uuid5(of: "liaison|\(transfer.id)|\(now.text)") }

  private static func uuid(_ finess: String) -> String { Name.subject("structure", finess, finess) }

  private func reference(_ uuid: String, _ display: String? = nil) -> JSON {
    var out = FHIRObject()
    out.put("reference", "urn:uuid:\(uuid)")
    out.put("display", display)
    return out.json
  }

  private var composition: JSON {
    var out = FHIRObject(type: "Composition", id: transfer.id.afterSlash)
    out.put("status", "final")
    out.put("type", FHIRValue.concept("http://loinc.org", "18761-7", "Transfer summary note"))
    out.put("subject", reference(patient.id.afterSlash))
    out.put("encounter", reference(stay.id.afterSlash))
    out.put("date", now)
    out.put("author", [reference(Self.uuid(structure.finess), structure.name)])
    out.put("title", title)
    let isWithheld =
      transfer.isDiscreet(to: partner)
      || Disclosure.isWithheld(patient, mother: mother, at: stay.outline.place, underway: underway, in: structure)
    out.put("confidentiality", FHIRMeta.label(patient, isWithheld: isWithheld) ?? "N")
    out.put("custodian", reference(Self.uuid(structure.finess), structure.name))
    out.put("event", [["detail": [reference(partner.id.afterSlash, partner.name)]] as JSON])
    out.put(
      "section",
      sections.filter { !$0.lines.isEmpty }.map { section -> JSON in
        var one = FHIRObject()
        one.put("title", section.title)
        let text = section.lines.compactMap(FHIRText.string).map { "<p>\($0.xml)</p>" }.joined()
        one.put(
          "text",
          [
            "status": "generated", "div": .string("<div xmlns=\"http://www.w3.org/1999/xhtml\">\(text)</div>"),
          ] as JSON)
        return one.json
      })
    return out.json
  }

  private var organization: JSON {
    var out = FHIRObject(type: "Organization", id: partner.id.afterSlash)
    out.put("identifier", FHIRValue.structure(partner.finess))
    out.put("name", partner.name)
    out.put("telecom", [partner.phone.flatMap { FHIRValue.phone($0) }].compactMap(\.self))
    return out.json
  }
}
