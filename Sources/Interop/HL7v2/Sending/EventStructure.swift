/// The triggers that say a movement, and the structures that HL7 2.5 gives them.
enum EventStructure {
  static func name(of trigger: String) -> String {
    switch trigger {
    case "A01", "A04", "A13", "Z99": "ADT_A01"
    case "A03": "ADT_A03"
    case "A02": "ADT_A02"
    case "A05", "A14", "A28", "A31": "ADT_A05"
    case "A06", "A07": "ADT_A06"
    case "A11": "ADT_A09"
    case "A12": "ADT_A12"
    case "A15": "ADT_A15"
    case "A16": "ADT_A16"
    case "A21", "A22", "A25", "A26", "A27": "ADT_A21"
    case "A37": "ADT_A37"
    case "A38": "ADT_A38"
    case "A40": "ADT_A39"
    case "A44": "ADT_A43"
    case "A47": "ADT_A30"
    case "A52", "A53", "A55": "ADT_A52"
    default: "ADT_A54"
    }
  }

  /// What undoes a movement that `trigger` inserted; Z99 with CANCEL where nothing else does.
  static func cancellation(of trigger: String) -> String {
    switch trigger {
    case "A01", "A04": "A11"
    case "A02": "A12"
    case "A03": "A13"
    case "A05": "A38"
    case "A06": "A07"
    case "A07": "A06"
    case "A14": "A27"
    case "A15": "A26"
    case "A16": "A25"
    case "A21": "A52"
    case "A22": "A53"
    case "A54": "A55"
    default: "Z99"
    }
  }

  /// Relatives have a place in it.
  static func takesRelatives(_ structure: String) -> Bool { ["ADT_A01", "ADT_A05"].contains(structure) }
}
