import Hospital
import Ledger

extension MessageTranslation {
  /// PID-32: the status, then attributes; the list is replaced whole. And the INS, where the status lets it be one.
  mutating func sayStatus(_ field: HL7Field, _ numbers: [PatientNumber], in traits: inout JSONObject) {
    let codes = field.repetitions.compactMap(\.string)
    let status = codes.first { IdentityStatus(rawValue: $0) != nil }
    if !codes.isEmpty {
      let attributes = codes.filter { IdentityStatus(rawValue: $0) == nil }
      traits.say("status", status)
      traits.put("attributes", .array(attributes.map { .string($0) }))
      if status == nil || !attributes.allSatisfy(MessageTranslation.attributes.contains) {
        warn(.codeUnknown("PID-32"))
      }
    } else if field.isErased {
      traits.put("status", .null)
      traits.put("attributes", .array([]))
    }
    let candidates = numbers.filter(\.isINS).sorted { MessageTranslation.rank($0) < MessageTranslation.rank($1) }
    guard !candidates.isEmpty else { return }
    let isSure = status == "VALI" || status == "QUAL"
    let taken = isSure ? candidates.first(where: isTakeable) : nil
    if let taken { traits.put("ins", INS(matricule: taken.value, oid: taken.authority).json) }
    if taken == nil || candidates.contains(where: { !isTakeable($0) }) {
      warn(Warning("hl7.ins-set-aside", field: "PID-3"))
    }
  }

  /// An OID of the INS (a person's, unless this is practice) and a key that fits.
  private func isTakeable(_ number: PatientNumber) -> Bool {
    let ins = INS(matricule: number.value, oid: number.authority)
    guard ins.isWellFormed, let domain = ins.domain else { return false }
    return settings.isForPractice || !domain.isForPractice
  }

  /// By type first, then by OID: with NIR and NIA both, NIR.
  private static func rank(_ number: PatientNumber) -> Int {
    let domain = INS.Domain(rawValue: number.authority).flatMap(INS.Domain.allCases.firstIndex(of:))
    return (number.type == "INS" ? 0 : 100) + (domain ?? 99)
  }

  /// Table 0445 as PAM France has it, without the statuses.
  private static let attributes: Set<String> = [
    "FICT", "DOUT", "HOMA", "HOMD", "CACH", "ANOM", "DPOT", "DOUA", "DOUB", "COLP", "COLV", "FILI", "DESA", "INVA",
    "USUR", "VIDE", "IDRA", "IDVER",
  ]
}
