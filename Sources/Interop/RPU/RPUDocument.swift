import Ledger

/// A day's summaries as the regional observatories take them; `docs/operations/rpu.xsd` says what is allowed.
public enum RPUDocument {
  /// - Parameters:
  ///   - finess: of the establishment.
  ///   - extracted: `22/08/2022 03:30:00`.
  ///   - day: `21/08/2022`.
  public static func xml(finess: String, extracted: String, day: String, _ visits: [RPUVisit]) -> String {
    var out = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n<PASSAGES_ETABLISSEMENT>\n<ETABLISSEMENT>\n"
    for (name, value) in [
      ("FINESS", finess), ("ORDRE", "1"), ("EXTRACT", extracted), ("DATEDEBUT", day), ("DATEFIN", day),
    ] {
      out += element(name, value)
    }
    return out + "</ETABLISSEMENT>\n" + passages(visits) + "</PASSAGES_ETABLISSEMENT>\n"
  }

  /// The part that says the same as long as the visits do.
  public static func passages(_ visits: [RPUVisit]) -> String {
    var out = "<PASSAGES>\n"
    for visit in visits {
      out += "<PATIENT>\n"
      for field in RPUVisit.Field.allCases {
        guard let values = visit.values[field], !values.isEmpty else { continue }
        switch field {
        case .associated, .acts:
          let name = field == .acts ? "ACTE" : "DA"
          out += "<\(field.rawValue)>\n" + values.map { element(name, $0) }.joined() + "</\(field.rawValue)>\n"
        default: out += element(field.rawValue, values[0])
        }
      }
      out += "</PATIENT>\n"
    }
    return out + "</PASSAGES>\n"
  }

  private static func element(_ name: String, _ value: String) -> String { "<\(name)>\(value.xml)</\(name)>\n" }
}
