import Hospital
import Interop
import Ledger
import Spoken
import Testing

/// 1,013 messages of an English hospital: no PAM, and taken all the same.
@Suite(.enabled(if: Corpus.isThere))
struct SimulatedHospitalTests {
  @Test func outcomes() throws {
    var counts: [String: Int] = [:]
    var facts: [MessageFacts] = []
    for incoming in try Corpus.translated(Corpus.bytes("hl7-simhospital/messages.out")) {
      switch incoming.translated {
      case .facts(let taken):
        counts[taken.trigger, default: 0] += 1
        facts.append(taken)
      case .ignored: counts["ignored", default: 0] += 1
      case .refused: counts["refused", default: 0] += 1
      }
    }
    #expect(counts == ["A01": 400, "A34": 1, "ignored": 612])
    let codes = Set(facts.flatMap(\.warnings).map(\.code))
    #expect(codes == ["hl7.no-zbe", "hl7.no-birth-name"])

    let known = Known(facts)
    #expect(known.stays.values.allSatisfy { $0.outline.status == .admitted && $0.outline.stayClass == .inpatient })
    #expect(known.patients.values.filter { $0.mergedInto != nil }.count == 1)
    let patients = Set(known.stays.values.compactMap(\.patient))
    #expect(patients.allSatisfy { known.patients[$0]?.birthDate?.day != nil })
  }
}
