import Hospital
import Ledger

/// The answer to a message: MSA with its number, and an ERR for each thing to say of it (HL7 v2.5 chapter 2.15).
public struct Acknowledgement: Sendable {
  public enum Code: String, Sendable {
    case accepted = "AA"
    case error = "AE"
    case rejected = "AR"
  }

  public struct Remark: Sendable, Equatable {
    /// ERR-2: `PID^1^3`.
    public var location: String
    /// ERR-3, table 0357.
    public var condition: Int
    /// ERR-4: E error, W warning.
    public var isWarning: Bool
    /// ERR-8, a sentence for a person.
    public var text: String

    public init(location: String, condition: Int, isWarning: Bool, text: String) {
      self.location = location
      self.condition = condition
      self.isWarning = isWarning
      self.text = text
    }
  }

  public var code: Code
  public var remarks: [Remark]

  public init(_ code: Code, remarks: [Remark] = []) {
    self.code = code
    self.remarks = remarks
  }

  /// Of a refusal; `sentence` gives the text of its reason.
  public init(_ refusal: MessageRefusal, sentence: (Refusal) -> String) {
    code = refusal.code == .reject ? .rejected : .error
    remarks = [
      Remark(
        location: refusal.location, condition: refusal.condition.rawValue, isWarning: false,
        text: sentence(refusal.reason))
    ]
  }

  /// Taken, with what was assumed: only for a partner that stands warnings in its answers.
  public init(warnings: [Warning], sentence: (Warning) -> String) {
    code = .accepted
    remarks = warnings.map {
      Remark(location: Acknowledgement.location($0.field), condition: 0, isWarning: true, text: sentence($0))
    }
  }

  /// `PID-3` as ERR-2 has it.
  private static func location(_ field: String?) -> String {
    let parts = (field ?? "MSH").split(separator: "-")
    return parts.count == 2 ? "\(parts[0])^1^\(parts[1])" : "\(field ?? "MSH")^1"
  }
}
