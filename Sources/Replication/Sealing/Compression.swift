import CZstd

/// Makes one Zstandard frame (RFC 8878) of bytes that come piece by piece.
package final class Compression {
  private let context: OpaquePointer
  private var block = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())

  /// The level at which a core compresses faster than a network of a hospital carries.
  package static let fast: Int32 = 1

  package init(level: Int32 = ZSTD_CLEVEL_DEFAULT) throws(SealFailure) {
    guard let context = ZSTD_createCCtx() else { throw .cannotSeal("no memory") }
    self.context = context
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
  }

  deinit { ZSTD_freeCCtx(context) }

  /// Adds to `output` what is compressed so far; with `isLast`, all of it, and the end of the frame.
  package func take(_ bytes: [UInt8], isLast: Bool = false, into output: inout [UInt8]) throws(SealFailure) {
    var read = 0
    var isDone = false
    while !isDone {
      let (left, filled) = bytes.withUnsafeBytes { source in
        block.withUnsafeMutableBytes { target in
          var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: read)
          var result = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          let left = ZSTD_compressStream2(context, &result, &input, isLast ? ZSTD_e_end : ZSTD_e_continue)
          read = input.pos
          return (left, result.pos)
        }
      }
      guard ZSTD_isError(left) == 0 else {
        throw .cannotSeal("Zstandard refused: \(String(cString: ZSTD_getErrorName(left)))")
      }
      output += block[..<filled]
      isDone = isLast ? left == 0 : read == bytes.count
    }
  }
}

/// Reads one Zstandard frame that comes piece by piece, with memory for its window (at most 8 MiB) and one block.
final class Decompression {
  private static let windowLogMax: Int32 = 23

  private let context: OpaquePointer
  private var input: [UInt8] = []
  private var read = 0
  /// The last block filled its room: there may be more to come of the same input.
  private var isFull = false
  private(set) var isAtEnd = false

  init() throws(SealFailure) {
    guard let context = ZSTD_createDCtx() else { throw .malformed("no memory to read it") }
    self.context = context
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLogMax)
  }

  deinit { ZSTD_freeDCtx(context) }

  /// The next compressed bytes, once `next` has given nil.
  func take(_ bytes: [UInt8]) {
    input = bytes
    read = 0
  }

  /// The next plain bytes, at most 128 KiB; nil where more compressed ones are needed.
  func next() throws(SealFailure) -> [UInt8]? {
    guard !isAtEnd else {
      guard read == input.count else { throw .malformed("something follows what was compressed") }
      return nil
    }
    guard read < input.count || isFull else { return nil }
    var left = 0
    let block = [UInt8](unsafeUninitializedCapacity: ZSTD_DStreamOutSize()) { target, filled in
      input.withUnsafeBytes { source in
        var pending = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: read)
        var result = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        left = ZSTD_decompressStream(context, &result, &pending)
        read = pending.pos
        filled = result.pos
      }
    }
    guard ZSTD_isError(left) == 0 else { throw .malformed("it cannot be decompressed") }
    isAtEnd = left == 0
    isFull = block.count == ZSTD_DStreamOutSize()
    return block
  }
}
