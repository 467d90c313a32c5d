/// Cuts a connection's bytes into MLLP blocks: 0x0B, a message, 0x1C, CR (whose absence is stood). What stands between
/// blocks is passed over and counted; at most one block is held.
public struct MLLPBlocks: Sendable {
  public enum Block: Sendable, Equatable {
    case whole([UInt8])
    /// Another message began before its end came. Nobody waits for its answer.
    case unended([UInt8])
    /// Longer than allowed: its first segment.
    case tooLong(head: [UInt8])
  }

  /// Of a block that never ends, so much is passed over in the hope of its end.
  public static let endlessBytes = 16 << 20

  private let bytesMax: Int
  private var block: [UInt8] = []
  /// Bytes since the block began, kept or not.
  private var length = 0
  public private(set) var isInBlock = false
  /// Bytes between blocks, line ends aside.
  public private(set) var noiseBytes = 0

  public init(bytesMax: Int = MessageSplitter.messageBytesMax) { self.bytesMax = bytesMax }

  /// A block is beyond all bounds: whoever sends it speaks something else.
  public var isEndless: Bool { length > Self.endlessBytes }

  /// Of a block whose end did not come yet.
  public var heldBytes: Int { block.count }

  private enum Byte {
    static let start: UInt8 = 0x0B
    static let end: UInt8 = 0x1C
    static let cr: UInt8 = 0x0D
    static let lf: UInt8 = 0x0A
    static let space: UInt8 = 0x20
  }

  /// Takes the next bytes of the connection, and hands over the blocks that they end.
  public mutating func feed(_ bytes: some Collection<UInt8>, _ take: (Block) -> Void) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { feed($0[...], take) }
    if done == nil { Array(bytes).withUnsafeBufferPointer { feed($0[...], take) } }
  }

  private mutating func feed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ take: (Block) -> Void) {
    var rest = bytes
    while !rest.isEmpty {
      if isInBlock {
        let stop = rest.firstIndex(of: Byte.end) ?? rest.endIndex
        keep(rest[..<stop])
        guard stop < rest.endIndex else { return }
        rest = rest[(stop + 1)...]
        end(take)
      } else {
        let start = rest.firstIndex(of: Byte.start) ?? rest.endIndex
        noiseBytes += rest[..<start].count { $0 != Byte.cr && $0 != Byte.lf }
        guard start < rest.endIndex else { return }
        rest = rest[(start + 1)...]
        isInBlock = true
      }
    }
  }

  private mutating func keep(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
    length += bytes.count
    block.append(contentsOf: bytes.prefix(max(0, bytesMax - block.count)))
  }

  /// What there is of a block that is endless; nothing more is to be fed.
  public func givenUp() -> Block { .tooLong(head: head) }

  private var head: [UInt8] {
    Array(block.prefix { $0 != Byte.cr && $0 != Byte.lf && $0 != Byte.start })
  }

  private mutating func end(_ take: (Block) -> Void) {
    defer {
      block.removeAll(keepingCapacity: block.count < 1 << 14)
      (length, isInBlock) = (0, false)
    }
    guard length <= bytesMax else {
      take(.tooLong(head: head))
      return
    }
    // A sender that was cut off within a message begins again on the same connection.
    if let again = MLLPBlocks.restart(in: block) {
      take(.unended(Array(block[..<again])))
      block.removeSubrange(...again)
    }
    // Pasted from a word processor, it is a line break within a text.
    for place in block.indices where block[place] == Byte.start { block[place] = Byte.space }
    take(.whole(block))
  }

  /// Where the last message within a block begins, if another stands before it.
  private static func restart(in block: [UInt8]) -> Int? {
    block.indices.last { block[$0] == Byte.start && block[($0 + 1)...].starts(with: "MSH".utf8) }
  }
}
