import Hospital

/// What a header must say for a message to be taken at all.
extension Envelope {
  func refusal() -> MessageRefusal? {
    // What is ours and names no event is of no use: taken, it would be lost.
    if type.isEmpty || trigger.isEmpty && ["ADT", "SIU"].contains(type) {
      return MessageRefusal(.reject, .unsupportedMessageType, at: "MSH^1^9", Refusal("hl7.no-type", field: "MSH-9"))
    }
    if control.isEmpty {
      return MessageRefusal(
        .reject, .unsupportedMessageType, at: "MSH^1^10", Refusal("hl7.no-control", field: "MSH-10"))
    }
    // Training and debugging messages are told apart by the hospital they are sent to, not by MSH-11.
    if !processing.isEmpty, !["P", "T", "D"].contains(processing.uppercased()) {
      return MessageRefusal(
        .reject, .unsupportedProcessingID, at: "MSH^1^11", Refusal("hl7.processing", field: "MSH-11"))
    }
    if !version.isEmpty, !version.hasPrefix("2.") {
      return MessageRefusal(.reject, .unsupportedVersionID, at: "MSH^1^12", Refusal("hl7.version", field: "MSH-12"))
    }
    return nil
  }

  var warnings: [Warning] {
    var warnings: [Warning] = []
    if processing.isEmpty { warnings.append(.fieldMissing("MSH-11")) }
    if version.isEmpty { warnings.append(.fieldMissing("MSH-12")) }
    return warnings
  }
}
