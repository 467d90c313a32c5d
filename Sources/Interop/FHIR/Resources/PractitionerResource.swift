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
    out.put("active", account.isActive(at: now))
    out.put("name", [FHIRValue.text(account.name)].compactMap(\.self))
    out.put("qualification", [FHIRValue.text(account.function).map { ["code": $0] }].compactMap(\.self))
    return out.json
  }
}
