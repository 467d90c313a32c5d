import Hospital
import Ledger

extension Acknowledgement {
  /// MSA-2, which must be there, where no number could be read. One of ours might be that of another message of theirs.
  private static let unread = "UNKNOWN"

  /// The bytes of the answer to `envelope`, segments ended by CR, without MLLP's framing.
  ///
  /// - Parameters:
  ///   - control: the answer's own number (MSH-10).
  ///   - charset: what this partner reads; what it lacks is transliterated, and counted in `lost`.
  public func bytes(
    answering envelope: Envelope, control: String, at instant: Instant, _ localTime: LocalTime, in charset: Charset
  ) -> (bytes: [UInt8], lost: Int) {
    let write = Delimiters.standard.escaping
    let type = "ACK^\(write(envelope.trigger))^ACK"
    // Ours and theirs change places; the version is the one that they speak.
    let header = [
      "MSH", "^~\\&", write(envelope.receivingApplication), write(envelope.receivingFacility),
      write(envelope.sendingApplication), write(envelope.sendingFacility), localTime.hl7Text(instant), "", type,
      write(control), envelope.processing.isEmpty ? "P" : write(envelope.processing),
      envelope.version.isEmpty ? "2.5" : HL7Field.visible(envelope.version), "", "", "", "",
      envelope.isFrench ? "FRA" : "",
      charset.rawValue,
    ]
    let answered = envelope.control.isEmpty ? Acknowledgement.unread : write(envelope.control)
    var segments = [header, ["MSA", code.rawValue, answered]]
    for remark in remarks {
      let condition = "\(remark.condition)^\(Acknowledgement.name(of: remark.condition))^HL70357"
      segments.append([
        "ERR", "", remark.location, condition, remark.isWarning ? "W" : "E", "", "", "", write(remark.text),
      ])
    }
    let text = segments.map { $0.joined(separator: "|") + "\r" }.joined()
    return charset.encode(text)
  }

  private static func name(of condition: Int) -> String {
    switch condition {
    case 0: "Message accepted"
    case 100: "Segment sequence error"
    case 101: "Required field missing"
    case 102: "Data type error"
    case 103: "Table value not found"
    case 200: "Unsupported message type"
    case 201: "Unsupported event code"
    case 202: "Unsupported processing id"
    case 203: "Unsupported version id"
    case 204: "Unknown key identifier"
    case 205: "Duplicate key identifier"
    case 206: "Application record locked"
    default: "Application internal error"
    }
  }
}
