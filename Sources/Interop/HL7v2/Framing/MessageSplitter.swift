/// Cuts a stream of bytes into HL7 v2 messages, piece by piece as it comes: MLLP blocks, or messages one after
/// another with CR, LF or CRLF between segments. What stands between them is passed over.
///
/// A message is given as its segments joined by CR, which is also what its name is hashed over.
public struct MessageSplitter: Sendable {
  public enum Piece: Sendable, Equatable {
    case message([UInt8])
    /// A block, or a whole stream, without a message in it.
    case notHL7(bytes: Int)
    /// Longer than `messageBytesMax`: passed over up to the next message. Holds its first segment.
    case tooLong(head: [UInt8])
  }

  public static let messageBytesMax = 1 << 19

  private let messageBytesMax: Int
  private var line: [UInt8] = []
  private var message: [UInt8] = []
  private var isTooLong = false
  private var isLineCut = false
  private var isInBlock = false
  /// Bytes of noise since the last message or block began.
  private var noise = 0
  private var hasFound = false
  private var hasFoundInBlock = false

  public init(messageBytesMax: Int = MessageSplitter.messageBytesMax) {
    self.messageBytesMax = messageBytesMax
  }

  private enum Byte {
    static let blockStart: UInt8 = 0x0B
    static let blockEnd: UInt8 = 0x1C
    static let cr: UInt8 = 0x0D
    static let lf: UInt8 = 0x0A
  }

  /// Takes the next bytes of the stream, and hands over the messages that they complete.
  public mutating func feed(_ bytes: some Collection<UInt8>, _ take: (Piece) -> Void) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { feed($0, take) }
    if done == nil { Array(bytes).withUnsafeBufferPointer { feed($0, take) } }
  }

  private mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ take: (Piece) -> Void) {
    var start = 0
    for index in bytes.indices {
      let byte = bytes[index]
      guard byte <= Byte.blockEnd else { continue }
      guard byte == Byte.cr || byte == Byte.lf || byte == Byte.blockStart || byte == Byte.blockEnd else { continue }
      extend(bytes[start..<index])
      start = index + 1
      endLine(take)
      switch byte {
      case Byte.blockStart:
        endBlock(take)
        isInBlock = true
      case Byte.blockEnd: endBlock(take)
      default: break
      }
    }
    extend(bytes[start...])
  }

  /// The stream has ended: what stands there without its end is a message too. Not for a broken connection, whose last
  /// block nobody must act upon.
  public mutating func finish(_ take: (Piece) -> Void) {
    endLine(take)
    endBlock(take)
    if !hasFound, noise > 0 { take(.notHL7(bytes: noise)) }
    self = MessageSplitter(messageBytesMax: messageBytesMax)
  }

  private mutating func extend(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
    guard line.count + bytes.count <= messageBytesMax else {
      // Enough of it to know its beginning by.
      line.append(contentsOf: bytes.prefix(max(0, min(256, messageBytesMax) - line.count)))
      isLineCut = true
      return
    }
    line.append(contentsOf: bytes)
  }

  private mutating func endLine(_ take: (Piece) -> Void) {
    defer {
      line.removeAll(keepingCapacity: true)
      isLineCut = false
    }
    if line.first == 0xEF, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    // One that was cut short, and the next behind it on the same line: nothing that was received is lost.
    while let next = MessageSplitter.gluedHeader(in: line) {
      let rest = Array(line[next...])
      line.removeSubrange(next...)
      takeLine(take)
      line = rest
    }
    takeLine(take)
  }

  private mutating func takeLine(_ take: (Piece) -> Void) {
    guard !line.isEmpty else { return }
    if let start = MessageSplitter.headerStart(in: line) {
      endMessage(take)
      message.append(contentsOf: line[start...])
      isTooLong = isLineCut
      (hasFound, hasFoundInBlock, noise) = (true, true, 0)
    } else if MessageSplitter.isBatchSegment(line) {
      endMessage(take)
    } else if message.isEmpty {
      noise += line.count
    } else if isLineCut || message.count + line.count + 1 > messageBytesMax {
      isTooLong = true
    } else if !isTooLong {
      message.append(Byte.cr)
      message.append(contentsOf: line)
    }
  }

  private mutating func endMessage(_ take: (Piece) -> Void) {
    guard !message.isEmpty else { return }
    take(isTooLong ? .tooLong(head: Array(message.prefix { $0 != Byte.cr })) : .message(message))
    message.removeAll(keepingCapacity: true)
    isTooLong = false
  }

  private mutating func endBlock(_ take: (Piece) -> Void) {
    endMessage(take)
    if isInBlock, !hasFoundInBlock {
      take(.notHL7(bytes: noise))
      (hasFound, noise) = (true, 0)
    }
    isInBlock = false
    hasFoundInBlock = false
  }

  /// Where `MSH` and a separator stand at the beginning of the line, blanks aside.
  private static func headerStart(in line: [UInt8]) -> Int? {
    guard let start = line.firstIndex(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0 }) else { return nil }
    guard line[start...].starts(with: "MSH".utf8) else { return nil }
    guard start + 3 < line.count else { return start }
    return Delimiters.isUsable(line[start + 3]) ? start : nil
  }

  private static let usualHeader = Array("MSH|^~\\&".utf8)

  /// Where another header, with the usual delimiters, stands within the line: text has them escaped.
  private static func gluedHeader(in line: [UInt8]) -> Int? {
    guard line.count > usualHeader.count else { return nil }
    let first = headerStart(in: line) ?? 0
    for place in (first + 1)..<line.count where line[place] == usualHeader[0] {
      if line[place...].starts(with: usualHeader) { return place }
    }
    return nil
  }

  /// File and batch headers and trailers, which belong to no message.
  private static func isBatchSegment(_ line: [UInt8]) -> Bool {
    guard line.count >= 3, line.count == 3 || Delimiters.isUsable(line[3]) else { return false }
    return (line[0] == UInt8(ascii: "F") || line[0] == UInt8(ascii: "B"))
      && (line[1] == UInt8(ascii: "H") || line[1] == UInt8(ascii: "T")) && line[2] == UInt8(ascii: "S")
  }
}
