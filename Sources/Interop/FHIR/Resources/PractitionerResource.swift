import Hospital
import Ledger

/// Practitioner: who has an account here, and, inside an Encounter, the physician whom a feed or a person named.
public enum PractitionerResource {
  /// - Parameters:
  ///   - name: as a movement says it.
  ///   - said: the numbers that a feed gave: `{"name", "RPPS", "ADELI", "id"}`.
  static func contained(_ name: String?, _ said: JSON?) -> JSON? {
    // The numbers are of whoever the feed named last; another name has none.
    let isSame = name == nil || said?["name"]?.string == name || said?["name"] == nil
    let numbers = isSame ? said : nil
    guard let text = (name ?? said?["name"]?.string).flatMap(FHIRText.string) else { return nil }
    var out = FHIRObject(type: "Practitioner", id: "attending")
    func identifier(_ type: String, _ system: String) -> JSON? {
      numbers?[type]?.string.flatMap {
        FHIRValue.identifier($0, system: system, type: FHIRValue.concept(FHIRSystem.identifierTypeFR, type))
      }
    }
    out.put(
      "identifier", [identifier("RPPS", FHIRSystem.rpps), identifier("ADELI", FHIRSystem.adeli)].compactMap(\.self))
    out.put("name", [["text": .string(text)]])
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
