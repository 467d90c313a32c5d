import Ledger

// The parts of a patient as facts and stored states write them. Reading gives nil where what matters is missing.

extension Identifier {
  public var json: JSON {
    var out = StateWriter()
    out.put("value", value)
    out.put("authority", authority)
    out.put("authorityName", authorityName)
    out.put("type", type)
    out.put("withdrawn", withdrawn)
    return .object(out.object)
  }

  init?(json: JSON) {
    guard let value = json["value"]?.string, !value.isEmpty else { return nil }
    self.init(
      value: value, authority: json["authority"]?.string ?? "", authorityName: json["authorityName"]?.string,
      type: json["type"]?.string ?? "")
  }

  public func isSame(as other: Identifier) -> Bool {
    value.sameBytes(as: other.value) && authority.sameBytes(as: other.authority) && type.sameBytes(as: other.type)
  }
}

extension INS {
  public var json: JSON { ["matricule": .string(matricule), "oid": .string(oid)] }

  init?(json: JSON) {
    guard let matricule = json["matricule"]?.string, let oid = json["oid"]?.string, !matricule.isEmpty else {
      return nil
    }
    self.init(matricule: matricule, oid: oid)
  }
}

extension Address {
  public var json: JSON {
    var out = StateWriter()
    out.put("use", use)
    out.put("lines", lines)
    out.put("postcode", postcode)
    out.put("city", city)
    out.put("commune", commune)
    out.put("country", country)
    return .object(out.object)
  }

  init?(json: JSON) {
    guard json.object != nil else { return nil }
    self.init(
      use: json["use"]?.string ?? "", lines: json["lines"]?.strings ?? [], postcode: json["postcode"]?.string,
      city: json["city"]?.string, commune: json["commune"]?.string, country: json["country"]?.string)
  }
}

extension Contact {
  public var json: JSON {
    var out = StateWriter()
    out.put("role", role)
    out.put("name", name)
    out.put("relationship", relationship)
    out.put("phone", phone)
    return .object(out.object)
  }

  init?(json: JSON) {
    guard json.object != nil else { return nil }
    self.init(
      role: json["role"]?.string ?? "", name: json["name"]?.string ?? "", relationship: json["relationship"]?.string,
      phone: json["phone"]?.string)
  }
}

extension IdentityDocument {
  public var json: JSON {
    var out = StateWriter()
    out.put("kind", kind)
    out.put("validUntil", validUntil)
    return .object(out.object)
  }

  init?(json: JSON) {
    guard let kind = json["kind"]?.string else { return nil }
    self.init(kind: kind, validUntil: json["validUntil"]?.string)
  }
}

extension Contact {
  public var isFamilyDoctor: Bool { role == "general-practitioner" }

  /// As pages call the family doctor of whom a feed said `{name, RPPS?, ADELI?, id?}`; nil where nobody is named.
  public init?(familyDoctor json: JSON) {
    guard let name = ["name", "RPPS", "ADELI", "id"].lazy.compactMap({ json[$0]?.string }).first else { return nil }
    self.init(role: "general-practitioner", name: name)
  }
}

extension LegalSituation {
  public var json: JSON {
    var out = StateWriter()
    out.put("kind", kind)
    out.put("code", code)
    out.put("since", since?.text)
    out.put("note", note)
    out.put("id", id)
    return .object(out.object)
  }

  init?(json: JSON) {
    guard let kind = json["kind"]?.string, !kind.isEmpty else { return nil }
    self.init(
      kind: kind, code: json["code"]?.string, since: json["since"]?.string.flatMap(Instant.init),
      note: json["note"]?.string, id: json["id"]?.string)
  }
}

extension UnknownPatient {
  public var json: JSON {
    var out = StateWriter()
    out.put("label", label)
    out.put("estimatedAge", estimatedAge)
    out.put("marks", marks)
    out.put("belongings", belongings)
    return .object(out.object)
  }

  init?(json: JSON) {
    guard let label = json["label"]?.string, !label.isEmpty else { return nil }
    self.init(
      label: label, estimatedAge: json["estimatedAge"]?.integer, marks: json["marks"]?.string,
      belongings: json["belongings"]?.string)
  }
}

extension DeathRecord {
  var json: JSON {
    var out = StateWriter()
    out.put("physician", physician)
    out.put("obstacle", obstacle)
    out.put("familyToldBy", familyToldBy)
    return .object(out.object)
  }

  init(_ data: JSONObject) {
    self.init(
      physician: data["physician"]?.string, obstacle: data["obstacle"]?.bool ?? false,
      familyToldBy: data["familyToldBy"]?.string)
  }
}
