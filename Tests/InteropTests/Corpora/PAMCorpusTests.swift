import Hospital
import Interop
import Ledger
import Seeded
import Spoken
import Testing

/// 105 messages of a vendor: each is taken, and whatever their order they come to the same hospital.
@Suite(.enabled(if: Corpus.isThere))
struct PAMCorpusTests {
  @Test func eachFileIsOneMessageThatIsTaken() throws {
    let files = try Corpus.pam()
    #expect(files.count == 105)
    var kinds: [String: Int] = [:]
    for (control, bytes) in files {
      let incoming = Corpus.translated(bytes)
      #expect(incoming.count == 1)
      #expect(incoming.first?.envelope.control == control)
      guard case .facts(let facts)? = incoming.first?.translated else {
        Issue.record("\(control) was not taken")
        continue
      }
      for fact in facts.facts { kinds[fact.kind, default: 0] += 1 }
    }
    // The README's counts: ZBE-4 INSERT 24 by trigger, UPDATE 21, CANCEL 1; one A47.
    #expect(
      kinds == [
        "patient.described": 105, "patient.ins-removed": 1, "stay.preadmitted": 5, "stay.admitted": 9,
        "stay.class-changed": 2, "stay.discharged": 8, "stay.movement-corrected": 21, "stay.movement-cancelled": 1,
      ])
  }

  /// The message of a wrong INS key; a discharge told before it happens, and its correction.
  @Test func warnings() throws {
    var warned: [String: [String]] = [:]
    for facts in try Corpus.pamFacts() {
      for warning in facts.warnings { warned[warning.code, default: []].append(facts.source.control) }
    }
    #expect(
      warned == [
        "hl7.ins-set-aside": ["1117925172"], "hl7.discharge-to-come": ["1117924859", "1117924877"],
      ])
  }

  @Test func everyOrderComesToTheGoldenState() throws {
    let golden = try JSON(parsing: Corpus.bytes("hl7-pam-fr/golden.json"))
    let facts = try Corpus.pamFacts()
    var random = Seeded(seed: 2022)
    var orders = [facts, facts.reversed(), facts + facts]
    for _ in 0..<10 { orders.append(facts.shuffled(using: &random)) }
    for (index, order) in orders.enumerated() {
      let known = Known(order)
      expect(known, golden, "order \(index)")
    }
  }

  private func expect(_ known: Known, _ golden: JSON, _ order: String) {
    let patients = golden["patients"]?.array ?? []
    let stays = golden["stays"]?.array ?? []
    #expect(patients.count == 61 && stays.count == 17)
    #expect(known.patients.count == patients.count, "\(order)")
    #expect(known.stays.count == stays.count, "\(order)")
    for expected in patients {
      let ipp = expected["ipp"]?.string ?? ""
      let patient = known.patients.values.first { $0.ipp(of: nil) == ipp }
      #expect(patient.map(Golden.json) == expected, "\(order): \(ipp)")
    }
    for expected in stays {
      let number = expected["number"]?.string ?? ""
      let stay = known.stays.values.first { $0.number == number }
      let ipp = stay?.patient.flatMap { known.patients[$0]?.ipp(of: nil) }
      #expect(stay.map { Golden.json($0, ipp: ipp) } == expected, "\(order): \(number)")
      #expect(stay?.otherPatients == [])
    }
  }

  /// One file of all messages, each framing, is the same as 105 files.
  @Test(arguments: ["\r", "\n", "\r\n", "MLLP"])
  func oneStream(end: String) throws {
    let separate = try Corpus.pamFacts().map(\.command)
    var stream: [UInt8] = []
    for (_, bytes) in try Corpus.pam() {
      let text = bytes.filter { $0 != 0x0A }.flatMap { end == "MLLP" || $0 != 0x0D ? [$0] : Array(end.utf8) }
      stream += end == "MLLP" ? [0x0B] + text + [0x1C, 0x0D] : text
    }
    let together = Corpus.translated(stream).compactMap { incoming in
      if case .facts(let facts) = incoming.translated { facts.command } else { nil }
    }
    #expect(together == separate)
  }

  /// Case 7: of six numbers under three OIDs, only the INS is the INS.
  @Test func onlyTheINSIsTheINS() throws {
    let patient = try #require(Known(Corpus.pamFacts()).patients.values.first { $0.ipp(of: nil) == "000059236179" })
    #expect(patient.ins == INS(matricule: "296032116623634", oid: "1.2.250.1.213.1.4.8"))
    #expect(patient.identifiers.map(\.type).sorted() == ["", "", "INS-C", "NH", "PI"])
  }

  /// Cases 8 and 9: a confidential person, then no more; a death.
  @Test func attributesAndDeath() throws {
    let first = try Corpus.pamFacts().filter { $0.source.control <= "1117925055" }
    let hidden = try #require(Known(first).patients.values.first { $0.ipp(of: nil) == "900018121053" })
    #expect(hidden.protected)
    #expect(hidden.attributes == ["CACH"])
    let all = try Known(Corpus.pamFacts())
    let shown = try #require(all.patients.values.first { $0.ipp(of: nil) == "900018121053" })
    #expect(!shown.protected)
    #expect(shown.attributes == [])
    #expect(shown.phones == ["0380000000", "0680000000", "0682653229"])
    let dead = try #require(all.patients.values.first { $0.ipp(of: nil) == "900018124487" })
    #expect(dead.deceased)
    #expect(dead.deathAt?.text == "2017-01-01T09:13:32.000Z")
  }

  /// Four stays whose sender knows a later movement than any that came.
  @Test func gaps() throws {
    let stays = try Known(Corpus.pamFacts()).stays.values.filter { $0.outline.hasGap }
    #expect(stays.compactMap(\.number).sorted() == ["036298323", "036298356", "036298367", "036298516"])
  }
}

