import Hospital
import Ledger

extension MessageTranslation {
  /// What goes with a stay beside its movements. What no state has a name for is kept under HL7's own, field by field,
  /// so that an empty field says nothing and `""` erases.
  mutating func sayDetails(in data: inout JSONObject) {
    for segment in message.segments {
      switch segment.name {
      case "PV1": sayVisit(segment, in: &data)
      case "PV2":
        data.say("reason", segment.field(3).component(2).string ?? segment.field(3).string)
        keep(segment, except: [3], in: &data)
      case "ZFM":
        data.say("entryMode", segment.field(1))
        data.say("exitMode", segment.field(2))
        data.say("provenance", segment.field(3))
        data.say("destination", segment.field(4))
        keep(segment, except: [1, 2, 3, 4], in: &data)
      case "ZBE": keep(segment, except: [1, 2, 4, 5, 6, 7, 8, 9], in: &data)
      case "ZFA", "ZFP", "ZFV": keep(segment, except: [], in: &data)
      default: break
      }
    }
    sayLists(message.segments, in: &data)
  }

  private mutating func sayVisit(_ pv1: HL7Segment, in data: inout JSONObject) {
    data.say("preadmissionNumber", pv1.field(5).component(1))
    if let referring = Practitioner(pv1.field(8)) { data.put("referring", referring.json) }
    if let attending = Practitioner(pv1.field(7)) { data.put("attending", attending.json) }
    // PV1-45 is copied from nothing: the discharge is the A03 movement.
    keep(pv1, except: [1, 2, 3, 5, 7, 8, 19, 44, 45], in: &data)
  }

  mutating func keep(_ segment: HL7Segment, except known: [Int], in data: inout JSONObject) {
    for member in fields(of: segment, except: known).members { data.put(member.key, member.value) }
  }

  /// The filled fields by name, `PV2-7`, as HL7 writes them.
  mutating func fields(of segment: HL7Segment, except known: [Int]) -> JSONObject {
    var object = JSONObject()
    guard segment.last >= 1 else { return object }
    for number in 1...min(segment.last, MessageTranslation.fieldsMax) where !known.contains(number) {
      let field = segment.field(number)
      guard !field.isEmpty else { continue }
      let name = segment.name.field(number)
      if field.isErased {
        object.append(name, .null)
      } else if field.end - field.start > MessageTranslation.fieldBytesMax {
        warn(.fieldTooLong(name))
      } else if let text = field.standardText {
        object.append(name, .string(HL7Field.visible(text)))
      }
    }
    if segment.last > MessageTranslation.fieldsMax {
      let beyond = (MessageTranslation.fieldsMax + 1...segment.last).count { !segment.field($0).isEmpty }
      if beyond > 0 { fieldsLeftOut[segment.name, default: 0] += beyond }
    }
    return object
  }

  /// Adds a segment's fields to a list that has an end.
  /// - Returns: whether there was room.
  @discardableResult
  mutating func keep(_ segment: HL7Segment, in list: inout [JSONObject]) -> Bool {
    guard list.count < MessageTranslation.segmentsMax else {
      segmentsLeftOut[segment.name, default: 0] += 1
      return false
    }
    list.append(fields(of: segment, except: [1]))
    return true
  }

  static let fieldBytesMax = 4096
  static let fieldsMax = 80
  static let segmentsMax = 50
}
