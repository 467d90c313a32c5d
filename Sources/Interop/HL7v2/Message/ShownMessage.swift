/// A message as a person may look at it, whatever its bytes are.
public enum ShownMessage {
  /// Its segments as text, by the character set that they are read in; what is no character of a text is shown as ·.
  public static func segments(_ message: [UInt8]) -> [String] {
    let bytes = HL7Message(message)?.text.bytes ?? message
    return bytes.split(separator: 0x0D).map { segment in
      String(
        String.UnicodeScalarView(
          String(decoding: segment, as: UTF8.self).unicodeScalars.map { isShown($0) ? $0 : "·" }))
    }
  }

  /// The subjects of the patients whom it names by PID-3: whoever looks at it reads of them.
  public static func patients(_ message: [UInt8]) -> [String] {
    guard let read = HL7Message(message) else { return [] }
    let envelope = Envelope(read)
    return read.segments("PID").compactMap { pid in
      PatientNumber.naming(PatientNumber.all(pid.field(3), of: envelope))?.patientSubject
    }
  }

  /// No control, and nothing that changes the direction of what stands beside it.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
    default: scalar != "\u{FFFD}"
    }
  }
}
