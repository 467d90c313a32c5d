import Hospital
import Ledger

/// Practitioner: who has an account here, and, inside an Encounter, an Appointment or a Patient, the physician whom a
/// feed or a person named.
public enum PractitionerResource {
  /// - Parameters:
  ///   - name: as a movement says it.
  ///   - said: the numbers that a feed gave: `{"name", "RPPS", "ADELI", "id"}`.
  ///   - id: within the resource.
  static func contained(_ name: String?, _ said: JSON?, id: String = "attending", phone: String? = nil) -> JSON? {
    // The numbers are of whoever the feed named last, if only by one of them; another name has none.
    let given = ["RPPS", "ADELI", "id"].compactMap { said?[$0]?.string }
    let isNamed = said?["name"] != nil
    let isSame = name.map { isNamed ? said?["name"]?.string == $0 : given.contains($0) } ?? true
    let numbers = isSame ? said : nil
    func identifier(_ type: String, _ system: String) -> JSON? {
      numbers?[type]?.string.flatMap {
        FHIRValue.identifier($0, system: system, type: FHIRValue.concept(FHIRSystem.identifierTypeFR, type))
      }
    }
    let identifiers = [identifier("RPPS", FHIRSystem.rpps), identifier("ADELI", FHIRSystem.adeli)].compactMap(\.self)
    let text = FHIRValue.text(isSame && !isNamed && !identifiers.isEmpty ? nil : name ?? said?["name"]?.string)
    guard text != nil || !identifiers.isEmpty else { return nil }
    var out = FHIRObject(type: "Practitioner", id: id)
    out.put("identifier", identifiers)
    out.put("name", [text].compactMap(\.self))
    out.put("telecom", [phone.flatMap { FHIRValue.phone($0) }].compactMap(\.self))
    return out.json
  }

  public static func json(_ account: Hospital.Account, _ meta: FHIRMeta, at now: Instant) -> JSON {
    var out = FHIRObject(type: "Practitioner", id: account.id.afterSlash)
    out.put("meta", meta.json())
    // As programs are named. No other number of an account is known.
    out.put(
      "identifier",
      [FHIRValue.identifier("urn:uuid:\(account.id.afterSlash)", system: FHIRSystem.uris)].compactMap(\.self))
    out.put("active", account.isActive(at: now))
    out.put("name", [FHIRValue.text(account.name)].compactMap(\.self))
    out.put("qualification", [FHIRValue.text(account.function).map { ["code": $0] }].compactMap(\.self))
    return out.json
  }
}

extension FHIRSearch.Parameter {
  /// Asks for a physician who is contained in the resource, by one of their numbers. They are no resource here, so that
  /// a reference to one is a reference to nobody.
  /// - Parameters:
  ///   - name: as a movement or the diary says it.
  ///   - said: the numbers that a feed gave.
  public func names(_ name: String?, _ said: JSON?) -> Bool {
    guard modifier == "identifier", let physician = PractitionerResource.contained(name, said) else { return false }
    return tokens.contains { $0.holds(numbersOf: physician) }
  }
}
