import Hospital
import Ledger

/// ServiceRequest: a bed that is asked for here, or another hospital that is asked to take somebody.
public enum ServiceRequestResource {
  /// A code of a published list.
  struct Code {
    var system: String
    var code: String
    var display: String
  }

  /// HL7's class of acts by which a place to stay is provided.
  static let bed = Code(system: FHIRSystem.actClass, code: "ACCM", display: "accommodation")
  static let transfer = Code(
    system: FHIRSystem.snomed, code: "19712007", display: "Patient transfer, to another health care facility")

  static func status(_ request: BedRequest) -> String {
    switch request.status {
    case .open, .accepted: "active"
    case .fulfilled: "completed"
    case .withdrawn: "revoked"
    }
  }

  static func status(_ transfer: PatientTransfer) -> String {
    switch transfer.status {
    case .refused, .withdrawn: "revoked"
    case .asked, .accepted, .left, .arrived, .returned, .ended: transfer.isOpen ? "active" : "completed"
    }
  }

  /// - Parameters:
  ///   - stay: of whoever is here already.
  ///   - patient: who it is for, under the identity that lives on; nil while nobody has made a file.
  ///   - mother: of a newborn.
  ///   - underway: where the stay goes next.
  public static func json(
    _ request: BedRequest, _ structure: Structure?, _ meta: FHIRMeta, stay: Stay?, patient: Patient?,
    mother: Patient? = nil, _ underway: Underway? = nil
  ) -> JSON {
    let isDiscreet = request.needs.isDiscreet(in: structure)
    var out = start(request.id, meta, structure, stay, patient, mother, underway, isDiscreet: isDiscreet)
    out.put("extension", reason(request.status == .withdrawn ? request.reason : nil))
    out.put("status", status(request))
    out.put("intent", "order")
    out.put("category", [concept(bed)])
    out.put("code", concept(bed, text: request.from.rawValue))
    out.put("orderDetail", details(request.needs))
    out.put("subject", subject(patient, named: request.name))
    if let stay { out.put("encounter", FHIRValue.reference("Encounter", stay.id.afterSlash)) }
    out.put("occurrenceDateTime", request.wantedAt)
    out.put("authoredOn", request.asked?.at)
    out.put("requester", requester(request.asked?.author))
    out.put(
      "locationCode",
      [request.needs.specialty.flatMap { FHIRCapacity.type(ofSpecialty: $0) ?? FHIRValue.text($0) }]
        .compactMap(\.self))
    out.put("locationReference", places(request, structure))
    out.put("note", [FHIRValue.text(request.note)].compactMap(\.self))
    return out.json
  }

  /// - Parameters:
  ///   - stay: that is to go there.
  ///   - partner: who is asked.
  ///   - mother: of a newborn.
  ///   - underway: where the stay goes next.
  public static func json(
    _ transfer: PatientTransfer, to partner: Partner?, _ structure: Structure?, _ meta: FHIRMeta, stay: Stay?,
    patient: Patient?, mother: Patient? = nil, _ underway: Underway? = nil
  ) -> JSON {
    let isDiscreet = transfer.isDiscreet(to: partner)
    var out = start(transfer.id, meta, structure, stay, patient, mother, underway, isDiscreet: isDiscreet)
    let ended = transfer.steps[transfer.status].flatMap { said in
      status(transfer) == "revoked" ? [transfer.status.rawValue, said.note].compactMap(\.self) : nil
    }
    out.put("extension", reason(ended?.joined(separator: ": ")))
    out.put("status", status(transfer))
    out.put("intent", "order")
    out.put("category", [concept(self.transfer)])
    out.put("code", concept(self.transfer, text: transfer.kind.rawValue))
    out.put("subject", subject(patient, named: nil))
    out.put("encounter", FHIRValue.reference("Encounter", transfer.stay.afterSlash))
    out.put("occurrencePeriod", FHIRValue.period(transfer.steps[.left]?.at, transfer.until))
    out.put("authoredOn", transfer.steps[.asked]?.at)
    out.put("requester", requester(transfer.steps[.asked]?.by))
    out.put("performer", [partner.flatMap(performer)].compactMap(\.self))
    out.put(
      "locationCode", transfer.needs.compactMap { FHIRCapacity.type(ofLine: $0) ?? FHIRValue.text($0) })
    out.put("reasonCode", [FHIRValue.text(transfer.reason)].compactMap(\.self))
    out.put("note", [FHIRValue.text(transfer.steps[.accepted]?.note)].compactMap(\.self))
    return out.json
  }

