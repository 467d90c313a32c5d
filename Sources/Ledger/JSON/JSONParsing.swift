extension JSON {
  /// Reads one value strictly: what format 1 refuses throws, naming the rule and the byte.
  public init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONFailure) {
    self = try JSONReader.read(bytes)
  }

  public init(parsing bytes: [UInt8]) throws(JSONFailure) {
    self = try bytes.withUnsafeBufferPointer { buffer throws(JSONFailure) in try JSONReader.read(buffer) }
  }

  public init(parsing bytes: ArraySlice<UInt8>) throws(JSONFailure) {
    self = try bytes.withUnsafeBufferPointer { buffer throws(JSONFailure) in try JSONReader.read(buffer) }
  }

  public init(parsing text: String) throws(JSONFailure) {
    try self.init(parsing: Array(text.utf8))
  }
}
