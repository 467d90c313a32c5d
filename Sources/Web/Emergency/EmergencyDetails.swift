import Hospital
import Ledger

extension FactDetails {
  /// The values of what emergency said, under the labels of the forms.
  func emergency(_ data: JSONObject) -> [HistoryEntry.Detail] {
    data.members.flatMap { key, value -> [HistoryEntry.Detail] in
      func detail(_ value: String) -> [HistoryEntry.Detail] { [.init(label: wording("field.\(key)"), value: value)] }
      switch (key, value) {
      case ("stay", _), ("key", _), ("movement", _), ("request", _), ("announcement", _), ("scale", _): return []
      case (_, .null): return detail(wording("history.erased"))
      case ("vitals", _):
        return VitalSigns(said: value).measured.map { sign, value in
          .init(label: wording("field.\(sign.rawValue)"), value: sign.text(value))
        }
      case ("transport", .string(let code)): return detail(wording.word("transport", code))
      case ("transportCare", .string(let code)): return detail(wording.word("transport-care", code))
      case ("ccmu", .string(let code)): return detail(wording.word("ccmu", code))
      case ("gemsa", .string(let code)): return detail(wording.word("gemsa", code))
      case ("way", .string(let code)): return detail(wording("emergency.way.\(code)"))
      case ("orient", .string(let code)): return detail(wording.word("orient", code))
      case ("reason", .string(let code)):
        return detail(data["way"]?.string == "transfer" ? wording.transferReason(code) : code)
      case ("awaited", .array(let codes)):
        return detail(codes.compactMap(\.string).map { wording.word("awaited-result", $0) }.joined(separator: ", "))
      case (_, .string(let text)): return detail(text)
      case (_, .bool(let flag)): return detail(wording(flag ? "word.yes" : "word.no"))
      case (_, .integer(let number)): return detail(String(number))
      case (_, .array(let values)): return detail(values.compactMap(\.string).joined(separator: " "))
      case (_, .object): return []
      }
    }
  }
}