  /// - Parameter isDiscreet: what is asked for says why, also once it is over.
  private static func start(
    _ id: String, _ meta: FHIRMeta, _ structure: Structure?, _ stay: Stay?, _ patient: Patient?,
    _ mother: Patient?, _ underway: Underway?, isDiscreet: Bool
  ) -> FHIRObject {
    var out = FHIRObject(type: "ServiceRequest", id: id.afterSlash)
    let isWithheld =
      isDiscreet
      || Disclosure.isWithheld(patient, mother: mother, at: stay?.outline.place, underway: underway, in: structure)
    out.put("meta", meta.json(confidentiality: FHIRMeta.label(patient, isWithheld: isWithheld)))
    return out
  }

  static func concept(_ code: Code, text: String? = nil) -> JSON {
    var out = FHIRObject()
    out.put("coding", [FHIRValue.coding(code.system, code.code, code.display)].compactMap(\.self))
    out.put("text", text)
    return out.json
  }

  /// Why it is as it is: of R4's own extensions, since no element of it says that.
  private static func reason(_ text: String?) -> [JSON] {
    [
      FHIRValue.fhirExtension(
        "http://hl7.org/fhir/StructureDefinition/request-statusReason", "valueCodeableConcept", FHIRValue.text(text))
    ].compactMap(\.self)
  }

  /// What nobody said is told as that: a request without a subject is none.
  private static func subject(_ patient: Patient?, named name: String?) -> JSON {
    patient.map { FHIRValue.reference("Patient", $0.id.afterSlash) }
      ?? ["display": .string(name.flatMap(FHIRText.string) ?? "unknown")]
  }

  private static func requester(_ author: String?) -> JSON? {
    guard let author, author.hasPrefix("account/") else { return nil }
    return FHIRValue.reference("Practitioner", author.afterSlash)
  }

  /// A hospital that is no resource here is named by its FINESS.
  private static func performer(_ partner: Partner) -> JSON? {
    guard let identifier = FHIRValue.identifier(partner.finess, system: FHIRSystem.finess) else { return nil }
    var out = FHIRObject()
    out.put("type", "Organization")
    out.put("identifier", identifier)
    out.put("display", partner.name)
    return out.json
  }

  /// The beds that were given; before, the unit that is wanted.
  private static func places(_ request: BedRequest, _ structure: Structure?) -> [JSON] {
    guard request.beds.isEmpty else { return request.beds.map { FHIRValue.reference("Location", $0.afterSlash) } }
    return [request.needs.unit.flatMap { LocationResource.reference(to: Place(unit: $0), structure) }]
      .compactMap(\.self)
  }

  /// HL7's kinds of accommodation, where one says that and no more.
  private static func details(_ needs: BedNeeds) -> [JSON] {
    var details: [JSON?] = []
    if let isolation = needs.isolation {
      let code = Code(system: FHIRSystem.actCode, code: "I", display: "Isolation")
      let isTransmitted = IsolateBed.transmissionBased.contains(isolation)
      details.append(isTransmitted ? concept(code, text: isolation) : FHIRValue.text("isolation: \(isolation)"))
    }
    if needs.single { details.append(concept(Code(system: FHIRSystem.actCode, code: "P", display: "Private"))) }
    if needs.monitoring { details.append(FHIRValue.text("monitoring")) }
    if let sharing = needs.sharing { details.append(FHIRValue.text("shared with \(sharing.rawValue)")) }
    return details.compactMap(\.self)
  }
}
