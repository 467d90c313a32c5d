extension JSONReader {
  /// Up to this many members a key is compared with each one before it; beyond, all keys are sorted once, so
  /// that a hostile object of 100,000 keys costs no more than its length.
  static let membersComparedOneByOne = 24

  mutating func object(level: Int) throws(JSONFailure) -> JSONObject {
    guard level <= Self.levelsMax else { throw failure(.tooDeep) }
    at += 1
    var members: [(key: String, value: JSON)] = []
    if try peek() == UInt8(ascii: "}") {
      at += 1
      return JSONObject(members)
    }
    members.reserveCapacity(8)
    while true {
      guard try peek() == UInt8(ascii: "\"") else { throw failure(.unexpectedByte) }
      let keyStart = at
      at += 1
      let key = try string()
      if members.count < Self.membersComparedOneByOne {
        for member in members where member.key.sameBytes(as: key) {
          throw JSONFailure(.duplicateKey, offset: keyStart)
        }
      }
      guard try peek() == UInt8(ascii: ":") else { throw failure(.unexpectedByte) }
      at += 1
      members.append((key, try value(level: level + 1)))
      switch try peek() {
      case UInt8(ascii: ","): at += 1
      case UInt8(ascii: "}"):
        let object = JSONObject(members)
        if members.count > Self.membersComparedOneByOne, object.hasDuplicateKeys { throw failure(.duplicateKey) }
        at += 1
        return object
      default: throw failure(.unexpectedByte)
      }
    }
  }
}
