import Hospital
import Ledger

/// Provenance: one line of the ledger, and what it is about, of what was asked for.
public enum ProvenanceResource {
  /// - Parameters:
  ///   - id: of the line: `urg-1-3fa9c2d1.123.0123abcd`.
  ///   - targets: addresses of what it is about: `Patient/<uuid>/_history/<id>`.
  ///   - program: the author's name where it is a program.
  ///   - kinds: of its facts about them.
  public static func json(
    id: String, targets: [String], writtenAt: Instant, author: String, program: String? = nil, station: String,
    sender: String?, kinds: [String], happenedAt: Instant
  ) -> JSON {
    var out = FHIRObject(type: "Provenance", id: "\(id)")
    out.put("target", targets.map { ["reference": .string($0)] })
    out.put("occurredDateTime", happenedAt)
    out.put("recorded", writtenAt)
    out.put("activity", ["coding": .array(kinds.compactMap { FHIRValue.coding(nil, $0) })])
    let isAccount = author.hasPrefix("account/") && sender == nil
    let who: JSON =
      isAccount
      ? (program.map { LedgerAgent.program(author, $0) } ?? FHIRValue.reference("Practitioner", author.afterSlash))
      : ["display": .string(sender.flatMap(FHIRText.string) ?? "system")]
    out.put(
      "agent",
      [
        ["type": agent("author"), "who": who],
        ["type": agent("custodian"), "who": ["display": .string(station)]],
      ])
    return out.json
  }

  private static func agent(_ code: String) -> JSON {
    [
      "coding": [
        ["system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "code": .string(code)]
      ]
    ]
  }
}

/// AuditEvent: somebody read somebody's file.
public enum AuditEventResource {
  /// - Parameters:
  ///   - account: account id of whoever read; `isProgram` where that is nobody.
  ///   - patient: nil where somebody was asked for who is not here.
  ///   - place: the page it was read on, with the address it was asked from.
  public static func json(
    id: String, account: String, name: String?, isProgram: Bool, patient: String?, at instant: Instant,
    place: String, why: String?
  ) -> JSON {
    var out = FHIRObject(type: "AuditEvent", id: id)
    out.put(
      "type", FHIRValue.coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "RESTful Operation"))
    out.put("action", "R")
    out.put("recorded", instant)
    out.put("outcome", "0")
    if let why = FHIRValue.text(why) { out.put("purposeOfEvent", [why]) }
    var agent = FHIRObject()
    agent.put(
      "who",
      isProgram ? LedgerAgent.program(account, name) : FHIRValue.reference("Practitioner", account.afterSlash, name))
    agent.put("requestor", true)
    out.put("agent", [agent.json])
    out.put("source", ["observer": ["display": "Permanence"]])
    var entity = FHIRObject()
    if let patient { entity.put("what", FHIRValue.reference("Patient", patient.afterSlash)) }
    entity.put("type", FHIRValue.coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "1", "Person"))
    entity.put("role", FHIRValue.coding("http://terminology.hl7.org/CodeSystem/object-role", "1", "Patient"))
    entity.put("description", place)
    out.put("entity", [entity.json])
    return out.json
  }
}

private enum LedgerAgent {
  /// A program is a Device, of which no resource is served: it is named by the id of its account.
  static func program(_ account: String, _ name: String?) -> JSON {
    var who = FHIRObject()
    who.put("type", "Device")
    who.put("identifier", ["system": .string(FHIRSystem.uris), "value": .string("urn:uuid:\(account.afterSlash)")])
    who.put("display", name)
    return who.json
  }
}