/// A state as `golden.json` writes it.
private enum Golden {
  static func json(_ patient: Patient) -> JSON {
    var object = JSONObject()
    func put(_ key: String, _ value: String?) {
      if let value { object.append(key, .string(value)) }
    }
    put("ipp", patient.ipp(of: nil))
    put("birthName", patient.birthName)
    put("birthGivenName", patient.birthGivenName)
    put("birthGivenNames", patient.birthGivenNames)
    put("birthDate", patient.birthDate?.text)
    put("sex", patient.sex?.rawValue)
    put("usedName", patient.usedName)
    put("identityStatus", patient.identityStatus.rawValue)
    if let ins = patient.ins { object.append("ins", ["matricule": .string(ins.matricule), "oid": .string(ins.oid)]) }
    return .object(object)
  }

  static func json(_ stay: Stay, ipp: String?) -> JSON {
    let outline = stay.outline
    var object = JSONObject()
    func put(_ key: String, _ value: String?) {
      if let value { object.append(key, .string(value)) }
    }
    put("number", stay.number)
    put("visit", stay.visit)
    put("ipp", ipp)
    put("class", outline.stayClass?.rawValue)
    put("status", outline.status.rawValue)
    put("admittedAt", outline.admittedAt.map(local))
    put("dischargedAt", outline.dischargedAt.map(local))
    var location = JSONObject()
    for (key, value) in [("unit", outline.place.unit), ("room", outline.place.room), ("bed", outline.place.bed)] {
      if let value { location.append(key, .string(value)) }
    }
    object.append("location", .object(location))
    object.append("movements", .array(stay.movements.map(json)))
    return .object(object)
  }

  private static func json(_ movement: Movement) -> JSON {
    [
      "id": .string(movement.id), "at": .string(local(movement.at)), "trigger": .string(movement.trigger),
      "unit": .string(movement.place.unit ?? movement.place.medicalUnit ?? ""),
      "nature": .string(movement.nature ?? ""), "cancelled": .bool(movement.cancelled),
    ]
  }

  /// Paris, for the hours in this corpus: summer time until 26 October 2025, 1:00 UTC, and in July 2012.
  private static func local(_ instant: Instant) -> String {
    let text = instant.text
    let isSummer =
      text.hasPrefix("2012-07") || text.hasPrefix("2025-10") && text < "2025-10-26T01:00:00.000Z"
    return String(instant.adding(seconds: isSummer ? 7200 : 3600).text.dropLast(5))
  }
}
