import Hospital
import Ledger

/// A message as a command: its facts as they are, whatever the register holds. Submit it under `facts.command`, as
/// `system`, with `facts.source`.
public struct ReceivedMessage: Command {
  public let message: MessageFacts

  public init(_ message: MessageFacts) { self.message = message }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    var warnings = message.warnings + ReceptionWarnings(message, world).warnings
    if message.source.instant > moment.now.adding(seconds: Position.sourceAheadMaxSeconds) {
      warnings.append(Warning("hl7.clock-ahead", field: "MSH-7"))
    }
    return Decision(facts: message.facts, warnings: warnings)
  }
}
