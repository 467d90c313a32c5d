extension JSON {
  /// Throws what reading this value back would: levels, keys and integers are all that a value can have wrong once its
  /// text is right. Ten times quicker than reading it, in the one place that waits for nobody.
  func refuseUnreadable(level: Int = 1) throws(JSONFailure) {
    switch self {
    case .null, .bool, .string: break
    case .integer(let value):
      guard value.magnitude <= JSONReader.integerMax else { throw JSONFailure(.integerOutOfRange, offset: 0) }
    case .array(let elements):
      guard level <= JSONReader.levelsMax else { throw JSONFailure(.tooDeep, offset: 0) }
      for element in elements { try element.refuseUnreadable(level: level + 1) }
    case .object(let object):
      guard level <= JSONReader.levelsMax else { throw JSONFailure(.tooDeep, offset: 0) }
      for (index, member) in object.members.enumerated() {
        if index <= JSONReader.membersComparedOneByOne {
          for earlier in object.members[..<index] where earlier.key.sameBytes(as: member.key) {
            throw JSONFailure(.duplicateKey, offset: 0)
          }
        }
        try member.value.refuseUnreadable(level: level + 1)
      }
      if object.members.count > JSONReader.membersComparedOneByOne, object.hasDuplicateKeys {
        throw JSONFailure(.duplicateKey, offset: 0)
      }
    }
  }
}

extension JSONObject {
  /// Keys sorted once, so that an object of 100,000 keys costs no more than its length.
  var hasDuplicateKeys: Bool {
    let keys = members.map(\.key).sorted { $0.precedesInBytes($1) }
    return zip(keys, keys.dropFirst()).contains { $0.sameBytes(as: $1) }
  }
}
