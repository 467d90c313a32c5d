/// A stretch of a message: a field, one of its repetitions, a component or a subcomponent. Nothing is copied until
/// its string is asked for.
struct HL7Field: Sendable {
  let text: MessageText
  let start: Int
  let end: Int

  /// Empty says nothing.
  var isEmpty: Bool { start >= end }

  /// `""` erases.
  var isErased: Bool {
    end - start == 2 && text.bytes[start] == UInt8(ascii: "\"") && text.bytes[start + 1] == UInt8(ascii: "\"")
  }

  /// The first `repetitionsMax`: nobody has a hundred names, and what a list costs must have an end.
  var repetitions: [HL7Field] {
    let all = parts(by: text.delimiters.repetition)
    return all.count > HL7Field.repetitionsMax ? Array(all.prefix(HL7Field.repetitionsMax)) : all
  }
  var components: [HL7Field] { parts(by: text.delimiters.component) }
  var subcomponents: [HL7Field] { parts(by: text.delimiters.subcomponent) }

  static let repetitionsMax = 100
  var hasTooManyRepetitions: Bool {
    // Each takes two bytes at least.
    end - start > 2 * HL7Field.repetitionsMax && parts(by: text.delimiters.repetition).count > HL7Field.repetitionsMax
  }

  /// Component of the first repetition, from 1; empty beyond the last.
  func component(_ number: Int) -> HL7Field {
    part(number, by: text.delimiters.component, within: text.delimiters.repetition)
  }

  /// Subcomponent of the first component, from 1; empty beyond the last.
  func subcomponent(_ number: Int) -> HL7Field {
    part(number, by: text.delimiters.subcomponent, within: text.delimiters.component)
  }

  /// The first value in here, its escapes read, without blanks around it; nil where there is none, or `""`.
  var string: String? {
    let delimiters = text.delimiters
    var stop = start
    while stop < end {
      let byte = text.bytes[stop]
      if byte == delimiters.component || byte == delimiters.repetition || byte == delimiters.subcomponent { break }
      stop += 1
    }
    let first = HL7Field(text: text, start: start, end: stop)
    return first.isErased ? nil : first.decoded
  }

  /// All of it, with the standard delimiters in it whatever the message's own; nil where there is nothing.
  var standardText: String? {
    guard !isEmpty else { return nil }
    guard text.delimiters != .standard else { return String(decoding: text.bytes[start..<end], as: UTF8.self) }
    return repetitions.map { repetition in
      repetition.components.map { component in
        component.subcomponents.map { $0.escaped(for: .standard) }.joined(separator: "&")
      }.joined(separator: "^")
    }.joined(separator: "~")
  }

  private func parts(by separator: UInt8) -> [HL7Field] {
    guard !isEmpty else { return [] }
    var parts: [HL7Field] = []
    var from = start
    for index in start..<end where text.bytes[index] == separator {
      parts.append(HL7Field(text: text, start: from, end: index))
      from = index + 1
    }
    parts.append(HL7Field(text: text, start: from, end: end))
    return parts
  }

  private func part(_ number: Int, by separator: UInt8, within limit: UInt8) -> HL7Field {
    var from = start
    var left = number - 1
    var index = start
    while index < end {
      let byte = text.bytes[index]
      if byte == limit { break }
      if byte == separator {
        if left == 0 { break }
        left -= 1
        from = index + 1
      }
      index += 1
    }
    guard left == 0 else { return HL7Field(text: text, start: end, end: end) }
    return HL7Field(text: text, start: from, end: index)
  }
}
